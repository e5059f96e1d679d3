"""A catalogue in another language reaches every word of a page; what is left over is data."""

import re
from pathlib import Path

import pytest
from babel import Locale
from flask import Flask
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.geo.outlines import name_areas
from leadgen.guides.loader import list_programs, require_program
from leadgen.models import EndpointKind, Lead, State
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.visitor import Visitor
from tests.web.workplace import database, settle, sign_in
from tests.words.pseudo import LANGUAGE, find_untranslated, speak_pseudo

# why a school was shown is kept as it was told
KEPT = "In Chicago, where you live"
# names, addresses, references, moments and units
PROGRAM = require_program("medical-billing-and-coding")
NAMED = [each.title for each in list_programs()] + [each.name for each in PROGRAM.certifications]
STATES = [name.upper() for name in name_areas().values()]
MONTHS = {name for width in Locale(LANGUAGE).months["format"].values() for name in width.values()}
DATA = re.compile(
    "|".join(map(re.escape, [KEPT, *NAMED, *STATES]))
    + r"|First Step( Example Co\.)?|(Larkspur|Bramble) Institute|Chicago|\bMain\b|[A-Z]{2} \d{5}|\bIL\b"
    r"|Ada Example|^English$|\S+@\S+|https?://\S+|(LG|LD)-[A-Z0-9-]+|\bleadgen_\w+|\bUTC\b|\bC[SD]T\b|\b(CPC|CCS|CPB|CMRS|CMC|GED|SMTP|POST)\b"
    + "".join(rf"|\b{name}\b" for name in MONTHS)
)


def list_left(page: str) -> set[str]:
    left = {DATA.sub("", run) for run in find_untranslated(page)}
    return {run for run in left if re.search(r"[^\W\d_]{2,}", run)}


@pytest.fixture
def pseudo(app: Flask, tmp_path: Path) -> Flask:
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.portal, address=None, secret=None)
        add_school(session, "bramble")
    speak_pseudo(app, tmp_path / "translations")
    return app


def test_the_desk_speaks_the_language(pseudo: Flask) -> None:
    with database(pseudo) as session:
        send_inquiry(session, ["larkspur", "bramble"], Prospect(), trap="filled")
    rita = sign_in(pseudo, "rita@firststep.example", RoleName.reviewer)
    assert list_left(rita.get("/desk").text) == set()


def test_an_inquiry_at_the_desk_speaks_the_language(pseudo: Flask) -> None:
    with database(pseudo) as session:
        inquiry = send_inquiry(session, ["larkspur", "bramble"])
        settle(session, session.scalars(select(Lead).where(Lead.school_id == "larkspur")).one(), State.failed)
        session.commit()
        reference = inquiry.reference
    rita = sign_in(pseudo, "rita@firststep.example", RoleName.reviewer)
    assert list_left(rita.get(f"/desk/inquiries/{reference}").text) == set()


def test_a_refused_release_is_told_in_the_language_with_who_was_first_and_when(pseudo: Flask) -> None:
    with database(pseudo) as session:
        reference = send_inquiry(session, ["larkspur", "bramble"], Prospect(), trap="filled").reference
    rita = sign_in(pseudo, "rita@firststep.example", RoleName.reviewer)
    for school in ("larkspur", "larkspur"):
        fields = {"school": school, "reason": "checked"}
        rita.post(f"/desk/inquiries/{reference}/release", data=fields)
    page = rita.get(f"/desk/inquiries/{reference}").text
    assert "⟦⟦Released already by rita@firststep.example on ⟦" in page
    assert list_left(page) == set()


def test_a_form_of_the_directory_says_in_the_language_what_belongs_in_a_field(pseudo: Flask) -> None:
    ada = sign_in(pseudo, "ada@firststep.example", RoleName.admin)
    page = ada.post("/desk/schools/larkspur/campuses/new", data={"campus": "South", "state": "Illinois"}).text
    assert "⟦the two capital letters of a state or territory, like IL⟧" in page
    assert "⟦⟦ZIP code⟧: fill this in⟧" in page
    south = {"campus": "South", "city": "Chicago", "state": "IL", "zip": "60601", "latitude": "41.9"}
    page = ada.post("/desk/schools/larkspur/campuses/new", data=south).text
    assert "⟦latitude and longitude together, or neither⟧" in page


@pytest.mark.parametrize("typed", ["606", "00000", "09001", "Nowheretown", "Springfield"])
def test_a_zip_code_that_we_do_not_know_is_told_in_the_language(pseudo: Flask, typed: str) -> None:
    page = Visitor(pseudo).post("/inquiry/start", {"program": PROGRAM.slug, "zip": typed})
    assert page.status_code == 422
    assert list_left(page.text.replace(typed, "")) <= {f", {state}" for state in name_areas().values()}


def test_the_portal_speaks_the_language(pseudo: Flask) -> None:
    with database(pseudo) as session:
        send_inquiry(session, ["larkspur"])
        settle(session, session.scalars(select(Lead)).one(), State.delivered)
        session.commit()
    lou = sign_in(pseudo, "lou@larkspur.example", RoleName.owner, "larkspur")
    assert list_left(lou.get("/portal").text) == set()
    assert list_left(lou.get(f"/portal/leads/{find_lead(pseudo)}").text) == set()
    assert "⟦⟦email⟧ and ⟦phone call⟧⟧" in lou.get(f"/portal/leads/{find_lead(pseudo)}").text
    lou.post(f"/portal/leads/{find_lead(pseudo)}/open")
    assert list_left(lou.get(f"/portal/leads/{find_lead(pseudo)}").text) == set()
    lou.post(f"/portal/leads/{find_lead(pseudo)}/return", data={"reason": "other"})
    lou.post(f"/portal/leads/{find_lead(pseudo)}/accept")
    page = lou.get(f"/portal/leads/{find_lead(pseudo)}").text
    assert "⟦You returned this lead, so it cannot be accepted.⟧" in page
    assert list_left(page) == set()


def find_lead(app: Flask) -> str:
    with database(app) as session:
        return session.scalars(select(Lead.reference)).one()


def test_the_public_pages_speak_the_language(pseudo: Flask) -> None:
    visitor = Visitor(pseudo)
    visitor.start()
    for address in ("/how-it-works", "/who-pays", "/your-data", "/inquiry/goals", "/no/such/page"):
        assert list_left(visitor.get(address).text) == set(), address
