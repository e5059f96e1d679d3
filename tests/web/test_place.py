"""Where she is: by ZIP code, by the name of a town, or by what her device tells when she lets it."""

import re

import pytest
from flask import Flask

from leadgen.geo.distance import geodesic_miles
from leadgen.geo.zips import find_place
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from leadgen.models import Inquiry, Match
from tests.inquiries import add_school
from tests.web.test_pages import Elements
from tests.web.visitor import GOALS, PLACE, PROGRAM, Visitor
from tests.web.workplace import database

JOLIET = {"latitude": "41.53", "longitude": "-88.08"}


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """At the page that asks where."""
    with database(app) as session:
        add_school(session, "larkspur")
        session.commit()
    visitor = Visitor(app).start()
    visitor.post("/inquiry/goals", GOALS)
    return visitor


def read_zip(visitor: Visitor) -> str:
    found = re.search(r'id="zip"[^>]*value="([^"]*)"', visitor.get("/inquiry/place").text)
    assert found
    return found[1]


def test_a_town_stands_for_its_zip_code(visitor: Visitor) -> None:
    assert visitor.post("/inquiry/place", PLACE | {"zip": "Joliet, IL"}).location == "/inquiry/eligibility"
    assert read_zip(visitor).startswith("604")


def test_a_name_that_several_have_asks_which_and_goes_on_with_the_one_picked(visitor: Visitor) -> None:
    answer = visitor.post("/inquiry/place", PLACE | {"zip": "Springfield"})
    assert answer.status_code == 422
    assert "There is more than one Springfield" in answer.text
    found = re.search(r'value="(\d{5})"><label[^>]*>Springfield, Massachusetts<', answer.text)
    assert found
    again = visitor.post("/inquiry/place", PLACE | {"zip": "Springfield", "which": found[1]})
    assert again.location == "/inquiry/eligibility"
    assert read_zip(visitor) == found[1]


def test_what_was_picked_counts_only_for_the_name_that_it_was_picked_for(visitor: Visitor) -> None:
    assert visitor.post("/inquiry/place", PLACE | {"zip": "Springfield", "which": "60601"}).status_code == 422
    visitor.post("/inquiry/place", PLACE | {"zip": "60602", "which": "01103"})
    assert read_zip(visitor) == "60602"


def test_a_typing_error_offers_what_it_may_be(visitor: Visitor) -> None:
    page = visitor.post("/inquiry/place", PLACE | {"zip": "Jolliet, IL"}).text
    assert "Did you mean one of these?" in page
    assert "Joliet, Illinois</label>" in page


def test_the_first_box_takes_a_town_and_asks_which_too(app: Flask) -> None:
    visitor = Visitor(app)
    fields = {"program": PROGRAM, "zip": "Springfield"}
    page = visitor.post("/inquiry/start", fields).text
    found = re.search(r'name="which"[^>]*value="(\d{5})"><label[^>]*>Springfield, Illinois<', page)
    assert found
    assert visitor.post("/inquiry/start", fields | {"which": found[1]}).location == "/inquiry/goals"


def test_where_her_device_is_becomes_the_nearest_zip_and_is_told_back(visitor: Visitor) -> None:
    assert visitor.post("/inquiry/place/here", JOLIET).location == "/inquiry/place"
    page = visitor.get("/inquiry/place").text
    assert "You are near Joliet, IL 604" in page
    visitor.post("/inquiry/place", PLACE | {"zip": read_zip(visitor)})
    visitor.post("/inquiry/eligibility", {"adult": "yes", "education": "high_school"})
    shown = visitor.get("/inquiry/schools").text
    assert "of where you are, near Joliet, IL 604" in shown
    assert "miles from where you are" in shown


def test_another_zip_code_replaces_what_her_device_told(visitor: Visitor) -> None:
    visitor.post("/inquiry/place/here", JOLIET)
    visitor.post("/inquiry/place", PLACE)
    assert "You are near" not in visitor.get("/inquiry/place").text


POINTS = [("", ""), ("x", "1"), ("nan", "0"), ("91", "0"), ("48.85", "2.35")]


@pytest.mark.parametrize(("latitude", "longitude"), POINTS)
def test_what_is_no_place_of_ours_is_refused_and_she_can_type(visitor: Visitor, latitude: str, longitude: str) -> None:
    answer = visitor.post("/inquiry/place/here", {"latitude": latitude, "longitude": longitude})
    assert answer.status_code == 422
    assert "Enter a ZIP code" in answer.text
    assert read_zip(visitor) == "60601"


@pytest.mark.parametrize("spoken", ["", "/es"])
def test_from_a_place_that_is_none_of_ours_the_page_leads_on(visitor: Visitor, spoken: str) -> None:
    visitor.spoken = spoken
    elements = Elements(visitor.post("/inquiry/place/here", {"latitude": "48.85", "longitude": "2.35"}).text)
    form = next(each for each in elements.named("form") if each.get("id") != "here")
    visitor.spoken = ""
    assert visitor.post(form["action"], PLACE).location == f"{spoken}/inquiry/eligibility"
    (switch,) = (each for each in elements.named("a") if each.get("class") == "tongue")
    assert visitor.client.get(switch["href"], follow_redirects=True).status_code == 200


def send_from_joliet(visitor: Visitor) -> None:
    """An inquiry from where her device says that she is."""
    visitor.post("/inquiry/place/here", JOLIET)
    visitor.post("/inquiry/place", PLACE | {"zip": read_zip(visitor)})
    visitor.post("/inquiry/eligibility", {"adult": "yes", "education": "high_school"})
    visitor.tick("larkspur")
    visitor.give_details("larkspur")
    assert visitor.send(visitor.read_token()).status_code == 303


def test_the_point_is_kept_only_where_it_is_sealed(app: Flask, visitor: Visitor) -> None:
    send_from_joliet(visitor)
    with database(app) as session:
        inquiry = session.query(Inquiry).one()
        assert (inquiry.city, inquiry.criteria["latitude"], inquiry.criteria["longitude"]) == ("Joliet", None, None)
    assert not any("41.5" in answer.headers.get("Location", "") for answer in visitor.answers)


def test_miles_and_scores_are_kept_from_the_middle_of_the_zip_code(app: Flask, visitor: Visitor) -> None:
    send_from_joliet(visitor)
    with database(app) as session:
        matches = session.query(Match).filter(Match.distance_miles.is_not(None)).all()
        inquiry = session.query(Inquiry).one()
        assert matches
        for match in matches:
            campus = match.offering.latitude, match.offering.longitude
            miles = geodesic_miles(find_place(inquiry.zip).point, campus)
            assert match.distance_miles == pytest.approx(miles)
            assert match.reasons[0] == f"{miles:,.1f} miles from your ZIP"
            by_zip = find_matches(session, Criteria.from_json(inquiry.criteria)).matches
            assert match.score in {each.score for each in by_zip if each.offering_id == match.offering_id}


def test_only_the_page_with_the_button_may_ask_the_device(visitor: Visitor) -> None:
    policies = {path: visitor.get(path).headers["Permissions-Policy"] for path in ("/inquiry/place", "/inquiry/goals")}
    assert "geolocation=(self)" in policies["/inquiry/place"]
    assert "geolocation=()" in policies["/inquiry/goals"]
    assert "geolocation=(self)" in visitor.post("/inquiry/place", PLACE | {"zip": "1"}).headers["Permissions-Policy"]
