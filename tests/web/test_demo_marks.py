"""Whoever looks at invented data is told so: on every page, and on the inquiry itself."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from leadgen.accounts.roles import RoleName
from leadgen.models import Inquiry
from leadgen.web import demo
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import database, sign_in

BANNER = "Demo data."


def make_inquiry(app: Flask, *, is_demo: bool) -> str:
    with database(app) as session:
        add_school(session)
        reference = send_inquiry(session, ["larkspur"]).reference
        session.execute(update(Inquiry).values(demo=is_demo))
        session.commit()
        return reference


def test_every_page_says_so_while_there_is_demo_data(app: Flask) -> None:
    reference = make_inquiry(app, is_demo=True)
    desk = sign_in(app, "rita@firststep.example", RoleName.admin)
    for page in ("/", "/how-it-works", "/nowhere", "/desk", f"/desk/inquiries/{reference}"):
        assert BANNER in desk.get(page).text, page
    assert '<span class="tag calm">Demo</span>' in desk.get(f"/desk/inquiries/{reference}").text


def test_no_page_says_so_without(app: Flask, client: FlaskClient) -> None:
    reference = make_inquiry(app, is_demo=False)
    desk = sign_in(app, "rita@firststep.example", RoleName.admin)
    assert BANNER not in client.get("/").text
    page = desk.get(f"/desk/inquiries/{reference}").text
    assert BANNER not in page
    assert ">Demo</span>" not in page


def test_a_page_that_was_drawn_before_is_drawn_again(app: Flask, client: FlaskClient) -> None:
    assert BANNER not in client.get("/how-it-works").text
    make_inquiry(app, is_demo=True)
    app.extensions[demo.SEEN]["until"] = 0.0
    assert BANNER in client.get("/how-it-works").text
