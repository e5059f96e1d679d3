"""Who she is, and for each ticked school the ways in which it may reach her."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, Field, SelectField, SelectMultipleField, StringField, TelField
from wtforms.validators import ValidationError

from leadgen.intake.answers import Answers, Person, ShownSchool
from leadgen.intake.consent import CHANNEL_WORDS
from leadgen.models import Channel
from leadgen.web.prospect.forms import Questions, choices, ticks
from leadgen.web.prospect.narrow import LIST
from leadgen.web.translate import Later, gettext, lazy_gettext

CONTACT_TIMES = {
    "morning": lazy_gettext("Mornings"),
    "afternoon": lazy_gettext("Afternoons"),
    "evening": lazy_gettext("Evenings"),
    "weekend": lazy_gettext("Weekends"),
}
CHANNELS: dict[str, str] = {
    channel: lazy_gettext("by %(way)s", way=Later(gettext, words)) for channel, words in CHANNEL_WORDS.items()
}
BEST_WAYS: dict[str, str] = {"": lazy_gettext("No preference")} | {
    channel: lazy_gettext("By %(way)s", way=Later(gettext, words)) for channel, words in CHANNEL_WORDS.items()
}
# in which schools speak with her
SPEAKS = {"": lazy_gettext("No preference"), "en": lazy_gettext("English"), "es": lazy_gettext("Spanish")}
PREFIX = "channels-"
LONGEST_NAME = 100

NO_NAME = lazy_gettext("Enter your full name")
NO_EMAIL = lazy_gettext("Enter an email address, like name@example.com")
NO_PHONE = lazy_gettext("Enter a US phone number with its area code, like 312-555-0142")


# white space, control characters, and marks that turn the direction of what follows (Unicode, annex 9)
_NOT_KEPT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")


def tidy(text: str | None) -> str:
    """One line that reads in one direction: runs of white space and control characters become one space each."""
    return _NOT_KEPT.sub(" ", text or "").strip()


def read_phone(text: str) -> str | None:
    """A US number with its area code in E.164 form, or None where it cannot be one."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    # a number that can be dialed within its own area alone is no use to a school elsewhere
    whole = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    possible = whole and number.country_code == 1 and not number.extension
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else None


def read_email(text: str) -> str:
    """The address in its normal form. Raises ValidationError where it cannot be one."""
    try:
        # our letters go through relays that take ASCII before the @ only
        return str(validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized)
    except EmailNotValidError:
        raise ValidationError(NO_EMAIL) from None


class DetailsForm(Questions):
    """The fields that hold for every school, and one field of channels for each of ``schools``. Those carry the
    school's id, so that a page left open in another tab cannot give one school what she allowed another."""

    name = StringField(lazy_gettext("Full name"), filters=[tidy])
    email = EmailField(
        lazy_gettext("Email address"),
        filters=[tidy],
        description=lazy_gettext("We send you a link to a page where you see who has your details, and can withdraw."),
    )
    phone = TelField(
        lazy_gettext("Phone number"),
        filters=[tidy],
        description=lazy_gettext("Needed only if you let a school call or text you, below."),
    )
    contact_times = ticks(
        lazy_gettext("When is a good time to reach you?"),
        CONTACT_TIMES,
        description=lazy_gettext("Tick as many as you like, or none."),
    )
    prefers = SelectField(
        lazy_gettext("Which way suits you best?"), choices=choices(BEST_WAYS), default="", invalid_choice_message=LIST
    )
    language = SelectField(
        lazy_gettext("Which language would you like to speak with them?"),
        choices=choices(SPEAKS),
        default="",
        invalid_choice_message=LIST,
    )
    referral = StringField(lazy_gettext("Leave this box empty"))

    _unbound_fields: list[tuple[str, Any]]  # what WTForms makes the fields of a form from

    def __init__(self, schools: Sequence[ShownSchool]) -> None:
        ways = [(f"{PREFIX}{school.school_id}", _ask_ways(school.name)) for school in schools]
        self._unbound_fields = [*self._unbound_fields, *ways]
        super().__init__()

    def validate_name(self, field: Field) -> None:
        if not any(letter.isalpha() for letter in field.data):
            raise ValidationError(NO_NAME)
        if len(field.data) > LONGEST_NAME:
            raise ValidationError(
                gettext("Shorten your name to %(longest_name)s characters or fewer", longest_name=LONGEST_NAME)
            )

    def validate_email(self, field: Field) -> None:
        field.data = read_email(field.data)

    def validate_phone(self, field: Field) -> None:
        if field.data and read_phone(field.data) is None:
            raise ValidationError(NO_PHONE)
        if not field.data and any(self._asks_phone(ways) for ways in self.list_channels().values()):
            raise ValidationError(
                gettext("%(no_phone)s, or untick phone call and text message for every school", no_phone=NO_PHONE)
            )

    @property
    def by_school(self) -> Iterator[Field]:
        """The fields of channels, in the order of her list."""
        return (field for field in self if field.name.startswith(PREFIX))

    def list_channels(self) -> dict[str, list[str]]:
        """The ways she ticked, by school."""
        return {field.name.removeprefix(PREFIX): list(field.data or ()) for field in self.by_school}

    def write_person(self) -> Person:
        """The person as the draft keeps her. Call it on a form that passed."""
        times = list(self.contact_times.data or ())
        phone = read_phone(self.phone.data) or ""
        wishes = (self.prefers.data or "", self.language.data or "")
        return Person(self.name.data, self.email.data, phone, self.phone.data, times, *wishes)

    def fill(self, answers: Answers) -> None:
        """Show the answers so far on a GET. No way is ticked for her."""
        if self.is_submitted():
            return
        person = answers.person
        self.name.data, self.email.data, self.phone.data = person.name, person.email, person.phone_typed
        self.contact_times.data = list(person.contact_times)
        self.prefers.data, self.language.data = person.prefers, person.language
        for field in self.by_school:
            field.data = list(answers.channels.get(field.name.removeprefix(PREFIX), ()))

    @staticmethod
    def _asks_phone(ways: Sequence[str]) -> bool:
        return Channel.call in ways or Channel.text in ways


def _ask_ways(school: str) -> SelectMultipleField:
    label = gettext("%(school)s may contact me", school=school)
    return ticks(label, CHANNELS, description=gettext("Tick no box, and this school is off your list."))
