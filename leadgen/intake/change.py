"""What she changes after she sent it: her number, her times, the way that suits her best, her language, and the ways
that a school may use."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from leadgen.marks import say
from leadgen.models import Channel, Consent, ConsentChannel, Contact, Inquiry
from leadgen.suppression import SuppressedError, is_suppressed, take_turns
from leadgen.vault import Vault

CHANGEABLE = ("phone", "times", "prefers", "language")
PHONE_CHANNELS = frozenset({Channel.call, Channel.text})


@dataclass(frozen=True)
class Change:
    """How she wants to be reached from now on. ``phone`` is E.164 or empty; ``ways`` are by school; ``prefers`` is the
    way that suits her best (a channel), empty without one, and None leaves it as it is."""

    phone: str
    times: list[str]
    language: str
    ways: Mapping[str, frozenset[Channel]]
    prefers: str | None = None


@dataclass(frozen=True)
class Changed:
    """Which fields of the person changed, the consents of which the ways did, and the schools to which it matters."""

    fields: list[str]
    consents: list[Consent]
    schools: list[str]


def read_person(session: Session, vault: Vault, inquiry: Inquiry) -> dict[str, Any]:
    """Name, email, phone, times, best way and language of an inquiry. Raises ErasedError once she was erased."""
    contact = session.get_one(Contact, inquiry.id, populate_existing=True)
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    person: dict[str, Any] = key.open_json(contact.sealed or b"", "person")
    return {"language": inquiry.language, "prefers": ""} | person


def find_standing(session: Session, inquiry_id: int) -> Sequence[Consent]:
    """The consents that stand, locked in the order in which a withdrawal locks them, and read anew."""
    mine = select(Consent).where(Consent.inquiry_id == inquiry_id, Consent.withdrawn_at.is_(None))
    locked = mine.order_by(Consent.id).with_for_update(key_share=True)
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def write_change(
    session: Session, vault: Vault, inquiry: Inquiry, change: Change, standing: Sequence[Consent]
) -> Changed:
    """Seal the person anew and set the ways. A way that she did not agree to is not added here: that asks for her
    agreement in words. Raises ErasedError once she was erased, SuppressedError where the owner of the new number asked
    never to be contacted."""
    before = read_person(session, vault, inquiry)
    after = before | {"phone": change.phone, "times": change.times, "language": change.language}
    if change.prefers is not None:
        after["prefers"] = change.prefers
    fields = [name for name in CHANGEABLE if after[name] != before[name]]
    best = {before["prefers"], after["prefers"]}
    if "phone" in fields and after["phone"]:
        _refuse_suppressed(session, vault.index_phone(after["phone"]))
    if fields:
        _seal_person(session, vault, inquiry, after)
    narrowed = [consent for consent in standing if _narrow(session, consent, change.ways.get(consent.school_id))]
    told = [each.school_id for each in standing if each in narrowed or _concerns(each, fields, best)]
    return Changed(fields, narrowed, told)


def _seal_person(session: Session, vault: Vault, inquiry: Inquiry, person: dict[str, Any]) -> None:
    contact = session.get_one(Contact, inquiry.id)
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    contact.sealed = key.seal_json(person, "person")
    contact.phone_index = vault.index_phone(person["phone"]) if person["phone"] else None
    session.flush()


def _refuse_suppressed(session: Session, index: bytes) -> None:
    take_turns(session, index)
    if is_suppressed(session, index):
        raise SuppressedError(say("We were asked never to pass this number on. Give another"))


def _narrow(session: Session, consent: Consent, wanted: frozenset[Channel] | None) -> bool:
    gone = [] if wanted is None else [each.channel for each in consent.channels if each.channel not in wanted]
    if gone:
        mine = (ConsentChannel.consent_id == consent.id, ConsentChannel.channel.in_(gone))
        session.execute(delete(ConsentChannel).where(*mine))
        session.expire(consent, ["channels"])
    return bool(gone)


def _concerns(consent: Consent, fields: Sequence[str], best: Set[str]) -> bool:
    """A school that may neither call nor text never learns the number, and none learns of a best way, before or now,
    that it may not use."""
    ways = {each.channel for each in consent.channels}
    matters = {"phone": bool(ways & PHONE_CHANNELS), "prefers": bool(ways & best)}
    return any(matters.get(name, True) for name in fields)
