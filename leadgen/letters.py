"""Our own mails, as rows. The recipient and the text are put together only when a letter is sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from flask import render_template
from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.database import insert_row
from leadgen.extensions import current_settings
from leadgen.models import (
    Asking,
    Consent,
    Contact,
    Delivery,
    Inquiry,
    Lead,
    Letter,
    Link,
    School,
    State,
    User,
)
from leadgen.tokens import make_request_token
from leadgen.user_letters import collect_user_facts, find_alarms, find_link_url
from leadgen.vault import Vault

CONFIRMATION = "confirmation"
NOT_DELIVERED = "not_delivered"
INVITATION = "invitation"
ASKING = "asking"
PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind
INVITED_ELSEWHERE = "invited_elsewhere"  # the school that invited follows a colon
ACCOUNT_CHANGED = "account_changed"
ALARM = "alarm"  # the moment at which the alarms were raised follows a colon
# what no byte left of: a worker that has claimed a letter compares its state once more before it sends
UNSENT = (State.pending, State.held, State.claimed)
SCHOOL_FULL = "school_full"
TOO_OLD = "too_old"  # why the delivery failed that a letter of the kind `not_delivered` is about
FULL = "full"  # why the delivery was cancelled that a letter of the kind `school_full` is about


class Change(StrEnum):
    """What a letter of the kind `account_changed` is about."""

    password = "password"  # noqa: S105 - a name
    second_factor = "second_factor"
    role = "role"
    switched_off = "switched_off"
    switched_on = "switched_on"


def write_letter(session: Session, kind: str, inquiry_id: int, at: datetime, key: str = "") -> int:
    """A letter to the person of an inquiry, due now. Gives its id. A letter is unique by its key."""
    return _write(session, {"inquiry_id": inquiry_id}, kind, at, key)


def write_user_letter(session: Session, kind: str, user_id: int, at: datetime, key: str = "") -> int:
    """A letter to a user, due now. Gives its id, by which a link is made that goes with it."""
    return _write(session, {"user_id": user_id}, kind, at, key)


def tell_account_changed(session: Session, user_id: int, change: Change, at: datetime) -> int:
    """Tell a user that something about the account changed: whoever did not do it or ask for it can speak up."""
    return write_user_letter(session, f"{ACCOUNT_CHANGED}:{change}", user_id, at)


def tell_invited_elsewhere(session: Session, user_id: int, school_id: str, at: datetime) -> None:
    """Tell a user that another school invited the address: once a day for each school."""
    key = f"letter-{INVITED_ELSEWHERE}-{school_id}-{user_id}-{at:%Y-%m-%d}"
    if session.scalar(select(Letter.id).where(Letter.key == key)) is None:
        write_user_letter(session, f"{INVITED_ELSEWHERE}:{school_id}", user_id, at, key)


def cancel_user_letters(session: Session, kind: str, user_id: int, at: datetime) -> None:
    """Do not send what was not sent yet of the letters of a kind to a user."""
    waiting = (Letter.user_id == user_id, Letter.kind == kind, Letter.state.in_(UNSENT))
    cancelled = update(Letter).where(*waiting).values(state=State.cancelled, ended_at=at)
    session.execute(cancelled.execution_options(synchronize_session=False))


def _write(session: Session, to: dict[str, int], kind: str, at: datetime, key: str) -> int:
    row = {
        "kind": kind,
        "inquiry_id": None,
        "user_id": None,
        "key": key or f"letter-{uuid4().hex}",
        "state": State.pending,
        "due_at": at,
        "created_at": at,
    }
    letter_id = insert_row(session, Letter, row | to)
    outbox.after_commit(session, outbox.Carried.letter, letter_id)
    return letter_id


def tell_not_delivered(session: Session, lead: Lead, at: datetime) -> None:
    """Tell her, once, that a school never took her request."""
    _tell_of_lead(session, NOT_DELIVERED, lead, at)


def tell_full(session: Session, lead: Lead, at: datetime) -> None:
    """Tell her, once, that a school had no room for her request, and that it was not sent there."""
    _tell_of_lead(session, SCHOOL_FULL, lead, at)


def _tell_of_lead(session: Session, kind: str, lead: Lead, at: datetime) -> None:
    """A letter that has not left yet names all schools that it is about, so one is enough."""
    key = f"letter-{kind}-{lead.reference}"
    waiting = (Letter.inquiry_id == lead.inquiry_id, Letter.kind == kind, Letter.state == State.pending)
    if session.scalar(select(Letter.id).where((Letter.key == key) | and_(*waiting)).limit(1)) is None:
        write_letter(session, kind, lead.inquiry_id, at, key)


def find_recipient(session: Session, vault: Vault, letter: Letter) -> str:
    """The e-mail address a letter goes to. Raises ErasedError where the person was erased."""
    if letter.user_id is not None:
        return session.get_one(User, letter.user_id).email
    inquiry, contact = _find_person(session, letter)
    key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    return str(key.open_json(contact.sealed or b"", "person")["email"])


def compose(session: Session, letter: Letter) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a letter, from ``templates/letters/<kind>``; what follows a colon in the kind is
    known there as ``about``."""
    kind, _, about = letter.kind.partition(":")
    facts = collect_user_facts(session, letter) if letter.user_id is not None else _collect_facts(session, letter)
    facts |= {"about": about, "settings": current_settings()}
    if kind == ALARM:
        facts |= {"alarms": find_alarms(session, about)}
    if kind == INVITED_ELSEWHERE:
        facts |= {"school": session.get(School, about)}
    if kind == ASKING:
        facts |= _collect_asking(session, letter)
    folder = f"letters/{kind}"
    subject = " ".join(render_template(f"{folder}/subject.txt", **facts).split())
    return subject, render_template(f"{folder}/body.txt", **facts), render_template(f"{folder}/body.html", **facts)


