"""Whole letters, as they arrive, in English."""

from datetime import timedelta

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
from leadgen.intake.change import Change as OwnChange
from leadgen.journey.ask import ask
from leadgen.journey.change import change_inquiry
from leadgen.journey.erase import erase_inquiry
from leadgen.journey.own_data import ask_for_link
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters.compose import compose, find_recipient
from leadgen.letters.kinds import (
    ALARM,
    ASKING,
    FULL,
    INVITATION,
    NOT_DELIVERED,
    OWN_DATA,
    PASSWORD_RESET,
    SCHOOL_FULL,
    TOO_OLD,
    Change,
)
from leadgen.letters.undelivered import tell_full, tell_not_delivered
from leadgen.letters.write import (
    WayBack,
    tell_account_changed,
    tell_invited_elsewhere,
    write_saved_letter,
    write_user_letter,
)
from leadgen.links import make_link
from leadgen.models import (
    About,
    Alarm,
    Channel,
    Endpoint,
    Inquiry,
    Lead,
    Letter,
    LinkPurpose,
    State,
    User,
)
from leadgen.review.reasons import ASK_REASONS, Reason
from leadgen.vault import open_vault
from tests.inquiries import add_school
from tests.letters.whole import check_letter, find_delivery, settle


def test_confirmation(session: Session, inquiry: Inquiry) -> None:
    subject, body, html = compose(session, session.scalars(select(Letter)).one())
    check_letter("confirmation", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142") if word in subject + body + html]


def test_confirmation_after_she_withdrew_from_all(session: Session, inquiry: Inquiry) -> None:
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    _, body, html = compose(session, session.scalars(select(Letter)).one())
    for text in (body, html):
        assert "You have withdrawn it from every school" in text
        assert "Larkspur" not in text


def test_the_way_back_to_a_search(session: Session) -> None:
    until = now(session) + timedelta(days=30)
    back = WayBack("0" * 32, until)
    letter_id = write_saved_letter(session, open_vault(), 1, "grace@mail.example", back, now(session))
    subject, body, html = compose(session, session.get_one(Letter, letter_id))
    check_letter("saved", settle(subject, body, html))
    assert "grace" not in subject + body + html


def test_not_delivered_names_the_schools_that_never_took_it(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state, delivery.reason = State.failed, TOO_OLD
    tell_not_delivered(session, session.get_one(Lead, delivery.lead_id), now(session))
    letter = session.scalars(select(Letter).where(Letter.kind == NOT_DELIVERED)).one()
    subject, body, html = compose(session, letter)
    check_letter("not_delivered", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Bramble") if word in subject + body + html]


def test_school_full_names_the_schools_that_had_no_room(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state, delivery.reason = State.cancelled, FULL
    tell_full(session, session.get_one(Lead, delivery.lead_id), now(session))
    letter = session.scalars(select(Letter).where(Letter.kind == SCHOOL_FULL)).one()
    subject, body, html = compose(session, letter)
    check_letter("school_full", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Bramble") if word in subject + body + html]


def test_lead_to_a_school(session: Session, inquiry: Inquiry) -> None:
    parcel = build_parcel(open_vault(), find_facts(session, find_delivery(session, About.lead).id))
    check_letter("lead_created", settle(parcel.subject, parcel.body.decode(), parcel.html))
    assert "Ada" not in parcel.subject
    assert "<b>" not in parcel.html


def test_change_to_a_school_tells_how_to_reach_her_now(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state = State.delivered
    session.flush()
    ways = {"larkspur": frozenset({Channel.call})}
    change_inquiry(session, open_vault(), inquiry, OwnChange("+13125550187", ["morning"], "es", ways))
    parcel = build_parcel(open_vault(), find_facts(session, find_delivery(session, About.change).id))
    check_letter("lead_changed", settle(parcel.subject, parcel.body.decode(), parcel.html))
    assert "Ada" not in parcel.subject
    assert "<b>" not in parcel.html


def test_erasure_to_a_school_names_references_only(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state = State.delivered
    session.flush()
    erase_inquiry(session, open_vault(), current_settings(), inquiry, "prospect", "asked")
    parcel = build_parcel(open_vault(), find_facts(session, find_delivery(session, About.erasure).id))
    check_letter("lead_erased", settle(parcel.subject, parcel.body.decode(), parcel.html))
    assert not [word for word in ("Ada", "ada@", "5550142") if word in parcel.body.decode() + parcel.html]


def test_link_to_her_own_data(session: Session, inquiry: Inquiry) -> None:
    ask_for_link(session, current_settings().secret_key.get_secret_value(), inquiry)
    subject, body, html = compose(session, session.scalars(select(Letter).where(Letter.kind == OWN_DATA)).one())
    check_letter("own_data", settle(subject, body, html))
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142") if word in subject + body + html]


def test_lead_to_a_mailbox_that_is_told_nobody_leads_to_the_portal(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    session.get_one(Endpoint, delivery.endpoint_id).link_only = True
    session.flush()
    parcel = build_parcel(open_vault(), find_facts(session, delivery.id))
    letter = settle(parcel.subject, parcel.body.decode(), parcel.html)
    check_letter("lead_link", letter)
    assert parcel.body.decode().count("/portal/leads/LD-") == 1
    told = ("Ada", "ada@", "5550142", "555-0142", "60601", "Chicago", "evening", "/reply/", "may contact me")
    assert not [word for word in told if word in letter]


def test_change_to_a_mailbox_that_is_told_nobody_names_nobody(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    session.get_one(Endpoint, delivery.endpoint_id).link_only = True
    delivery.about = About.change
    session.flush()
    parcel = build_parcel(open_vault(), find_facts(session, delivery.id))
    letter = settle(parcel.subject, parcel.body.decode(), parcel.html)
    assert letter.count("How you may reach the person has changed.") == 2
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "60601", "Chicago") if word in letter]


def test_withdrawal_to_a_school_names_references_only(session: Session, inquiry: Inquiry) -> None:
    delivery = find_delivery(session, About.lead)
    delivery.state = State.delivered
    session.get_one(Lead, delivery.lead_id).school_reference = "L-2027-118"
    session.flush()
    withdraw_inquiry(session, inquiry.id, ["larkspur"], "prospect")
    parcel = build_parcel(open_vault(), find_facts(session, find_delivery(session, About.withdrawal).id))
    letter = settle(parcel.subject, parcel.body.decode(), parcel.html)
    check_letter("lead_withdrawn", letter)
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "60601", "Chicago") if word in letter]


@pytest.mark.parametrize("reason", ASK_REASONS)
def test_asking_names_one_school_and_nothing_about_her(session: Session, inquiry: Inquiry, reason: str) -> None:
    add_school(session, "harebell")
    secret = current_settings().secret_key.get_secret_value()
    ask(session, open_vault(), secret, inquiry, "harebell", "user:1", Reason(reason, "Ada wants more"))
    letter = session.scalars(select(Letter).where(Letter.kind == ASKING)).one()
    text = settle(*compose(session, letter))
    if reason == "fits_now":
        check_letter("asking", text)
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Bramble") if word in text]
    assert text.count("may suit you: ") == 2
    assert find_recipient(session, open_vault(), letter) == "ada@mail.example"


def test_who_is_invited_elsewhere_is_told_that_nothing_was_changed(session: Session, user: User) -> None:
    add_school(session, "bramble")
    tell_invited_elsewhere(session, user.id, "bramble", now(session))
    tell_invited_elsewhere(session, user.id, "bramble", now(session))
    letter = session.scalars(select(Letter)).one()
    check_letter("invited_elsewhere", settle(*compose(session, letter)))


def test_invitation_leads_to_our_own_address(session: Session, user: User) -> None:
    letter = session.get_one(Letter, write_user_letter(session, INVITATION, user.id, now(session)))
    secret = current_settings().secret_key.get_secret_value()
    make_link(session, secret, LinkPurpose.invitation, letter.id, timedelta(days=7), user.id)
    check_letter("invitation", settle(*compose(session, letter)))
    assert find_recipient(session, open_vault(), letter) == "cora@larkspur.example"


def test_an_alarm_names_references_and_nobody(session: Session, inquiry: Inquiry) -> None:
    at = now(session)
    rita = add_user(session, "rita@firststep.example", "correct horse battery", RoleName.reviewer, None, "test")
    lines = {"endpoint:7": "endpoints", "delivery:1": "uncertain", "delivery:2": "failed", "letter:9": "failed"}
    for subject, which in lines.items():
        reference = inquiry.reference if subject.startswith("delivery") else None
        session.add(Alarm(bin=which, subject=subject, reference=reference, raised_at=at))
    session.add(Alarm(bin="failed", subject="delivery:3", reference="LG-0000-0000", raised_at=at - timedelta(hours=1)))
    letter = session.get_one(Letter, write_user_letter(session, f"{ALARM}:{at.isoformat()}", rita.id, at))
    whole = settle(*compose(session, letter))
    check_letter("alarm", whole)
    assert "4 lines wait" in whole
    assert not [word for word in ("Ada", "ada@", "5550142", "555-0142", "Larkspur") if word in whole]


def test_letter_for_a_lost_password_leads_to_our_own_address(session: Session, user: User) -> None:
    secret = current_settings().secret_key.get_secret_value()
    send_reset(session, secret, "Cora@Larkspur.example")
    letter = session.scalars(select(Letter).where(Letter.kind == PASSWORD_RESET)).one()
    check_letter("password_reset", settle(*compose(session, letter)))
    assert find_recipient(session, open_vault(), letter) == "cora@larkspur.example"


@pytest.mark.parametrize("change", Change)
def test_whoever_has_an_account_is_told_what_changed(session: Session, user: User, change: Change) -> None:
    letter = session.get_one(Letter, tell_account_changed(session, user.id, change, now(session)))
    check_letter(f"account_changed_{change}", settle(*compose(session, letter)))
