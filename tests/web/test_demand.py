"""Unmet demand: where searches led nowhere, for staff, as a page and as a table."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.geo.zips import find_state_of_area
from leadgen.models import SearchCount
from leadgen.web.spreadsheet import guard_cell
from tests.inquiries import add_school
from tests.web.workplace import database, sign_in

MBC, PHLEBOTOMY = "medical-billing-and-coding", "phlebotomy"


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An admin, before counts of searches: of today, and one of a hundred days ago."""
    with database(app) as session:
        add_school(session, "larkspur")
        today = now(session).date()
        for days_ago, program, zip3, outcome, times in (
            (0, MBC, "606", "matched", 90),
            (0, MBC, "606", "none", 6),
            (0, MBC, "606", "few", 4),
            (0, MBC, "617", "none", 2),
            (3, MBC, "617", "listed", 5),
            (0, MBC, "100", "matched", 9),
            (0, PHLEBOTOMY, "969", "none", 1),
            (100, PHLEBOTOMY, "606", "none", 3),
        ):
            day: date = today - timedelta(days=days_ago)
            session.add(SearchCount(day=day, program=program, zip3=zip3, outcome=outcome, times=times))
        session.commit()
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def table(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/desk/demand.csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return answer.data.decode("utf-8-sig").splitlines()[1:]


def test_the_areas_where_most_searches_led_nowhere_come_first(ada: FlaskClient) -> None:
    assert table(ada) == [
        "Medical billing and coding,617xx,IL,7,2,5,0,100%",
        "Medical billing and coding,606xx,IL,100,6,0,4,6%",
        "Phlebotomy,969xx,GU,1,1,0,0,100%",
    ]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?by=state", ["IL,IL,107,8,5,4,12%", "GU,GU,1,1,0,0,100%"]),
        ("?state=GU", ["969xx,GU,1,1,0,0,100%"]),
        ("?days=365&program=phlebotomy", ["606xx,IL,3,3,0,0,100%", "969xx,GU,1,1,0,0,100%"]),
    ],
)
def test_it_is_narrowed_by_program_state_and_period_and_summed_by_state(
    ada: FlaskClient, query: str, rows: list[str]
) -> None:
    assert [line.partition(",")[2] for line in table(ada, query)] == rows


def test_the_page_says_the_same_and_leads_to_the_schools_there(ada: FlaskClient) -> None:
    page = ada.get("/desk/demand").text
    assert "an inquiry to: 14." in page
    assert "/desk/schools?state=IL&amp;program=medical-billing-and-coding" in page
    assert ada.get("/desk/schools?state=IL&program=medical-billing-and-coding").status_code == 200
    assert "No school in GU yet" in page
    assert "Download as CSV" in page
    assert ada.get("/desk/demand?state=XX").status_code == 404


def test_a_reader_sees_the_page_and_takes_nothing_out(app: Flask, ada: FlaskClient) -> None:
    reader = sign_in(app, "rea@firststep.example", RoleName.reader)
    assert "Download as CSV" not in reader.get("/desk/demand").text
    assert reader.get("/desk/demand.csv").status_code == 403


def test_before_any_search_it_says_so(app: Flask) -> None:
    assert (
        "No search of the last 90 days"
        in sign_in(app, "rita@firststep.example", RoleName.reviewer).get("/desk/demand").text
    )


@pytest.mark.parametrize("text", ["=1+1", " =1", "\t@x", "\n+1", "-1", "\r\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert guard_cell(text) == f"'{text}"
    assert guard_cell(-1) == -1
    assert guard_cell("Chicago") == "Chicago"


def test_an_area_lies_in_the_state_of_most_of_its_zip_codes() -> None:
    assert [find_state_of_area(area) for area in ("606", "063", "969", "000")] == ["IL", "CT", "GU", None]
