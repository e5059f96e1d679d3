"""What a school says of its leads: accepted once, returned once, and never for a lead that is not its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.dispositions.inbox import count_inbox, find_lead, list_inbox
from leadgen.dispositions.lead_letter import read_lead_letter
from leadgen.dispositions.report import (
    RETURN_DAYS,
    DispositionError,
    ReturnReason,
    accept_lead,
    return_lead,
)
from leadgen.history import read_history
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Disposition, DispositionReport, Event, Inquiry, Lead, Receipt, State, Subject
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import settle


@pytest.fixture
def lead(session: Session) -> Lead:
    """A lead that reached Larkspur."""
    add_school(session, "larkspur")
    add_school(session, "bramble")
    send_inquiry(session, ["larkspur"])
    found = session.scalars(select(Lead)).one()
    settle(session, found, State.delivered)
    session.commit()
    return found


def give_back(session: Session, lead: Lead, note: str | None = None) -> None:
    return_lead(session, open_vault(), lead, ReturnReason.wrong_number, note, "user:1")


def kinds(session: Session, lead: Lead) -> list[str]:
    return [event.kind for event in read_history(session, Subject.inquiry, lead.inquiry_id)][-2:]


def test_accepting_twice_is_accepting_once(session: Session, lead: Lead) -> None:
    accept_lead(session, lead, "user:1")
    session.commit()
    accept_lead(session, lead, "user:2")
    session.commit()
    assert lead.disposition is Disposition.accepted
    assert [receipt.source for receipt in session.scalars(select(Receipt))] == ["user:1"]
    assert [report.number for report in session.scalars(select(DispositionReport))] == [1]
    assert kinds(session, lead).count("lead.accepted") == 1


def test_later_word_is_not_overwritten_by_accepting(session: Session, lead: Lead) -> None:
    lead.disposition = Disposition.contacted
    session.commit()
    accept_lead(session, lead, "user:1")
    assert lead.disposition is Disposition.contacted


def test_accepted_lead_can_be_returned_and_never_accepted_again(session: Session, lead: Lead) -> None:
    accept_lead(session, lead, "user:1")
    give_back(session, lead)
    session.commit()
    assert [report.disposition for report in session.scalars(select(DispositionReport))] == ["accepted", "returned"]
    with pytest.raises(DispositionError, match="returned"):
        accept_lead(session, lead, "user:1")


def test_lead_is_returned_only_once(session: Session, lead: Lead) -> None:
    give_back(session, lead)
    session.commit()
    with pytest.raises(DispositionError, match="already"):
        give_back(session, lead)


@pytest.mark.parametrize("word", [Disposition.appointment, Disposition.enrolled])
def test_whom_the_school_has_met_cannot_be_returned(session: Session, lead: Lead, word: Disposition) -> None:
    lead.disposition = word
    session.commit()
    with pytest.raises(DispositionError, match=word):
        give_back(session, lead)


def test_old_lead_cannot_be_returned(session: Session, lead: Lead) -> None:
    lead.released_at = now(session) - timedelta(days=RETURN_DAYS, seconds=1)
    session.commit()
    with pytest.raises(DispositionError, match="30 days"):
        give_back(session, lead)
    lead.released_at = now(session) - timedelta(days=RETURN_DAYS, seconds=-60)
    session.commit()
    give_back(session, lead)


def test_withdrawn_lead_takes_no_word_and_shows_nobody(session: Session, lead: Lead) -> None:
    withdraw_inquiry(session, lead.inquiry_id, None, "prospect")
    session.commit()
    with pytest.raises(DispositionError, match="withdrawn"):
        accept_lead(session, lead, "user:1")
    with pytest.raises(DispositionError, match="withdrawn"):
        give_back(session, lead)
    letter = read_lead_letter(session, open_vault(), lead, now(session), opened=True)
    assert (letter.person, letter.may_accept) == (None, False)


def test_note_is_sealed_and_history_names_nobody(session: Session, lead: Lead) -> None:
    give_back(session, lead, "Ada says the number is her mother's")
    session.commit()
    report = session.scalars(select(DispositionReport)).one()
    assert report.note_sealed is not None
    assert b"Ada" not in report.note_sealed
    inquiry = session.get_one(Inquiry, lead.inquiry_id)
    key = open_vault().open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    assert key.open(report.note_sealed, "disposition") == "Ada says the number is her mother's"
    assert "Ada" not in repr([(event.kind, event.data) for event in session.scalars(select(Event))])


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (State.delivered, True),
        (State.sending, True),
        (State.uncertain, True),
        (State.pending, False),
        (State.held, False),
        (State.claimed, False),
        (State.failed, False),
        (State.cancelled, False),
    ],
)
def test_inbox_shows_what_reached_the_school_or_may_have(session: Session, state: State, seen: bool) -> None:
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    lead = session.scalars(select(Lead)).one()
    settle(session, lead, state)
    session.commit()
    assert count_inbox(session, "larkspur") == len(list_inbox(session, "larkspur", limit=9)) == int(seen)
    assert (find_lead(session, "larkspur", lead.reference) is not None) is seen


def test_inbox_never_shows_another_schools_lead(session: Session, lead: Lead) -> None:
    assert count_inbox(session, "bramble") == 0
    assert find_lead(session, "bramble", lead.reference) is None
    assert find_lead(session, "larkspur", lead.reference) is lead


def test_inbox_holds_no_personal_data(session: Session, lead: Lead) -> None:
    text = repr(list_inbox(session, "larkspur", limit=9))
    assert lead.reference in text
    assert "Ada" not in text
