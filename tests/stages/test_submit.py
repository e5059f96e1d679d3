"""The last post writes everything or nothing, holds what needs an eye, and loses nobody."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.intake.consent import hash_words
from leadgen.intake.submit import find_sent
from leadgen.invariants import find_breaches
from leadgen.journey.release import decline_choice, hold_choice, release_choice
from leadgen.journey.submit import NothingToSendError
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Base,
    Choice,
    Consent,
    Contact,
    Delivery,
    Draft,
    Inquiry,
    Lead,
    Letter,
    Outcome,
    School,
    SchoolStatus,
    State,
    Verdict,
)
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, make_draft, send_inquiry, submit_draft


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_one_transaction_writes_inquiry_consents_leads_and_the_letter(session: Session) -> None:
    for school in ("larkspur", "harebell"):
        add_school(session, school)
    inquiry = send_inquiry(session, ["larkspur", "harebell"])
    assert [count(session, model) for model in (Choice, Consent, Verdict, Lead, Delivery, Letter)] == [2, 2, 2, 2, 2, 1]
    assert count(session, Draft) == 0, "the draft is forgotten"
    assert {delivery.state for delivery in session.scalars(select(Delivery))} == {State.pending}
    assert inquiry.reference.startswith("LG-")
    assert find_breaches(session) == []


def test_consent_keeps_the_exact_words_and_their_hash(session: Session) -> None:
    add_school(session)
    send_inquiry(session, ["larkspur"])
    consent = session.scalars(select(Consent)).one()
    assert consent.words.startswith("Larkspur Institute may contact me by email and phone call about training in")
    assert consent.words_sha256 == hash_words(consent.words)
    assert consent.act == "Pressed “Send my details to 1 school”"
    assert [channel.channel for channel in consent.channels] == ["call", "email"]


def test_personal_data_is_sealed_and_nowhere_in_the_database(session: Session) -> None:
    add_school(session)
    inquiry = send_inquiry(session, ["larkspur"], Prospect("Zephyrine Quux", "zephyrine@mail.example"))
    rows = []
    for table in inspect(session.connection()).get_table_names():
        rows += [str(row).casefold() for row in session.execute(text(f'SELECT * FROM "{table}"'))]
    for secret in ("zephyrine", "quux", "mail.example", "5550142", "192.0.2.10", "check your answers"):
        leaks = [row for row in rows if secret in row]
        assert not leaks, f"{secret} stands in the clear: {leaks}"
    contact = session.get_one(Contact, inquiry.id)
    key = open_vault().open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
    assert json.loads(key.open(contact.sealed or b"", "person"))["name"] == "Zephyrine Quux"


def test_the_same_token_cannot_make_a_second_inquiry(session: Session) -> None:
    add_school(session)
    draft = make_draft(session, ["larkspur"])
    token = draft.answers.form_token
    submit_draft(session, draft)
    session.commit()
    again = make_draft(session, ["larkspur"])
    again.answers.form_token = token
    with pytest.raises(IntegrityError):
        submit_draft(session, again)
    session.rollback()
    found = find_sent(session, token)
    assert found is not None
    assert count(session, Inquiry) == 1


def test_the_second_inquiry_of_one_person_to_one_school_is_held(session: Session) -> None:
    for school in ("larkspur", "harebell"):
        add_school(session, school)
    send_inquiry(session, ["larkspur"])
    second = send_inquiry(session, ["larkspur", "harebell"], Prospect(phone="+13125550199"))
    outcomes = {choice.school_id: choice for choice in second.choices}
    assert outcomes["larkspur"].outcome is Outcome.hold
    assert outcomes["larkspur"].verdicts[0].reasons == ["duplicate_email"]
    assert outcomes["harebell"].outcome is Outcome.release
    assert find_breaches(session) == []


def test_a_second_inquiry_is_held_while_the_first_is_still_held(session: Session) -> None:
    add_school(session)
    send_inquiry(session, ["larkspur"], trap="x")
    second = send_inquiry(session, ["larkspur"])
    assert second.choices[0].verdicts[0].reasons == ["duplicate_email", "duplicate_phone"]


@pytest.mark.parametrize(
    ("overrides", "prospect", "trap", "reason"),
    [
        ({"min_form_seconds": "600"}, Prospect(), "", "too_fast"),
        ({}, Prospect(), "https://spam.example", "filled_trap"),
        ({}, Prospect(email="asdf@mail.example"), "", "implausible_email"),
        ({}, Prospect(phone="+13122222222"), "", "implausible_phone"),
        ({"review": "all"}, Prospect(), "", "review_all"),
    ],
)
def test_what_screening_flags_is_held_with_its_reason(make_app, overrides, prospect, trap, reason) -> None:
    app: Flask = make_app(**overrides)
    with app.app_context():
        from leadgen.extensions import db  # noqa: PLC0415 - bound to this app

        add_school(db.session)
        inquiry = send_inquiry(db.session, ["larkspur"], prospect, trap=trap)
        (choice,) = inquiry.choices
        assert (choice.outcome, choice.verdicts[0].reasons) == (Outcome.hold, [reason])
        assert count(db.session, Lead) == 0
        assert count(db.session, Letter) == 1, "she gets the same confirmation"
        db.session.rollback()


def test_review_none_holds_nothing(make_app) -> None:
    app: Flask = make_app(review="none")
    with app.app_context():
        from leadgen.extensions import db  # noqa: PLC0415 - bound to this app

        add_school(db.session)
        send_inquiry(db.session, ["larkspur"], trap="spam")
        assert count(db.session, Lead) == 1
        db.session.rollback()


def test_a_school_that_filled_up_gets_no_consent_and_the_others_go(session: Session) -> None:
    add_school(session, "larkspur", daily_cap=1)
    add_school(session, "harebell")
    send_inquiry(session, ["larkspur"])
    draft = make_draft(session, ["larkspur", "harebell"], Prospect(email="b@mail.example", phone="+13125550143"))
    sent = submit_draft(session, draft)
    session.commit()
    assert (sent.schools, sent.full) == (["harebell"], ["larkspur"])
    second = session.scalars(select(Inquiry).where(Inquiry.reference == sent.reference)).one()
    assert [consent.school_id for consent in second.consents] == ["harebell"]
    assert [choice.ticked for choice in second.choices] == [False, True]


def test_with_no_school_left_nothing_is_written(session: Session) -> None:
    school = add_school(session)
    draft = make_draft(session, ["larkspur"])
    school.status = SchoolStatus.paused
    session.flush()
    with pytest.raises(NothingToSendError) as error:
        submit_draft(session, draft)
    assert error.value.full == ["larkspur"]
    assert count(session, Inquiry) == 0


def test_staff_release_a_held_choice_once(session: Session) -> None:
    add_school(session)
    inquiry = send_inquiry(session, ["larkspur"], trap="x")
    (choice,) = inquiry.choices
    lead = release_choice(session, open_vault(), choice, "user:1", Reason("checked", "a real person"))
    session.commit()
    assert [delivery.state for delivery in lead.deliveries] == [State.pending]
    with pytest.raises(ReleaseError, match="Released already by user:1 on"):
        release_choice(session, open_vault(), choice, "user:2", Reason("checked"))
    session.rollback()
    assert count(session, Lead) == 1
    assert find_breaches(session) == []


def test_staff_decline_and_take_it_back(session: Session) -> None:
    add_school(session)
    inquiry = send_inquiry(session, ["larkspur"], trap="x")
    (choice,) = inquiry.choices
    decline_choice(session, open_vault(), choice, "user:1", Reason("not_genuine", "test entry of Ada Example"))
    hold_choice(session, open_vault(), choice, "user:2", Reason("by_mistake", "look again"))
    session.commit()
    session.refresh(choice)
    assert choice.outcome is Outcome.hold
    assert [verdict.outcome for verdict in choice.verdicts] == ["hold", "decline", "hold"]
    assert b"Ada" not in (choice.verdicts[1].note_sealed or b"")
    assert find_breaches(session) == []


def test_a_withdrawn_choice_cannot_be_released(session: Session) -> None:
    add_school(session)
    inquiry = send_inquiry(session, ["larkspur"], trap="x")
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    with pytest.raises(ReleaseError, match="withdrawn"):
        release_choice(session, open_vault(), inquiry.choices[0], "user:1", Reason("checked"))


def test_the_check_sees_what_a_fault_would_leave(session: Session) -> None:
    add_school(session)
    send_inquiry(session, ["larkspur"])
    session.execute(text("UPDATE choice SET outcome = 'hold'"))
    session.execute(text("UPDATE delivery SET state = 'delivered'"))
    session.execute(text("DELETE FROM event WHERE number = 2"))
    found = {breach.invariant for breach in find_breaches(session)}
    assert found == {"I1", "I3", "I8", "chain"}


def test_a_school_without_status_taking_is_unavailable(session: Session) -> None:
    school = add_school(session)
    assert session.get_one(School, school.id).takes_inquiries
    school.status = SchoolStatus.closed
    assert not school.takes_inquiries
