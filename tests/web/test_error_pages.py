"""Errors as pages: each says what to do, and keeps what was typed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort, render_template_string
from sqlalchemy.exc import TimeoutError
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectChoice, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from leadgen.app import create_app
from leadgen.web.access import Audience, audience
from tests.conftest import make_settings
from tests.web.test_pages import Elements


def test_each_error_is_tied_to_its_field(app: Flask) -> None:
    form = Wish(MultiDict({"zip": "2139"}))
    assert not form.validate()
    with app.test_request_context("/"):
        page = render_template_string(
            """{% from "macros/forms.html" import error_summary, text_field, choice_field, tick_field %}
            {{ error_summary(form) }}{{ text_field(form.zip, hint="Where you live", autocomplete="postal-code") }}
            {{ choice_field(form.format, heading=true) }}{{ tick_field(form.sure) }}""",
            form=form,
        )
    elements = Elements(page)
    ids = {each["id"] for _, each in elements.found if "id" in each}
    assert {each["href"][1:] for each in elements.named("a")} == {"zip", "format-0", "sure"} & ids
    box = next(each for each in elements.named("input") if each["id"] == "zip")
    assert box["aria-describedby"] == "zip-hint zip-error"
    assert box["aria-invalid"] == "true"
    assert box["autocomplete"] == "postal-code"
    assert box["value"] == "2139"
    assert elements.named("fieldset")[0]["aria-describedby"] == "format-error"
    tick = next(each for each in elements.named("input") if each["id"] == "sure")
    assert tick["aria-describedby"] == "sure-error"
    assert {"zip-hint", "zip-error", "format-error", "sure-error"} <= ids


def _raise_at(app: Flask, path: str, error: Callable[[], Exception]) -> None:
    @audience(Audience.everybody)
    def fail() -> str:
        raise error()

    app.add_url_rule(path, path.strip("/"), fail, methods=["GET", "POST"])


def test_a_busy_database_keeps_what_was_typed_and_offers_it_again(app: Flask) -> None:
    _raise_at(app, "/busy", TimeoutError)
    secrets = {"old": "hidden words", "password": "hidden words", "csrf_token": "stale"}
    response = app.test_client().post("/busy", data={"zip": '60601"'} | secrets)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    fields = {each["name"]: each["value"] for each in Elements(response.text).named("input")}
    assert fields["zip"] == '60601"'
    assert fields["csrf_token"] != "stale"
    assert "hidden words" not in response.text
    assert Elements(response.text).named("form")[0]["action"] == "/busy"


@pytest.mark.parametrize("asked", ["?school=larkspur&way=text", "?q=%22%3E%3Cscript%3E", ""])
@pytest.mark.parametrize("spoken", ["", "/es"])
def test_trying_again_asks_the_same_of_the_same_address(app: Flask, asked: str, spoken: str) -> None:
    _raise_at(app, "/busy", TimeoutError)
    address = f"{spoken}/busy{asked}"
    form = Elements(app.test_client().post(address).text).named("form")[0]
    links = Elements(app.test_client().get(address).text).named("a")
    assert form["action"] in [each["href"] for each in links]
    assert form["action"] == address


def test_a_stale_form_can_be_sent_again(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    response = app.test_client().post("/login", data={"email": "jo@reader.example"})
    assert response.status_code == 400
    assert "Your answers are kept on this page" in response.text
    assert 'value="jo@reader.example"' in response.text


def test_the_page_about_a_fault_needs_no_database_even_for_somebody_logged_in(tmp_path: Path) -> None:
    client = create_app(make_settings(f"sqlite:///{tmp_path}/no/such/folder.sqlite3")).test_client()
    with client.session_transaction() as session:
        session["sign_in"] = "jo"
    response = client.get("/welcome")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert client.get("/").status_code == 200, "a page to read needs neither the user nor the database"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 429, 500])
def test_every_error_has_a_page_that_says_what_to_do(app: Flask, status: int) -> None:
    @audience(Audience.everybody)
    def fail() -> None:
        abort(status)

    app.add_url_rule("/fail", "fail", fail)
    response = app.test_client().get("/fail")
    assert response.status_code == status
    assert response.text.count("<h1>") == 1
    assert not re.search(r"\b(oops|invalid|submit)\b", response.text, re.IGNORECASE)


class Wish(Form):
    """A form with one field of each kind that the macros know."""

    zip = StringField("ZIP code", [Length(5, 5, message="Enter a ZIP code of five digits, like 60601")])
    format = RadioField("Where", [AnyOf(["online"], message="Pick where")], choices=[SelectChoice("online", "Online")])
    sure = BooleanField("I am sure", [InputRequired("Tick to go on")])