def _find_person(session: Session, letter: Letter) -> tuple[Inquiry, Contact]:
    query = select(Inquiry, Contact).join(Contact).where(Inquiry.id == letter.inquiry_id)
    inquiry, contact = session.execute(query).one()
    return inquiry, contact


def _collect_asking(session: Session, letter: Letter) -> dict[str, Any]:
    """The school that the letter asks about, why, until when, and the page with the two answers."""
    query = (
        select(School.name, Asking.reason, Link.expires_at)
        .join_from(Asking, Link, Link.id == Asking.link_id)
        .join(School, School.id == Asking.school_id)
        .where(Link.letter_id == letter.id)
    )
    school, reason, until = session.execute(query).one()
    return {"school": school, "reason": reason, "until": until, "link_url": find_link_url(session, letter)}


def _collect_facts(session: Session, letter: Letter) -> dict[str, Any]:
    settings = current_settings()
    inquiry, _ = _find_person(session, letter)
    token = make_request_token(inquiry.reference, settings.secret_key.get_secret_value())
    query = (
        select(School.name)
        .join(Consent, Consent.school_id == School.id)
        .where(Consent.inquiry_id == inquiry.id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.id)
    )
    return {
        "inquiry": inquiry,
        "not_delivered": _name_schools(session, inquiry, State.failed, TOO_OLD),
        "full": _name_schools(session, inquiry, State.cancelled, FULL),
        "schools": list(session.scalars(query)),
        "request_url": f"{settings.base_url}/request/{token}",
    }


def _name_schools(session: Session, inquiry: Inquiry, state: State, reason: str) -> list[str]:
    """The schools at which a lead of this inquiry came to that end."""
    query = (
        select(School.name)
        .join(Lead, Lead.school_id == School.id)
        .join(Delivery, Delivery.lead_id == Lead.id)
        .where(Lead.inquiry_id == inquiry.id, Delivery.state == state, Delivery.reason == reason)
        .distinct()
        .order_by(School.name)
    )
    return list(session.scalars(query))
