"""Further wishes, for who wants a shorter list: cost, length, classes, start, language. Nothing here is required."""

import re

from flask import render_template
from wtforms import Field, SelectField, StringField
from wtforms.validators import ValidationError

from leadgen.extensions import limiter
from leadgen.intake.answers import Answers
from leadgen.intake.draft import OpenDraft
from leadgen.models import Schedule
from leadgen.web.access import Audience, audience
from leadgen.web.page import write_months
from leadgen.web.prospect.forms import Questions, choices, ticks
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, bp, needs_draft, search_again
from leadgen.web.transaction import writes
from leadgen.web.translate import Later, gettext, lazy_gettext

NO_LIMIT = ""
LENGTHS = {NO_LIMIT: lazy_gettext("Any length")} | {
    str(each): lazy_gettext("Up to %(each)s", each=Later(write_months, each)) for each in (3, 6, 9, 12, 18, 24)
}
STARTS = {NO_LIMIT: lazy_gettext("Any start date")} | {
    str(each): lazy_gettext("Within %(each)s", each=Later(write_months, each)) for each in (1, 2, 3, 6, 12)
}
CLASSES: dict[str, str] = {
    Schedule.day: lazy_gettext("In the daytime"),
    Schedule.evening: lazy_gettext("In the evening"),
    Schedule.weekend: lazy_gettext("On weekends"),
    Schedule.self_paced: lazy_gettext("At my own pace"),
}
# those that most people in the United States speak at home, as the Census counts them
SPOKEN = {
    "English": lazy_gettext("English"),
    "Spanish": lazy_gettext("Spanish"),
    "Chinese": lazy_gettext("Chinese"),
    "Tagalog": lazy_gettext("Tagalog"),
    "Vietnamese": lazy_gettext("Vietnamese"),
    "Arabic": lazy_gettext("Arabic"),
    "French": lazy_gettext("French"),
    "Korean": lazy_gettext("Korean"),
    "Portuguese": lazy_gettext("Portuguese"),
    "Russian": lazy_gettext("Russian"),
    "Haitian Creole": lazy_gettext("Haitian Creole"),
}
LANGUAGES = {NO_LIMIT: lazy_gettext("No preference")} | SPOKEN
MOST_DOLLARS = 1_000_000
LIST = lazy_gettext("Choose from the list")


class NarrowForm(Questions):
    """What would shorten the list."""

    max_cost = StringField(
        lazy_gettext("At most how much in all?"), description=lazy_gettext("Whole dollars, like 12,000.")
    )
    max_months = SelectField(
        lazy_gettext("How long may it take?"), choices=choices(LENGTHS), invalid_choice_message=LIST
    )
    schedules = ticks(
        lazy_gettext("When would you like classes?"),
        CLASSES,
        description=lazy_gettext("Tick all that would do: a school needs only one of them."),
    )
    start_within = SelectField(
        lazy_gettext("When would you like to start?"), choices=choices(STARTS), invalid_choice_message=LIST
    )
    language = SelectField(
        lazy_gettext("Taught in which language?"), choices=choices(LANGUAGES), invalid_choice_message=LIST
    )

    def validate_max_cost(self, field: Field) -> None:
        read_dollars(field.data or "")

    def fill(self, answers: Answers) -> None:
        """Show the answers so far on a GET."""
        if not self.is_submitted():
            self.max_cost.data = "" if answers.max_cost_usd is None else f"{answers.max_cost_usd:,}"
            self.max_months.data = str(answers.max_months or NO_LIMIT)
            self.schedules.data = list(answers.schedules)
            self.start_within.data = str(answers.start_within_months or NO_LIMIT)
            self.language.data = answers.language

    def keep(self, answers: Answers) -> None:
        """Write down what she chose."""
        answers.max_cost_usd = read_dollars(self.max_cost.data or "")
        answers.max_months = int(self.max_months.data) if self.max_months.data else None
        answers.schedules = list(self.schedules.data or ())
        answers.start_within_months = int(self.start_within.data) if self.start_within.data else None
        answers.language = self.language.data or ""


def read_dollars(typed: str) -> int | None:
    """Whole dollars as people write them: ``12000``, ``12,000``, ``$12,000``. None for nothing.

    Raises ValidationError for anything else."""
    text = typed.strip().removeprefix("$").strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}(,\d{3})*|\d{1,7}", text, re.ASCII) or int(text.replace(",", "")) > MOST_DOLLARS:
        raise ValidationError(
            gettext(
                "Enter whole dollars up to %(most_dollars)s, like 12,000, or leave it empty",
                most_dollars=f"{MOST_DOLLARS:,}",
            )
        )
    return int(text.replace(",", ""))


@bp.get("/wishes")
@audience(Audience.everybody)
@needs_draft(Step.schools)
def narrow(draft: OpenDraft) -> Page:
    """The further wishes, as they are."""
    return _show(_ask(draft))


@bp.post("/wishes")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.schools)
def save_narrow(draft: OpenDraft) -> Page:
    """Keep them, and find schools again."""
    form = _ask(draft)
    if not form.validate():
        return _show(form), 422
    form.keep(draft.answers)
    return search_again(draft)


def _ask(draft: OpenDraft) -> NarrowForm:
    form = NarrowForm()
    form.fill(draft.answers)
    return form


def _show(form: NarrowForm) -> str:
    return render_template("prospect/inquiry/narrow.html", form=form)
