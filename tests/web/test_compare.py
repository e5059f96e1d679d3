"""The list is sorted, filtered and compared by its address alone, and nothing that she ticked is lost by it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.directory.showing import settle_showing
from leadgen.intake.answers import ShownMatch, ShownSchool
from leadgen.models import Offering, Origin, School
from leadgen.web.prospect.accreditors import find_accreditor_page
from leadgen.web.prospect.arrange import Sort, View, Where, arrange, read_view
from tests.inquiries import add_school
from tests.web.test_pages import Elements
from tests.web.visitor import PERSONAL, Visitor, find_ticked

NAMES = ("aspen", "birch", "cedar", "damson", "elder")


@pytest.fixture
def visitor(app: Flask, session: Session) -> Visitor:
    """Somebody at a list of five schools, of which the second is the cheapest and the fifth gives no price."""
    for number, name in enumerate(NAMES):
        add_school(session, name)
        price = {"tuition_usd": (9000, 4000, 8000, 7000, None)[number], "length_months": 12 - number}
        session.execute(update(Offering).where(Offering.school_id == name).values(price))
    parts = {"fees_usd": 125, "books_usd": 300, "clock_hours": 1200}
    session.execute(update(Offering).where(Offering.school_id == "cedar").values(parts))
    session.execute(update(School).where(School.id == "aspen").values(accreditor="ABHES"))
    session.commit()
    visitor = Visitor(app)
    visitor.reach_list()
    return visitor


def read_order(page: str) -> list[str]:
    places = {name: page.find(f'value="{name}"') for name in NAMES}
    return sorted((name for name, at in places.items() if at >= 0), key=lambda name: places[name])


def test_the_address_says_the_order_and_unknown_values_come_last(visitor: Visitor) -> None:
    page = visitor.get("/inquiry/schools?sort=cost").text
    assert read_order(page) == ["birch", "damson", "cedar", "aspen", "elder"]
    assert "In order of: Cost, lowest first. What is not given comes last." in page
    assert read_order(visitor.get("/inquiry/schools?sort=length").text)[0] == "elder"
    assert "In order of fit" in visitor.get("/inquiry/schools?sort=payment").text


def test_a_filter_hides_schools_but_never_one_that_she_ticked(visitor: Visitor) -> None:
    assert "elder" not in read_order(visitor.get("/inquiry/schools?price=given").text)
    visitor.tick("elder")
    page = visitor.get("/inquiry/schools?price=given").text
    assert "elder" in read_order(page)
    assert find_ticked(page).count("elder") == 1
    assert "Your filter hides" not in page


def test_where_nothing_is_left_the_page_says_so_and_leads_back(visitor: Visitor) -> None:
    page = visitor.get("/inquiry/schools?where=online").text
    assert "<h1>Your filter hides all 5 schools on your list</h1>" in page
    assert "near you</h1>" not in page
    assert "of the first 0" not in page
    assert 'href="/inquiry/schools"' in page
    assert "Continue</button>" not in page


@pytest.mark.parametrize("hidden", ["", "?where=online", "?takes=given&where=online"])
def test_what_is_wrong_leads_to_something_that_is_there(visitor: Visitor, hidden: str) -> None:
    found = Elements(visitor.post(f"/inquiry/schools{hidden}").text)
    ids = {each["id"] for _, each in found.found if "id" in each}
    links = {each["href"][1:] for each in found.named("a") if each["href"].startswith("#")}
    assert links <= ids
    assert links - {"main"} == {"show-all" if hidden else "schools-0"}


def test_where_a_filter_leaves_only_schools_without_a_box_the_way_on_is_to_take_it_off(
    visitor: Visitor, session: Session
) -> None:
    session.execute(update(School).where(School.id == "elder").values(listed=True, origin=Origin.ipeds))
    session.execute(update(Offering).where(Offering.school_id == "elder").values(next_start=date(2031, 3, 4)))
    settle_showing(session)
    session.commit()
    visitor.reach_list()
    page = visitor.post("/inquiry/schools?start=given").text
    assert "1 school near you" in page
    assert 'href="#show-all"' in page
    assert "hides every school that takes inquiries through us" in page


def test_the_buttons_keep_her_ticks_and_lead_to_the_address(visitor: Visitor) -> None:
    answer = visitor.post("/inquiry/schools/view", {"schools": ["cedar"], "sort": "cost", "price": "given"})
    assert (answer.status_code, answer.location) == (303, "/inquiry/schools?sort=cost&price=given")
    assert find_ticked(visitor.get(answer.location).text) == ["given", "cedar"]
    assert not any(word in answer.location for word in PERSONAL)


def test_two_to_four_schools_stand_beside_each_other(visitor: Visitor) -> None:
    asked = {"schools": ["aspen"], "compare": ["aspen", "elder"], "go": "compare"}
    answer = visitor.post("/inquiry/schools/view", asked)
    assert answer.location == "/inquiry/compare?school=aspen&school=elder"
    page = visitor.get(answer.location).text
    for words in (
        "2 schools compared",
        "$9,000 in tuition",
        "The school has not given a price",
        'href="https://www.abhes.org/"',
        "No accreditor is given",
        "Fees, books and exams are not given",
        "You ticked it",
        "You did not tick it",
    ):
        assert words in page, words
    assert "Birch" not in page


@pytest.mark.parametrize("picked", [["aspen"], list(NAMES), []])
def test_fewer_or_more_are_told_how_many_and_stay_picked(visitor: Visitor, picked: list[str]) -> None:
    answer = visitor.post("/inquiry/schools/view", {"compare": picked, "go": "compare"})
    page = visitor.get(answer.location).text
    assert "Tick two to four schools under “Compare”" in page
    assert sorted(find_ticked(page)) == sorted(picked)


def test_cost_in_parts_and_clock_hours_are_on_the_card_and_in_the_table(visitor: Visitor) -> None:
    for address in ("schools", "compare?school=cedar&school=aspen"):
        page = visitor.get(f"/inquiry/{address}").text
        assert "$8,425 for what is given: tuition $8,000, fees $125, books and supplies $300" in page
        assert "10 months, 1,200 clock hours" in page
        assert "Not given: exam. Ask what that adds to the cost" in page


def test_a_school_that_is_not_on_her_list_is_not_compared(visitor: Visitor) -> None:
    assert visitor.get("/inquiry/compare?school=aspen&school=stranger").location == "/inquiry/schools"


def make_school(name: str, **facts: object) -> ShownSchool:
    usual: dict[str, object] = {"format": "campus", "distance_miles": 3.0, "length_months": None, "next_start": None}
    rest = {"offering_id": name, "rank": 1, "campus": "", "city": "", "state": "", "credential": "certificate"}
    more = {"tuition_usd": None, "certifications": None, "schedule": None, "latitude": 0.0, "longitude": 0.0}
    match = ShownMatch(**(rest | more | usual | {"score": 0.0, "reasons": [], "checks": []} | facts))  # type: ignore[arg-type]
    return ShownSchool(name, 1, name, None, None, [match])


def test_every_view_has_an_address_that_reads_back_as_itself() -> None:
    for view in (View(), View(Sort.start, Where.online, priced=True, dated=True, through_us=True)):
        assert read_view(view.to_query()) == view


def test_the_order_by_cost_is_that_of_the_whole_cost_as_far_as_it_is_given() -> None:
    dear = make_school("dear", tuition_usd="900", fees_usd="200")
    schools = [make_school("untold", fees_usd="1"), dear, make_school("plain", tuition_usd="1000")]
    seen = arrange(schools, View(Sort.cost), (), lambda school: school.matches[0])
    assert [each.name for each in seen] == ["plain", "dear", "untold"]
    assert len(arrange(schools, View(priced=True), (), lambda school: school.matches[0])) == 2


def test_equals_stay_in_the_order_of_fit_and_online_counts_as_farthest() -> None:
    near = make_school("near", next_start="2027-02-01")
    soon = make_school("soon", next_start=date(2027, 1, 4).isoformat(), distance_miles=9.0)
    online = make_school("online", format="online", distance_miles=None)
    schools = [online, near, soon]

    def order(view: View, ticked: tuple[str, ...] = ()) -> list[str]:
        return [each.name for each in arrange(schools, view, ticked, lambda school: school.matches[0])]

    assert order(View(Sort.start)) == ["soon", "near", "online"]
    assert order(View(Sort.distance)) == ["near", "soon", "online"]
    assert order(View(Sort.cost)) == ["online", "near", "soon"]
    assert order(View(where=Where.near)) == ["near", "soon"]
    assert order(View(dated=True), ("online",)) == ["online", "near", "soon"]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("ABHES", "https://www.abhes.org/"),
        ("the Higher Learning Commission", "https://www.hlcommission.org/"),
        ("Council on Occupational Education (COE)", "https://council.org/"),
        ("Regional College Commission (sample)", None),
        ("", None),
        (None, None),
    ],
)
def test_an_accreditor_has_a_link_only_where_we_know_it(name: str | None, page: str | None) -> None:
    assert find_accreditor_page(name) == page
