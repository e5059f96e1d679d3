"""How it goes with a lead, as its school says: forward, once each, and never after it was returned or withdrawn."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.dispositions.progress import Word, list_reports, report_progress
from leadgen.dispositions.report import DispositionError, ReturnReason, return_lead
from leadgen.history import read_history
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Disposition, Lead, State, Subject
from leadgen.vault import open_vault
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import settle


@pytest.fixture
def lead(session: Session) -> Lead:
    """A lead that reached Larkspur."""
    add_school(session, "larkspur")
    send_inquiry(session, ["larkspur"])
    found = session.scalars(select(Lead)).one()
    settle(session, found, State.delivered)
    session.commit()
    return found


def test_words_are_kept_in_order_and_the_last_counts(session: Session, lead: Lead) -> None:
    for word in (Word.wrong_number, Word.reached, Word.applied, Word.enrolled):
        report_progress(session, lead, word, "user:1")
    session.commit()
    said = list_reports(session, lead)
    assert [each.disposition for each in said] == ["unreachable", "contacted", "applied", "enrolled"]
    assert [each.reason for each in said] == ["wrong_number", None, None, None]
    assert lead.disposition is Disposition.enrolled
    kinds = [event.kind for event in read_history(session, Subject.inquiry, lead.inquiry_id)]
    assert kinds[-4:] == ["lead.unreachable", "lead.contacted", "lead.applied", "lead.enrolled"]


def test_the_same_word_twice_says_when_it_was_said(session: Session, lead: Lead) -> None:
    report_progress(session, lead, Word.reached, "user:1")
    session.commit()
    at = f"{list_reports(session, lead)[0].reported_at:%H:%M:%S}"
    with pytest.raises(DispositionError, match=f"already, on .* at {at} UTC"):
        report_progress(session, lead, Word.reached, "user:2")
    assert len(list_reports(session, lead)) == 1


@pytest.mark.parametrize("later", [Word.reached, Word.wrong_number, Word.applied, Word.not_interested])
def test_who_enrolled_is_not_called_anything_less_afterwards(session: Session, lead: Lead, later: Word) -> None:
    report_progress(session, lead, Word.enrolled, "user:1")
    with pytest.raises(DispositionError, match="that stays"):
        report_progress(session, lead, later, "user:1")


def test_who_applied_cannot_be_returned(session: Session, lead: Lead) -> None:
    report_progress(session, lead, Word.applied, "user:1")
    with pytest.raises(DispositionError, match="applied"):
        return_lead(session, open_vault(), lead, ReturnReason.wrong_number, None, "user:1")


def test_nothing_is_said_of_a_lead_that_was_returned_or_withdrawn(session: Session, lead: Lead) -> None:
    return_lead(session, open_vault(), lead, ReturnReason.wrong_number, None, "user:1")
    session.commit()
    with pytest.raises(DispositionError, match="returned"):
        report_progress(session, lead, Word.reached, "user:1")
    withdraw_inquiry(session, lead.inquiry_id, None, "prospect")
    with pytest.raises(DispositionError, match="withdrawn"):
        report_progress(session, lead, Word.reached, "user:1")
