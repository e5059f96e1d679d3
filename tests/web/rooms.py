"""Two schools in the directory, who works on them at the desk, and how its pages are read and its forms sent."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from leadgen.accounts.roles import RoleName
from leadgen.directory.sync import import_directory
from leadgen.extensions import db
from leadgen.vault import open_vault
from tests.schools_csv import make_csv, make_row
from tests.web.workplace import database, sign_in

QUILLWATER = make_row(
    school_id="quillwater",
    school="Quillwater Community College",
    campus="River",
    city="Miami",
    state="FL",
    zip="33101",
    program="phlebotomy",
    credential="diploma",
    format="hybrid",
    online_states="FL",
    delivery="webhook",
    deliver_to="https://quillwater.example/leads",
)
LISTS = ("schools", "campuses", "offerings", "endpoints")


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, with two schools in the directory: Larkspur receives by email, Quillwater by webhook."""
    with database(app) as session:
        import_directory(session, "schools.csv", make_csv(make_row(daily_cap="4"), QUILLWATER), open_vault())
        session.commit()
    return sign_in(app, "rita@firststep.example", RoleName.reviewer)


def read(client: FlaskClient, path: str) -> str:
    """A page of the desk."""
    answer = client.get(f"/desk/{path}")
    assert answer.status_code == 200, path
    return answer.text


def find(app: Flask, model: type[Any], **values: object) -> Any:
    """The number of the only row with these values."""
    with database(app) as session:
        return session.scalars(select(model).filter_by(**values)).one().id


def count_statements(client: FlaskClient, path: str, app: Flask) -> int:
    """How often a page of the desk asks the database."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    listener: Callable[..., None] = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert client.get(f"/desk/{path}").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in statements)


@pytest.fixture
def ada(app: Flask, rita: FlaskClient) -> FlaskClient:
    """An admin, who may change the directory."""
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def open_form(client: FlaskClient, path: str) -> dict[str, str]:
    """The fields of a page's form, as a browser would send them."""
    page = read(client, path)
    form = page[page.index("<form method=") :]
    fields = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]*value="([^"]*)"', form)
    }
    for name, body in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        fields[name] = unescape(chosen[1]) if chosen else ""
    return fields


def save(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    """Send a form; gives the page after it, or the form with its faults."""
    answer = client.post(f"/desk/{path}", data=fields)
    return client.get(answer.location) if answer.status_code == 303 else answer
