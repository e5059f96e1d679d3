"""The questions before the list of schools, and the list itself, as forms."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from leadgen.geo.zips import Place, ZipError
from leadgen.guides.loader import list_programs
from leadgen.guides.program import Program
from leadgen.intake.answers import Answers
from leadgen.matching.criteria import DEFAULT_RADIUS_MILES, FARTHEST_MILES, NEAREST_MILES, FormatWish
from leadgen.models import Credential, Education
from leadgen.web.prospect.meant import find_meant, list_meanings
from leadgen.web.translate import find_language, lazy_gettext, say_error

ANY = "any"
RADII = (NEAREST_MILES, 25, 50, 100, FARTHEST_MILES)

CREDENTIALS: dict[str, str] = {
    ANY: lazy_gettext("No preference"),
    Credential.certificate: lazy_gettext("Certificate"),
    Credential.diploma: lazy_gettext("Diploma"),
    Credential.associate: lazy_gettext("Associate degree"),
}
FORMATS: dict[str, str] = {
    FormatWish.campus: lazy_gettext("On a campus, at least part of the time"),
    FormatWish.online: lazy_gettext("Online only"),
    FormatWish.any: lazy_gettext("Either one"),
}
DISTANCES = {str(miles): lazy_gettext("Up to %(miles)s miles", miles=miles) for miles in RADII} | {
    ANY: lazy_gettext("Any distance")
}
EDUCATION: dict[str, str] = {
    Education.high_school: lazy_gettext("High-school diploma"),
    Education.ged: lazy_gettext("GED or another high-school equivalency"),
    Education.none: lazy_gettext("Neither of these yet"),
}


def choices(labels: dict[str, str]) -> list[SelectChoice]:
    """Options of a field from values and what she reads."""
    return [SelectChoice(str(value), label) for value, label in labels.items()]


def radios(label: str, labels: dict[str, str], missing: str) -> RadioField:
    """One choice of several. ``missing`` says what to do where none, or none of ours, came."""
    return RadioField(label, [InputRequired(missing)], choices=choices(labels), invalid_choice_message=missing)


def ticks(label: str, labels: dict[str, str], *, missing: str = "", description: str = "") -> SelectMultipleField:
    """Any number of ticks; at least one where ``missing`` says what to do without."""
    return SelectMultipleField(
        label,
        [DataRequired(missing)] if missing else [],
        choices=choices(labels),
        description=description,
        invalid_choice_message=missing or lazy_gettext("Choose from the list"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class Questions(FlaskForm):  # type: ignore[misc]
    """A form of the inquiry. Its token was checked before the view, as every post's is."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class GoalsForm(Questions):
    """What she wants to learn, and what she wants to have at the end."""

    program = SelectField(
        lazy_gettext("Program"), invalid_choice_message=lazy_gettext("Choose a program from the list")
    )
    credential = radios(
        lazy_gettext("Which award would you like?"), CREDENTIALS, lazy_gettext("Choose an award, or no preference")
    )
    certifications = SelectMultipleField(
        lazy_gettext("Should the program prepare you for a certification?"),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def fill(self, answers: Answers, program: Program) -> None:
        """Offer every program, and the certifications of ``program``; show the answers so far on a GET."""
        self.program.choices = choices({each.slug: each.title for each in list_programs(find_language())})
        self.certifications.choices = choices(
            {each.code: f"{each.code}: {each.name}" for each in program.certifications}
        )
        if not self.is_submitted():
            self.program.data = answers.program
            self.credential.data = answers.credential or ANY
            self.certifications.data = list(answers.certifications)


class PlaceForm(Questions):
    """Where she lives, and how far she would go. ``place`` is where that is, once it is valid."""

    place: Place

    zip = StringField(
        lazy_gettext("ZIP code where you live"), description=lazy_gettext("Or a city and state, like Joliet, IL.")
    )
    which = RadioField(lazy_gettext("Which place do you mean?"), [Optional()], validate_choice=False)
    format = radios(
        lazy_gettext("How would you like to study?"), FORMATS, lazy_gettext("Choose how you would like to study")
    )
    within = SelectField(
        lazy_gettext("How far would you travel to a campus?"),
        choices=choices(DISTANCES),
        invalid_choice_message=lazy_gettext("Choose a distance from the list: 10 to 250 miles, or any distance"),
    )

    def validate_zip(self, field: Field) -> None:
        try:
            self.place = find_meant(field.data or "", self.which.data or "")
        except ZipError as error:
            self.which.choices = choices(list_meanings(error))
            raise ValidationError(say_error(error)) from None

    def fill(self, answers: Answers) -> None:
        """Show the answers so far on a GET."""
        self.which.choices = []
        if not self.is_submitted():
            self.fill_in(answers)

    def fill_in(self, answers: Answers) -> None:
        """Show the answers so far."""
        self.which.choices = []
        self.zip.data = answers.zip
        self.format.data = answers.format or FormatWish.any
        self.within.data = ANY if answers.any_distance else str(answers.within_miles or DEFAULT_RADIUS_MILES)


class EligibilityForm(Questions):
    """What schools ask before they enroll anybody."""

    adult = radios(
        lazy_gettext("Are you 18 or over?"),
        {"yes": lazy_gettext("Yes"), "no": lazy_gettext("No")},
        lazy_gettext("Say whether you are 18 or over"),
    )
    education = radios(lazy_gettext("What have you finished?"), EDUCATION, lazy_gettext("Say what you have finished"))

    def fill(self, answers: Answers) -> None:
        """Show the answers so far on a GET. Nothing is chosen for her."""
        if not self.is_submitted():
            self.adult.data = None if answers.adult is None else "yes" if answers.adult else "no"
            self.education.data = answers.education or None


class SchoolsForm(Questions):
    """The ticks on the list. Only schools on the list as shown can be ticked."""

    schools = SelectMultipleField(
        lazy_gettext("Schools"),
        [DataRequired(lazy_gettext("Tick at least one school, or leave the page. Nothing has been sent"))],
        invalid_choice_message=lazy_gettext("Your list has changed since you ticked. Look through it and tick again"),
    )

    def fill(self, listed: Sequence[str], ticked: Sequence[str]) -> None:
        """Offer the schools on the list; show her ticks so far on a GET."""
        self.schools.choices = [SelectChoice(school) for school in listed]
        if not self.is_submitted():
            self.schools.data = list(ticked)
