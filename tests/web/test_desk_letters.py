"""Our own letters at the desk: one that failed, or may be lost, goes out again once."""

import pytest
from flask import Flask
from sqlalchemy import insert, select

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.invariants import find_breaches
from leadgen.models import Attempt, Letter, Result, State
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import database, sign_in


@pytest.fixture
def reference(app: Flask) -> str:
    with database(app) as session:
        add_school(session, "larkspur")
        return send_inquiry(session, ["larkspur"]).reference


def end_letter(app: Flask, state: State, result: Result) -> int:
    with database(app) as session:
        letter = session.scalars(select(Letter)).one()
        letter.state, letter.tries = state, 3
        facts = {"parcel_bytes": 1, "parcel_schema": "letter", "parcel_hash": "0", "started_at": now(session)}
        session.execute(insert(Attempt).values(letter_id=letter.id, number=1, fence=0, result=result, **facts))
        session.commit()
        return letter.id


@pytest.mark.parametrize(("state", "result"), [(State.failed, Result.permanent_no), (State.uncertain, Result.unknown)])
def test_a_letter_that_did_not_end_well_goes_out_again_once(
    app: Flask, reference: str, state: State, result: Result
) -> None:
    letter_id = end_letter(app, state, result)
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert f"/desk/inquiries/{reference}#letter-{letter_id}" in rita.get(f"/desk?bin={state}").text
    assert f'id="letter-{letter_id}"' in rita.get(f"/desk/inquiries/{reference}").text
    where = f"/desk/letters/{letter_id}/resend"
    rita.post(where, data={"reason": "made up"})
    assert "Choose a reason first" in rita.get(f"/desk/inquiries/{reference}").text
    rita.post(where, data={"reason": "relay_mended"})
    page = rita.get(f"/desk/inquiries/{reference}").text
    assert "The letter goes out again now." in page
    assert "Letter sent again by staff" in page
    assert f'id="letter-{letter_id}"' not in page
    rita.post(where, data={"reason": "relay_mended"})
    assert "This letter is pending by now" in rita.get(f"/desk/inquiries/{reference}").text
    with database(app) as session:
        assert session.scalars(select(Letter.state)).one() is State.pending
        assert find_breaches(session) == []


def test_a_letter_that_is_not_there_is_not_sent(app: Flask, reference: str) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert rita.post("/desk/letters/999/resend", data={"reason": "asked_again"}).status_code == 404
