"""Global Privacy Control: honored, noted with the request, and said on the page; and the plain pages at every step."""

import pytest
from flask import Flask
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.models import Inquiry
from tests.inquiries import add_school
from tests.web.visitor import PROGRAM, Visitor
from tests.web.workplace import database, sign_in

SAYS = {"Sec_GPC": "1"}
STEPS = ["start", "goals", "place", "eligibility", "schools", "details", "check"]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    with database(app) as session:
        add_school(session, "larkspur")
    return Visitor(app)


def send(visitor: Visitor, **headers: str) -> None:
    token = visitor.reach_check("larkspur")
    visitor.post("/inquiry/check", {"form_token": token}, **headers)


def is_noted(app: Flask) -> bool:
    with database(app) as session:
        return session.scalars(select(Inquiry)).one().opted_out_of_sale


def test_what_the_browser_says_at_the_last_post_is_noted(app: Flask, visitor: Visitor) -> None:
    send(visitor, **SAYS)
    assert is_noted(app)


@pytest.mark.parametrize("said", [None, "0", "true"])
def test_anything_else_is_no_opt_out(app: Flask, visitor: Visitor, said: str | None) -> None:
    send(visitor, **({"Sec_GPC": said} if said else {}))
    assert not is_noted(app)


def test_what_it_said_when_she_began_holds_until_she_sends(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(self: Visitor) -> Visitor:
        self.post("/inquiry/start", {"program": PROGRAM, "zip": "60601"}, **SAYS)
        return self

    monkeypatch.setattr(Visitor, "start", start)
    send(visitor)
    assert is_noted(app)


def test_staff_see_it_on_the_inquiry(app: Flask, visitor: Visitor) -> None:
    send(visitor, **SAYS)
    with database(app) as session:
        reference = session.scalars(select(Inquiry.reference)).one()
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert "Global Privacy Control" in rita.get(f"/desk/inquiries/{reference}").text


def test_the_page_says_whether_the_browser_sends_it_and_is_kept_apart(app: Flask) -> None:
    client = app.test_client()
    plain, saying = client.get("/your-data"), client.get("/your-data", headers={"Sec-GPC": "1"})
    assert "Your browser does not send it now" in plain.text
    assert "Your browser sends it now" in saying.text
    assert plain.headers["ETag"] != saying.headers["ETag"]
    assert "Sec-GPC" in plain.headers["Vary"]


def test_every_step_links_to_who_pays_and_to_your_data(visitor: Visitor) -> None:
    visitor.reach_list()
    visitor.tick("larkspur")
    visitor.give_details("larkspur")
    for step in STEPS:
        page = visitor.get(f"/inquiry/{step}")
        assert page.status_code == 200, step
        assert 'href="/who-pays"' in page.text, step
        assert 'href="/your-data"' in page.text, step
