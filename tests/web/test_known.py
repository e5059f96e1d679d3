"""What guides know of the directory: newest where that is quick, what was known where the database does not answer."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.directory.taught import Taught
from leadgen.web.prospect import known
from tests.builders import build_offering
from tests.web.workplace import database

GUIDE = "/programs/phlebotomy"
LOCAL, ELSEWHERE = f"{GUIDE}/illinois", f"{GUIDE}/ohio"


def add(app: Flask, months: int) -> None:
    with database(app) as session:
        build_offering(session, program="phlebotomy", length_months=months)
        session.commit()


def test_a_guide_is_read_where_the_database_does_not_answer(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(app, 3)
    assert "3 months" in client.get(GUIDE).text

    def fail(_session: object) -> None:
        raise OperationalError("SELECT", {}, Exception("locked"))

    monkeypatch.setattr(known, "read_stamp", fail)
    answer = client.get(GUIDE)
    assert answer.status_code == 200
    assert "3 months" in answer.text


def test_a_guide_counts_one_course_as_one(app: Flask, client: FlaskClient) -> None:
    add(app, 3)
    assert "We know of 1 school that teaches this, with 1 course in all." in client.get(GUIDE).text
    assert "Conocemos 1 escuela que enseña esto, con 1 curso en total." in client.get(f"/es{GUIDE}").text


def test_what_takes_long_to_read_is_not_read_at_every_edit(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(known, "QUICK_SECONDS", -1.0)
    monkeypatch.setattr(known, "REST", 1_000_000)
    monkeypatch.setattr(known, "read_taught", lambda _session: read.append(1) or {})
    add(app, 3)
    for newest in (1, 2, 3):
        monkeypatch.setattr(known, "read_stamp", lambda _session, newest=newest: known.Stamp(newest, newest))
        client.get(GUIDE)
    assert len(read) == 1


def test_a_large_directory_is_counted_beside_the_requests(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MANY_OFFERINGS", 0)
    may_end, read = threading.Event(), known.read_taught

    def read_late(session: Session) -> dict[str, Taught]:
        assert may_end.wait(30)
        return read(session)

    monkeypatch.setattr(known, "read_taught", read_late)
    add(app, 3)
    early = [client.get(GUIDE).text for _ in range(3)]
    state = client.get(LOCAL).status_code
    may_end.set()
    app.extensions[known.READER].join()
    assert not any("3 months" in text for text in early)
    assert state == 200
    assert "3 months" in client.get(GUIDE).text
    assert client.get(ELSEWHERE).status_code == 404
