"""A daily file at the desk: its map is written and previewed, and its files are listed."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.models import Batch, Endpoint, EndpointKind, State
from tests.inquiries import add_school
from tests.web.test_map_page import read_map, send
from tests.web.workplace import database, sign_in


def open_desk(app: Flask) -> FlaskClient:
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.batch, address="sftp://files.example/in", secret=None)
        session.commit()
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def test_a_map_begins_with_the_columns_that_are_needed_and_is_told_what_lacks(app: Flask) -> None:
    ada = open_desk(app)
    assert "No map yet" in ada.get("/desk/endpoints/1").text
    text = read_map(ada.get("/desk/endpoints/1/map").text)
    for words in ('"{{ event }}"', '"{{ lead_id }}"', '"at": "18:00"'):
        assert words in text, words
    refused = send(ada, text)
    assert refused.status_code == 422
    for words in ("Say who logs in", "Enter the server’s public key"):
        assert words in refused.text, words
    with database(app) as session:
        session.scalars(select(Endpoint)).one().address = "intake@larkspur.example"
        session.commit()
    previewed = send(ada, text, "map/preview").text
    for words in ("intake@larkspur.example", "lead.withdrawn,TEST-0", "lead.test,TEST-0"):
        assert words in previewed, words
    assert send(ada, text).status_code == 303
    assert "A CSV file every day at 18:00" in ada.get("/desk/endpoints/1").text


def test_the_files_are_listed_with_how_they_ended(app: Flask) -> None:
    ada = open_desk(app)
    with database(app) as session:
        at = now(session)
        session.add(
            Batch(
                endpoint_id=1, version=1, name="leads-1.csv", state=State.delivered, made_at=at, sent_at=at, size=1234
            )
        )
        session.commit()
    page = ada.get("/desk/endpoints/1").text
    for words in ("leads-1.csv", "1,234 B"):
        assert words in page, words
