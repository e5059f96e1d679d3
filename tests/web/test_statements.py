"""A page of the desk asks the database as often for fifty rows as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.extensions import db
from leadgen.intake.change import Change, read_person
from leadgen.journey.change import change_inquiry
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Channel, Endpoint, EndpointKind, EndpointState, Lead, State
from leadgen.review.notes import add_note
from leadgen.review.wanted import Bin
from leadgen.review.worklist import count_bins
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import database, settle, sign_in

MANY = 50
# what becomes of the lead to each
SCHOOLS = ("unsure", "given-up", "giver-back", "untold", "unheard", "waiting")
TAKES_NO_NOTICES = ("untold", "unheard")
HELD = "held"
# who is signed in, the counts of the rail, the page's own rows
MOST_STATEMENTS = 30
MAIL = "grace@mail.example"
_numbers = count(1)


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, at a desk with schools and nothing else."""
    with database(app) as session:
        for name in (*SCHOOLS, HELD):
            add_school(session, name, kind=EndpointKind.form_post if name in TAKES_NO_NOTICES else EndpointKind.webhook)
        broken = update(Endpoint).where(Endpoint.school_id == "waiting")
        session.execute(broken.values(state=EndpointState.broken))
        session.commit()
    return sign_in(app, "rita@firststep.example", RoleName.reviewer)


def test_every_list_asks_as_often_for_fifty_lines_as_for_one(app: Flask, rita: FlaskClient) -> None:
    paths = [*(f"/desk?bin={each}" for each in Bin), "/desk/inquiries", f"/desk/inquiries?school={HELD}&state=IL"]
    fill_bins(app, 1)
    few = count_each(app, rita, paths)
    fill_bins(app, MANY - 1)
    with database(app) as session:
        counts = count_bins(session)
        assert [counts[each] for each in Bin if each is not Bin.endpoints] == [MANY] * (len(Bin) - 1)
    assert count_each(app, rita, paths) == few
    assert max(few.values()) <= MOST_STATEMENTS, few


def test_an_inquiry_asks_as_often_for_fifty_schools_as_for_one(app: Flask, rita: FlaskClient) -> None:
    small, large = send_to(app, 1), send_to(app, MANY)
    few, many = (count_each(app, rita, [f"/desk/inquiries/{reference}"]) for reference in (small, large))
    assert list(many.values()) == list(few.values())
    assert max(few.values()) <= MOST_STATEMENTS, few


def test_the_search_asks_as_often_for_fifty_found_as_for_two(app: Flask, rita: FlaskClient) -> None:
    fill_bins(app, 2)
    few = count_statements(app, lambda: rita.post("/desk/search", data={"q": MAIL}).status_code)
    fill_bins(app, MANY - 2)
    assert count_statements(app, lambda: rita.post("/desk/search", data={"q": MAIL}).status_code) == few


def fill_bins(app: Flask, times: int) -> None:
    """Inquiries that stand in every bin, through one school each, and one that is held."""
    with database(app) as session:
        for _ in range(times):
            _fill_bins_once(session)
        session.commit()


def _fill_bins_once(session: Session) -> None:
    # of another person each time: somebody who comes again is held
    inquiry = send_inquiry(session, list(SCHOOLS), Prospect(email=f"ada{next(_numbers)}@mail.example", phone=""))
    leads = {lead.school_id: lead for lead in session.scalars(select(Lead).where(Lead.inquiry_id == inquiry.id))}
    settle(session, leads["unsure"], State.uncertain, "no answer")
    settle(session, leads["given-up"], State.failed, "422")
    settle(session, leads["giver-back"], State.delivered)
    for name in TAKES_NO_NOTICES:
        settle(session, leads[name], State.delivered)
    settle(session, leads["waiting"], State.held, "endpoint_broken")
    return_lead(session, open_vault(), leads["giver-back"], ReturnReason.wrong_number, None, "user:1")
    withdraw_inquiry(session, inquiry.id, ["untold"], "prospect")
    same = read_person(session, open_vault(), inquiry)
    fewer = {"unheard": frozenset({Channel.email})}
    change_inquiry(session, open_vault(), inquiry, Change("", same["times"], same["language"], fewer))
    send_inquiry(session, [HELD], Prospect(email=MAIL, phone=""), trap="filled in")


def send_to(app: Flask, schools: int) -> str:
    """An inquiry to so many schools, each with an answer and a line in the history; gives its reference."""
    with database(app) as session:
        names = [f"elm-{schools}-{number}" for number in range(schools)]
        for name in names:
            add_school(session, name)
        inquiry = send_inquiry(session, names, Prospect(email=f"ada{next(_numbers)}@mail.example", phone=""))
        for lead in session.scalars(select(Lead).where(Lead.inquiry_id == inquiry.id)):
            settle(session, lead, State.delivered)
            add_note(session, open_vault(), inquiry, "user:1", "Called.")
        session.commit()
        return inquiry.reference


def count_each(app: Flask, client: FlaskClient, paths: list[str]) -> dict[str, int]:
    return {path: count_statements(app, lambda path=path: client.get(path).status_code) for path in paths}


def count_statements(app: Flask, ask: Any) -> int:
    with listening(app) as sent:
        assert ask() == 200
    return len(sent)


@contextmanager
def listening(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, those of the user's own session left out: they depend on the minute."""
    sent: list[str] = []

    def note(*said: Any) -> None:
        if said[2].lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(said[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
