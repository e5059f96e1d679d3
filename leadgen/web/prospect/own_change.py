"""She changes how she wants to be reached: number, times, best way, language, and the ways in which a school may."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import Field, RadioField, SelectField, TelField
from wtforms.validators import ValidationError

from leadgen.extensions import db, limiter
from leadgen.intake.change import PHONE_CHANNELS, Change, find_standing, read_person
from leadgen.journey.change import change_inquiry
from leadgen.models import Channel, Consent, Inquiry
from leadgen.suppression import SuppressedError
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.phones import write_phone
from leadgen.web.prospect.details_form import BEST_WAYS, CHANNELS, CONTACT_TIMES, NO_PHONE, PREFIX, read_phone, tidy
from leadgen.web.prospect.forms import Questions, choices, radios, ticks
from leadgen.web.prospect.narrow import LIST
from leadgen.web.prospect.own_data import LANGUAGES
from leadgen.web.prospect.own_door import needs_entry
from leadgen.web.prospect.request_page import bp
from leadgen.web.prospect.sent import name_schools
from leadgen.web.prospect.under_way import LIMIT, Page
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext, say_error


class ChangeForm(Questions):
    """What she may change. One field of ways for each school, with those she agreed to."""

    phone = TelField(
        lazy_gettext("Phone number"),
        filters=[tidy],
        description=lazy_gettext("Needed only if a school may call or text you."),
    )
    contact_times = ticks(
        lazy_gettext("When is a good time to reach you?"),
        CONTACT_TIMES,
        description=lazy_gettext("Tick as many as you like, or none."),
    )
    prefers = SelectField(
        lazy_gettext("Which way suits you best?"), choices=choices(BEST_WAYS), default="", invalid_choice_message=LIST
    )
    language: RadioField = radios(
        lazy_gettext("Which language would you rather speak?"),
        LANGUAGES,
        lazy_gettext("Choose a language"),
    )

    _unbound_fields: list[tuple[str, Any]]

    def __init__(self, standing: Sequence[Consent]) -> None:
        names = name_schools([consent.school_id for consent in standing])
        fields = [
            (f"{PREFIX}{each.school_id}", _ask_ways(each, name)) for each, name in zip(standing, names, strict=True)
        ]
        self._unbound_fields = [*self._unbound_fields, *fields]
        super().__init__()

    def validate_phone(self, field: Field) -> None:
        if field.data and read_phone(field.data) is None:
            raise ValidationError(NO_PHONE)
        if not field.data and any(PHONE_CHANNELS & ways for ways in self.list_ways().values()):
            words = gettext("%(no_phone)s, or untick phone call and text message for every school", no_phone=NO_PHONE)
            raise ValidationError(words)

    @property
    def by_school(self) -> list[Field]:
        return [field for field in self if field.name.startswith(PREFIX)]

    def list_ways(self) -> dict[str, frozenset[Channel]]:
        """The ways that stay ticked, by school."""
        known = {str(channel): channel for channel in Channel}
        return {
            field.name.removeprefix(PREFIX): frozenset(known[word] for word in field.data or () if word in known)
            for field in self.by_school
        }

    def fill(self, person: dict[str, Any], standing: Sequence[Consent]) -> None:
        """Show how things are on a GET."""
        if self.is_submitted():
            return
        self.phone.data = write_phone(person["phone"]) if person["phone"] else ""
        self.contact_times.data = list(person["times"])
        self.prefers.data, self.language.data = person["prefers"], person["language"]
        for field, consent in zip(self.by_school, standing, strict=True):
            field.data = [str(each.channel) for each in consent.channels]

    def read(self) -> Change:
        """What she wants from now on. Call it on a form that passed."""
        phone = read_phone(self.phone.data) or "" if self.phone.data else ""
        times, prefers = list(self.contact_times.data or ()), self.prefers.data or ""
        return Change(phone, times, self.language.data, self.list_ways(), prefers)


@bp.get("/<token>/yours/change")
@audience(Audience.everybody)
@needs_entry
def change(token: str, inquiry: Inquiry) -> Page:
    """The form as things are."""
    standing = [consent for consent in inquiry.consents if consent.withdrawn_at is None]
    form = ChangeForm(standing)
    form.fill(read_person(db.session, open_vault(), inquiry), standing)
    return _show(token, inquiry, form)


@bp.post("/<token>/yours/change")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_entry
def save_change(token: str, inquiry: Inquiry) -> Page:
    """Write it, and tell the schools that have or may have it."""
    form = ChangeForm(find_standing(db.session, inquiry.id))
    if not form.validate():
        return _show(token, inquiry, form), 422
    try:
        told = name_schools(change_inquiry(db.session, open_vault(), inquiry, form.read()))
    except SuppressedError as error:
        db.session.rollback()
        form.phone.errors = [say_error(error)]
        return _show(token, inquiry, form), 422
    flash(
        gettext("Saved. We pass it on to %(schools)s.", schools=", ".join(told)) if told else gettext("Saved."),
        "ok",
    )
    return redirect(url_for("request.own", token=token), 303)


def _show(token: str, inquiry: Inquiry, form: ChangeForm) -> str:
    return render_template("prospect/request/change.html", token=token, inquiry=inquiry, form=form)


def _ask_ways(consent: Consent, school: str) -> Any:
    """Only what she agreed to can stay ticked: another way asks for her agreement in words, on a page of its own."""
    agreed = {str(each.channel) for each in consent.channels}
    ways = {str(channel): words for channel, words in CHANNELS.items() if str(channel) in agreed}
    missing = gettext("Leave %(school)s at least one way, or withdraw from it", school=school)
    return ticks(gettext("%(school)s may contact me", school=school), ways, missing=missing)
