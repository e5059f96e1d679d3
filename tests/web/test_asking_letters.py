"""The letter that asks about one more school, when she withdraws before she answers."""

from sqlalchemy import select, update

from leadgen.delivery.carriers.contract import DefiniteNo, Parcel
from leadgen.delivery.claim import claim_letter, start_sending
from leadgen.delivery.record import Heard, record_outcome
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Inquiry, Lead, Letter, State
from leadgen.vault import open_vault
from tests.web.asked import Asked, asked
from tests.web.workplace import database

__all__ = ["asked"]  # a fixture, used by name


def test_who_withdraws_the_whole_request_is_not_asked_any_more(asked: Asked) -> None:
    asked.ask()
    page = asked.open().text
    with database(asked.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
        assert session.scalars(select(Letter.state).where(Letter.kind == "asking")).one() is State.cancelled
    assert asked.open().status_code == 410
    assert asked.answer("yes", page).status_code == 410
    assert asked.count(Lead) == 1
    assert asked.breaches() == []


def withdraw_everything(asked: Asked) -> None:
    with database(asked.app) as session:
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()


def test_letter_that_a_worker_has_claimed_is_not_sent_once_she_withdrew(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        claim = claim_letter(session, session.scalars(select(Letter.id).where(Letter.kind == "asking")).one(), 30)
        session.commit()
    assert claim is not None
    withdraw_everything(asked)
    with database(asked.app) as session:
        assert start_sending(session, claim, Parcel(b"", "text/plain", "letter.asking/1"), "") is None
        assert session.get_one(Letter, claim.row_id).state is State.cancelled


def test_letter_on_its_way_as_she_withdraws_is_not_tried_again_and_its_page_says_what_happened(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        claim = claim_letter(session, session.scalars(select(Letter.id).where(Letter.kind == "asking")).one(), 30)
        assert claim is not None
        attempt = start_sending(session, claim, Parcel(b"", "text/plain", "letter.asking/1"), "")
        assert attempt is not None
        session.commit()
    withdraw_everything(asked)
    with database(asked.app) as session:
        state = record_outcome(session, open_vault(), claim, Heard(attempt, DefiniteNo("421 busy"), 5))
        session.commit()
    assert state is State.cancelled
    opened = asked.open()
    assert opened.status_code == 410
    assert "Your request was withdrawn" in opened.text


def test_letter_that_failed_is_not_sent_again_once_its_link_is_dead(asked: Asked) -> None:
    asked.ask()
    with database(asked.app) as session:
        session.execute(update(Letter).where(Letter.kind == "asking").values(state=State.failed))
        withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
        session.commit()
        letter = session.scalars(select(Letter.id).where(Letter.kind == "asking")).one()
    again = {"reason": "relay_mended"}
    page = asked.rita.post(f"/desk/letters/{letter}/resend", data=again, follow_redirects=True).text
    assert "opens nothing any more" in page
    with database(asked.app) as session:
        assert session.get_one(Letter, letter).state is State.failed
