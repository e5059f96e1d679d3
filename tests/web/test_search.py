"""Search at the desk: who a person is only by POST, everything else in an address that can be kept."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Inquiry
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.desk import PERSONAL, Desk
from tests.web.workplace import database, sign_in

MOST_QUERIES = 10


@pytest.fixture
def places(app: Flask) -> tuple[Desk, dict[str, str]]:
    """Four inquiries that differ in one thing each."""
    references = {}
    with database(app) as session:
        for school in ("larkspur", "bramble"):
            add_school(session, school)
        for number, name in enumerate(("plain", "coding", "texan", "old")):
            person = Prospect(email=f"{name}@mail.example", phone=f"+1312555010{number}")
            school = "bramble" if name == "coding" else "larkspur"
            inquiry = send_inquiry(session, [school], person, trap="x" if name == "plain" else "")
            references[name] = inquiry.reference
        month = now(session) - timedelta(days=30)
        for name, values in (
            ("coding", {"program": "phlebotomy"}),
            ("texan", {"state": "TX", "city": "Austin"}),
            ("old", {"received_at": month}),
        ):
            session.execute(update(Inquiry).where(Inquiry.reference == references[name]).values(values))
        session.commit()
    return Desk(app, sign_in(app, "rita@firststep.example", RoleName.reviewer), references["plain"]), references


def find(desk: Desk, references: dict[str, str], query: str) -> set[str]:
    answer = desk.rita.get(f"/desk/inquiries{query}")
    assert answer.status_code == 200
    assert not [word for word in (*PERSONAL, "mail.example") if word in answer.text]
    return {name for name, reference in references.items() if reference in answer.text}


def test_list_is_narrowed_by_school_program_state_and_date(places: tuple[Desk, dict[str, str]]) -> None:
    desk, references = places
    with database(desk.app) as session:
        today = now(session).date()
    week = today - timedelta(days=7)
    for query, names in (
        ("", {"plain", "coding", "texan", "old"}),
        ("?school=bramble", {"coding"}),
        ("?school=LARKSPUR+inst", {"plain", "texan", "old"}),
        ("?program=phlebotomy", {"coding"}),
        ("?state=tx", {"texan"}),
        (f"?since={week}", {"plain", "coding", "texan"}),
        (f"?until={week}", {"old"}),
        (f"?since={today}&until={today}&school=larkspur&state=IL", {"plain"}),
        ("?school=%25", set()),
        ("?since=yesterday&until=9999-12-31&state=TX", {"texan"}),
    ):
        assert find(desk, references, query) == names, query


def test_list_says_how_each_school_stands(places: tuple[Desk, dict[str, str]]) -> None:
    desk, references = places
    with database(desk.app) as session:
        coding = session.scalars(select(Inquiry.id).where(Inquiry.reference == references["coding"])).one()
        withdraw_inquiry(session, coding, None, "prospect")
        session.commit()
    for query, standing in (
        ("?school=bramble", "Withdrawn"),
        ("?state=TX", "Released"),
        ("?state=IL&school=lark", "Held"),
    ):
        assert f">{standing}</span>" in desk.rita.get(f"/desk/inquiries{query}").text, query


def test_pages_keep_the_filters_and_do_not_overlap(
    places: tuple[Desk, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, references = places
    monkeypatch.setattr("leadgen.web.desk.search.PAGE_SIZE", 1)
    first = desk.rita.get("/desk/inquiries?school=larkspur").text
    assert "Page 1 of 3" in first
    assert "/desk/inquiries?page=2&amp;school=larkspur" in first
    pages = [find(desk, references, f"?school=larkspur&page={number}") for number in (1, 2, 3)]
    assert pages == [{"texan"}, {"plain"}, {"old"}]


def test_reference_email_and_phone_are_asked_by_post_and_lead_there(places: tuple[Desk, dict[str, str]]) -> None:
    desk, references = places
    for text in (references["texan"].lower(), "TEXAN@mail.example", "(312) 555-0102"):
        answer = desk.rita.post("/desk/search", data={"q": text})
        assert answer.location == f"/desk/inquiries/{references['texan']}"
    nothing = desk.rita.post("/desk/search", data={"q": "nobody@mail.example"}).text
    assert "Nothing found" in nothing
    assert "nobody@" not in nothing


def test_list_asks_the_database_a_fixed_number_of_times(places: tuple[Desk, dict[str, str]]) -> None:
    desk, _ = places
    statements: list[str] = []
    with desk.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *each: statements.append(each[2]))
    assert desk.rita.get("/desk/inquiries?school=larkspur&state=IL").status_code == 200
    assert len(statements) <= MOST_QUERIES
