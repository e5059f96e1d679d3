"""What a prospect sees of schools that are listed from federal data: all but a box to tick."""

import re

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.directory.showing import settle_showing
from leadgen.models import Campus, Choice, Control, Draft, Endpoint, Inquiry, Offering, Origin, School
from tests.inquiries import add_school
from tests.web.visitor import Visitor
from tests.web.workplace import sign_in

BOX = re.compile(r'<input[^>]*name="schools"[^>]*value="([^"]+)"')
SAYS = "Does not take inquiries through us"


def list_school(session: Session, school_id: str) -> None:
    """Make a school a listed one, with the facts that federal files give."""
    values = {"origin": Origin.ipeds, "listed": True, "control": Control.public, "unitid": "900001"}
    session.execute(update(School).where(School.id == school_id).values(website="https://bramble.example/", **values))
    facts = {"awards": 57, "awards_year": 2024, "award_level": 21, "length_months": None, "tuition_usd": None}
    session.execute(update(Offering).where(Offering.school_id == school_id).values(**facts))
    session.execute(delete(Endpoint).where(Endpoint.school_id == school_id))
    settle_showing(session)
    session.commit()


@pytest.fixture
def visitor(app: Flask, session: Session) -> Visitor:
    """Larkspur takes inquiries, Bramble is listed."""
    add_school(session, "larkspur")
    add_school(session, "bramble")
    list_school(session, "bramble")
    return Visitor(app)


def test_a_listed_school_has_its_facts_and_web_address_and_no_box(visitor: Visitor) -> None:
    page = visitor.reach_list().text
    assert BOX.findall(page) == ["larkspur"]
    assert page.count(SAYS) == 1
    assert '<a href="https://bramble.example/" rel="external' in page
    for fact in ("57 in 2023–24", "Public school", "12 weeks to 1 year"):
        assert fact in page
    assert "1 of these schools does not take inquiries through us" in page
    assert "nor does it matter whether a school takes inquiries through us" in page


def test_a_forged_tick_of_a_listed_school_is_refused(visitor: Visitor, session: Session) -> None:
    visitor.reach_list()
    answer = visitor.tick("bramble")
    assert answer.status_code == 422
    assert "Your list has changed" in answer.text


def test_the_walk_ends_with_the_schools_that_take_inquiries(visitor: Visitor, session: Session) -> None:
    token = visitor.reach_check("larkspur")
    assert visitor.send(token).status_code == 303
    choices = {choice.school_id: choice.ticked for choice in session.scalars(select(Choice))}
    assert choices == {"larkspur": True, "bramble": False}


def test_where_only_listed_schools_fit_the_page_is_honest_and_asks_nothing(visitor: Visitor, session: Session) -> None:
    list_school(session, "larkspur")
    page = visitor.reach_list().text
    assert "2 schools near you" in page
    assert "none of them takes inquiries through us" in page
    assert "we have not asked who you are, and nothing was sent" in page
    assert page.count(SAYS) == 2
    assert BOX.findall(page) == []
    assert "<form" not in page.partition("<main")[2]
    assert visitor.get("/inquiry/details").location.endswith("/inquiry/schools")
    assert visitor.tick("bramble").status_code == 422
    assert session.scalar(select(func.count()).select_from(Inquiry)) == 0
    assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_a_near_miss_that_is_listed_says_so(visitor: Visitor, session: Session) -> None:
    far = {"latitude": 43.07, "longitude": -89.4}
    session.execute(update(Offering).where(Offering.school_id == "bramble").values(**far))
    session.execute(update(Campus).where(Campus.school_id == "bramble").values(**far))
    session.commit()
    page = visitor.reach_list().text
    assert "It does not take inquiries through us" in page


def test_without_federal_facts_no_card_has_a_line_for_them(app: Flask, session: Session) -> None:
    add_school(session, "larkspur")
    session.commit()
    page = Visitor(app).reach_list().text
    assert "Awards given" not in page
    assert SAYS not in page


def test_who_pays_explains_the_difference(visitor: Visitor) -> None:
    page = visitor.get("/who-pays").text
    assert "Schools that pay nothing" in page


def test_the_desk_tells_listed_schools_apart(app: Flask, visitor: Visitor) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)

    def read(path: str) -> str:
        return str(rita.get(f"/desk/{path}").text)

    assert "Bramble Institute" in read("schools?status=listed")
    assert "Larkspur Institute" not in read("schools?status=listed")
    assert "Bramble Institute" not in read("schools?status=taking")
    school = read("schools/bramble")
    assert '<span class="tag calm">Listed</span>' in school
    assert "public" in school
    assert "Listed from federal data" in read("schools/bramble")
    offering = read("offerings/bramble-mbc")
    assert "57 in the year to June 2024" in offering
    assert "takes no inquiries through us" in offering
