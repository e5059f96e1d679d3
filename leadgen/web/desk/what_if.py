"""What if somebody asked for this: every offering of a program against criteria that staff type."""

from flask import render_template, request
from wtforms import DateField, Form, IntegerField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.geo.towns import find_typed, say_town
from leadgen.geo.zips import Place, ZipError
from leadgen.guides.loader import list_programs
from leadgen.matching.course import SCHEDULE_WORDS
from leadgen.matching.criteria import DEFAULT_RADIUS_MILES, Criteria, FormatWish
from leadgen.matching.explain import explain_all
from leadgen.models import Credential, Education
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.every_rule import show_every_rule
from leadgen.web.translate import lazy_gettext, say_error

ANY = "any"
FORMATS: dict[str, str] = {
    FormatWish.any: lazy_gettext("Campus or online"),
    FormatWish.campus: lazy_gettext("Campus or hybrid"),
    FormatWish.online: lazy_gettext("Online"),
}
RADII = {str(miles): lazy_gettext("Within %(miles)s miles", miles=miles) for miles in (10, 25, 50, 100, 250)} | {
    ANY: lazy_gettext("At any distance")
}
CREDENTIALS = {"": lazy_gettext("Any credential")} | {each: each.capitalize() for each in Credential}
EDUCATION: dict[str, str] = {
    "": lazy_gettext("Schooling not asked"),
    Education.none: lazy_gettext("No diploma"),
    Education.ged: "GED",
    Education.high_school: lazy_gettext("High-school diploma"),
}
OLDEST, DEAREST, LONGEST = 120, 1_000_000, 120


def _choose(label: str, options: dict[str, str], default: str = "") -> SelectField:
    made = [SelectChoice(str(value), words) for value, words in options.items()]
    return SelectField(
        label,
        default=default,
        choices=made,
        invalid_choice_message=lazy_gettext("%(label)s: choose from the list", label=label),
    )


def _count(label: str, most: int) -> IntegerField:
    return IntegerField(
        label,
        [
            Optional(),
            NumberRange(
                0, most, lazy_gettext("%(label)s: enter a number from 0 to %(most)s", label=label, most=f"{most:,}")
            ),
        ],
    )


class WhatIfForm(Form):  # type: ignore[misc]
    """Criteria in the address: they are nobody's."""

    place: Place

    program = SelectField(
        lazy_gettext("Program"), invalid_choice_message=lazy_gettext("Choose a program from the list")
    )
    zip = StringField(
        lazy_gettext("ZIP code, or city and state"),
        [InputRequired(lazy_gettext("Enter a ZIP code of five digits, like 60601"))],
    )
    format = _choose(lazy_gettext("Format"), FORMATS, FormatWish.any)
    within = _choose(lazy_gettext("Distance"), RADII, str(DEFAULT_RADIUS_MILES))
    credential = _choose(lazy_gettext("Credential"), CREDENTIALS)
    certifications = StringField(lazy_gettext("Certifications, like CPC, CCS"), [Length(max=120)])
    age = _count(lazy_gettext("Age"), OLDEST)
    education = _choose(lazy_gettext("Schooling"), EDUCATION)
    max_months = _count(lazy_gettext("Months at most"), LONGEST)
    max_cost = _count(lazy_gettext("Dollars at most"), DEAREST)
    schedules = SelectMultipleField(
        lazy_gettext("Class times"), choices=[SelectChoice(*each) for each in SCHEDULE_WORDS.items()]
    )
    start_by = DateField(lazy_gettext("Starts by"), [Optional()])
    language = StringField(lazy_gettext("Taught in"), [Length(max=40)])

    def validate_zip(self, field: StringField) -> None:
        """A place that we know, by ZIP code or by name, as prospects may type it."""
        try:
            self.place = find_typed(field.data)
        except ZipError as error:
            meant = "; ".join(map(say_town, getattr(error, "choices", ())))
            words = f"{say_error(error)}: {meant}" if meant else say_error(error)
            raise ValidationError(words) from error

    def read_criteria(self) -> Criteria:
        """What is asked for; what is left empty is not."""
        return Criteria(
            program=self.program.data,
            zip=self.place.zip,
            format=FormatWish(self.format.data),
            within_miles=None if self.within.data == ANY else int(self.within.data),
            credential=Credential(self.credential.data) if self.credential.data else None,
            certifications=tuple(name.strip() for name in (self.certifications.data or "").split(",") if name.strip()),
            age=self.age.data,
            education=Education(self.education.data) if self.education.data else None,
            max_months=self.max_months.data,
            max_cost_usd=self.max_cost.data,
            schedules=tuple(self.schedules.data or ()),
            start_by=self.start_by.data,
            start_from=now(db.session).date() if self.start_by.data else None,
            language=(self.language.data or "").strip() or None,
        )


@bp.get("/what-if")
@audience(Audience.staff)
def what_if() -> str:
    """The form alone until a ZIP code is given; then every offering, narrowed as the address says."""
    asks = "zip" in request.args
    form = WhatIfForm(request.args if asks else None, program=request.args.get("program"))
    form.program.choices = [SelectChoice(each.slug, each.title) for each in list_programs()]
    if not asks or not form.validate():
        return render_template("desk/what_if.html", form=form, explanation=None)
    asked = {name: request.args.getlist(name) for name in form.data if any(request.args.getlist(name))}
    shown = show_every_rule(explain_all(db.session, form.read_criteria()))
    return render_template("desk/what_if.html", form=form, asked=asked, **shown)
