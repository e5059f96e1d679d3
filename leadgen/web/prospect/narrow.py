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

NO_LIMIT = ""
LENGTHS = {NO_LIMIT: "Any length"} | {str(each): f"Up to {write_months(each)}" for each in (3, 6, 9, 12, 18, 24)}
STARTS = {NO_LIMIT: "Any time"} | {str(each): f"Within {write_months(each)}" for each in (1, 2, 3, 6, 12)}
CLASSES: dict[str, str] = {
    Schedule.day: "In the daytime",
    Schedule.evening: "In the evening",
    Schedule.weekend: "On weekends",
    Schedule.self_paced: "At my own pace",
}
# those that most people in the United States speak at home, as the Census counts them
SPOKEN = (
    "English",
    "Spanish",
    "Chinese",
    "Tagalog",
    "Vietnamese",
    "Arabic",
    "French",
    "Korean",
    "Portuguese",
    "Russian",
    "Haitian Creole",
)
LANGUAGES = {NO_LIMIT: "No preference"} | {each: each for each in SPOKEN}
MOST_DOLLARS = 1_000_000
LIST = "Choose from the list"


class NarrowForm(Questions):
    """What would shorten the list."""

    max_cost = StringField("At most how much in all?", description="Whole dollars, like 12,000.")
    max_months = SelectField("How long may it take?", choices=choices(LENGTHS), invalid_choice_message=LIST)
    schedules = ticks(
        "When would you like classes?", CLASSES, description="Tick all that would do: a school needs only one of them."
    )
    start_within = SelectField("When would you like to start?", choices=choices(STARTS), invalid_choice_message=LIST)
    language = SelectField("Taught in which language?", choices=choices(LANGUAGES), invalid_choice_message=LIST)

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
        raise ValidationError(f"Enter whole dollars up to {MOST_DOLLARS:,}, like 12,000, or leave it empty")
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
