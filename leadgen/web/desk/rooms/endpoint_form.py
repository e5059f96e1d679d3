"""The forms of an endpoint: a new one, and what may be changed of one that is there."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice

from leadgen.directory.receivers import Wanted
from leadgen.models import EndpointKind, Signature, Takes
from leadgen.web.desk.rooms.forms import KeepsSeen, mark_fields
from leadgen.web.desk.rooms.words import KIND_WORDS, SIGNATURE_WORDS, TAKES_WORDS
from leadgen.web.translate import lazy_gettext


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in words.items()]


class EndpointForm(KeepsSeen, FlaskForm):  # type: ignore[misc]
    """Where an endpoint is and where it stands in the order. With ``test``, leads wait for a test of a new address."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False  # the token was checked before the view, as every post's is

    address = StringField(
        lazy_gettext("Address"),
        description=lazy_gettext("An email address, or a web address that starts with https://. A portal has none."),
    )
    position = StringField(lazy_gettext("Place in the order"), default="1", description=lazy_gettext("1 is first."))
    test = BooleanField(
        lazy_gettext("Leads wait until a test of the new address was accepted"),
        default=True,
        description=lazy_gettext("Withdrawals wait too."),
    )
    seen = HiddenField()

    @property
    def columns(self) -> list[Field]:
        return [self.address, self.position]

    def mark(self, wrong: Mapping[str, str]) -> None:
        """Put what is wrong beside its fields."""
        mark_fields(self, wrong)


class NewEndpointForm(EndpointForm):
    """All that a new endpoint needs."""

    kind = SelectField(
        lazy_gettext("Kind"),
        choices=_choices(KIND_WORDS),
        invalid_choice_message=lazy_gettext("Choose a kind from the list"),
    )
    takes = SelectField(
        lazy_gettext("Takes"),
        choices=_choices(TAKES_WORDS),
        default=Takes.everything,
        invalid_choice_message=lazy_gettext("Choose from the list"),
        description=lazy_gettext("A form takes leads alone: it has no words for a withdrawal."),
    )
    signature = SelectField(
        lazy_gettext("Signature of a webhook"),
        choices=_choices(SIGNATURE_WORDS),
        default=Signature.hmac,
        invalid_choice_message=lazy_gettext("Choose from the list"),
        description=lazy_gettext("Of a key pair the school gets the public key. Not every library checks it."),
    )

    @property
    def columns(self) -> list[Field]:
        return [self.kind, self.takes, self.address, self.signature, self.position]

    def read_wanted(self) -> Wanted:
        """The endpoint that was typed."""
        kind, takes = EndpointKind(self.kind.data), Takes(self.takes.data)
        signature = Signature(self.signature.data)
        return Wanted(kind, takes, self.address.data or "", self.position.data or "", signature)
