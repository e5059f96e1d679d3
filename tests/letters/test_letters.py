"""Whole letters, as they arrive. LEADGEN_WRITE_LETTERS=1 writes the text files anew."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.accounts.resets import send_reset
from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user
from leadgen.clock import now
from leadgen.core import current_settings
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.journey.ask import ask
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters import (
    ALARM,
    ASKING,
    FULL,
    INVITATION,
    NOT_DELIVERED,
    PASSWORD_RESET,
    SCHOOL_FULL,
    TOO_OLD,
    Change,
    compose,
    find_recipient,
    tell_account_changed,
    tell_full,
    tell_invited_elsewhere,
    tell_not_delivered,
    write_user_letter,
)
from leadgen.links import make_link
from leadgen.models import About, Alarm, Delivery, EndpointKind, Inquiry, Lead, Letter, LinkPurpose, State, User
from leadgen.review.reasons import ASK_REASONS, Reason
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry

FOLDER = Path(__file__).parent
# what differs from run to run, and what stands for it in the files
CHANGING = (
    (r"L([GD])-[0-9A-Z]{4}-[0-9A-Z]{4}", r"L\1-7K2M-94QD"),
    (r"/(request|invitation|asking|password)/\w+", r"/\1/TOKEN"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2027-03-04 05:06 UTC"),
    (r"until [A-Z][a-z]+ \d+, \d{4}", "until March 4, 2027"),
)


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """An inquiry to a school that receives by mail, and to another."""
    add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
    add_school(session, "bramble")
    return send_inquiry(session, ["larkspur", "bramble"], Prospect(name="Ada O’Example & Co <b>"))


def settle(*parts: str) -> str:
    text = "\n\n".join(part.rstrip() for part in parts) + "\n"
    for pattern, fixed in CHANGING:
        text = re.sub(pattern, fixed, text)
    return text


def compare(name: str, letter: str) -> None:
    file = FOLDER / f"{name}.txt"
    if os.environ.get("LEADGEN_WRITE_LETTERS") == "1":
        file.write_text(letter, encoding="utf-8")
    assert letter == file.read_text(encoding="utf-8")


def test_confirmation(session: Session, inquiry: Inquiry) -> None:
    subject, body, html = compose(session, session.scalars(select(Letter)).one())
    compare("confirmation", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142") if word in subject + body + html]


def test_confirmation_after_she_withdrew_from_all(session: Session, inquiry: Inquiry) -> None:
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    _, body, html = compose(session, session.scalars(select(Letter)).one())
    for text in (body, html):
        assert "You have withdrawn it from every school" in text
        assert "Larkspur" not in text


def test_not_delivered_names_the_schools_that_never_took_it(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state, delivery.reason = State.failed, TOO_OLD
    tell_not_delivered(session, session.get_one(Lead, delivery.lead_id), now(session))
    letter = session.scalars(select(Letter).where(Letter.kind == NOT_DELIVERED)).one()
    subject, body, html = compose(session, letter)
    compare("not_delivered", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Bramble") if word in subject + body + html]


def test_school_full_names_the_schools_that_had_no_room(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state, delivery.reason = State.cancelled, FULL
    tell_full(session, session.get_one(Lead, delivery.lead_id), now(session))
    letter = session.scalars(select(Letter).where(Letter.kind == SCHOOL_FULL)).one()
    subject, body, html = compose(session, letter)
    compare("school_full", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Bramble") if word in subject + body + html]


def test_lead_to_a_school(session: Session, inquiry: Inquiry) -> None:
    parcel = build_parcel(open_vault(), find_facts(session, find_delivery(session, About.lead).id))
    compare("lead_created", settle(parcel.subject, parcel.body.decode(), parcel.html))
    assert "Ada" not in parcel.subject
    assert "<b>" not in parcel.html


def test_withdrawal_to_a_school_names_references_only(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state = State.delivered
    session.get_one(Lead, delivery.lead_id).school_reference = "L-2027-118"
    session.flush()
    withdraw_inquiry(session, inquiry.id, ["larkspur"], "prospect")
    parcel = build_parcel(open_vault(), find_facts(session, find_delivery(session, About.withdrawal).id))
    letter = settle(parcel.subject, parcel.body.decode(), parcel.html)
    compare("lead_withdrawn", letter)
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "60601", "Chicago") if word in letter]


@pytest.mark.parametrize("reason", ASK_REASONS)
def test_asking_names_one_school_and_nothing_about_her(session: Session, inquiry: Inquiry, reason: str) -> None:
    add_school(session, "harebell")
    secret = current_settings().secret_key.get_secret_value()
    ask(session, open_vault(), secret, inquiry, "harebell", "user:1", Reason(reason, "Ada wants more"))
    letter = session.scalars(select(Letter).where(Letter.kind == ASKING)).one()
    text = settle(*compose(session, letter))
    if reason == "fits_now":
        compare("asking", text)
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Bramble") if word in text]
    assert text.count("may suit you: ") == 2
    assert find_recipient(session, open_vault(), letter) == "ada@mail.example"


@pytest.fixture
def user(session: Session) -> User:
    """A counsellor of a school."""
    add_school(session, "larkspur")
    password = "correct horse battery"
    return add_user(session, "cora@larkspur.example", password, RoleName.counsellor, "larkspur", "test")


def test_who_is_invited_elsewhere_is_told_that_nothing_was_changed(session: Session, user: User) -> None:
    add_school(session, "bramble")
    tell_invited_elsewhere(session, user.id, "bramble", now(session))
    tell_invited_elsewhere(session, user.id, "bramble", now(session))
    letter = session.scalars(select(Letter)).one()
    compare("invited_elsewhere", settle(*compose(session, letter)))


def test_invitation_leads_to_our_own_address(session: Session, user: User) -> None:
    letter = session.get_one(Letter, write_user_letter(session, INVITATION, user.id, now(session)))
    secret = current_settings().secret_key.get_secret_value()
    make_link(session, secret, LinkPurpose.invitation, letter.id, timedelta(days=7), user.id)
    compare("invitation", settle(*compose(session, letter)))
    assert find_recipient(session, open_vault(), letter) == "cora@larkspur.example"


def test_an_alarm_names_references_and_nobody(session: Session, inquiry: Inquiry) -> None:
    at = now(session)
    rita = add_user(session, "rita@firststep.example", "correct horse battery", RoleName.reviewer, None, "test")
    lines = {"delivery:1": "uncertain", "delivery:2": "failed", "letter:9": "failed"}
    for subject, which in lines.items():
        reference = inquiry.reference if subject.startswith("delivery") else None
        session.add(Alarm(bin=which, subject=subject, reference=reference, raised_at=at))
    session.add(Alarm(bin="failed", subject="delivery:3", reference="LG-0000-0000", raised_at=at - timedelta(hours=1)))
    letter = session.get_one(Letter, write_user_letter(session, f"{ALARM}:{at.isoformat()}", rita.id, at))
    whole = settle(*compose(session, letter))
    compare("alarm", whole)
    assert "3 lines wait" in whole
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Larkspur") if word in whole]


def test_letter_for_a_lost_password_leads_to_our_own_address(session: Session, user: User) -> None:
    secret = current_settings().secret_key.get_secret_value()
    send_reset(session, secret, "Cora@Larkspur.example")
    letter = session.scalars(select(Letter).where(Letter.kind == PASSWORD_RESET)).one()
    compare("password_reset", settle(*compose(session, letter)))
    assert find_recipient(session, open_vault(), letter) == "cora@larkspur.example"


@pytest.mark.parametrize("change", Change)
def test_whoever_has_an_account_is_told_what_changed(session: Session, user: User, change: Change) -> None:
    letter = session.get_one(Letter, tell_account_changed(session, user.id, change, now(session)))
    compare(f"account_changed_{change}", settle(*compose(session, letter)))


def find_delivery(session: Session, about: About) -> Delivery:
    query = select(Delivery).where(Delivery.school_id == "larkspur", Delivery.about == about)
    return session.scalars(query).one()
