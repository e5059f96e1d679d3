"""What monitors read: alive, ready, figures."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from leadgen.app import create_app
from leadgen.clock import now
from leadgen.extensions import db
from leadgen.models import Heartbeat, State
from tests.conftest import make_settings
from tests.inquiries import add_school, send_inquiry

TOKEN = "a token of the tests"
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(metrics_token=TOKEN)


def read_figures(client: FlaskClient) -> dict[str, float]:
    """The figures by name with labels, without comments."""
    lines = client.get("/metrics", headers=GIVEN).text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def set_revision(app: Flask, revision: str | None) -> None:
    with app.app_context():
        db.session.execute(text("DELETE FROM alembic_version"))
        if revision:
            db.session.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
        db.session.commit()


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"status": "ready"})


def test_a_database_out_of_reach_is_not_ready_and_the_process_still_lives(tmp_path: Path) -> None:
    client = create_app(make_settings(f"sqlite:///{tmp_path}/no/such/folder.sqlite3")).test_client()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "not ready", "reason": "the database cannot be reached"}
    assert client.get("/healthz").status_code == 200


def test_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    response = create_app(make_settings(f"sqlite:///{tmp_path}/empty.sqlite3")).test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json is not None
    assert "leadgen db upgrade" in response.json["reason"]


def test_a_database_without_its_migrations_is_not_ready(app: Flask, client: FlaskClient) -> None:
    set_revision(app, None)
    assert client.get("/readyz").status_code == 503


def test_a_newer_database_does_not_take_the_old_process_out_of_use(app: Flask, client: FlaskClient) -> None:
    set_revision(app, "9999_from_a_later_release")
    assert client.get("/readyz").status_code == 200


def test_without_a_token_there_are_no_figures(make_app: Callable[..., Flask]) -> None:
    client = make_app().test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer tökën"])
def test_a_wrong_token_gets_no_figures(client: FlaskClient, given: str) -> None:
    response = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "leadgen_" not in response.text


def test_figures_count_every_state_and_show_a_sweeper_that_never_looked(client: FlaskClient) -> None:
    figures = read_figures(client)
    for kind in ("deliveries", "letters"):
        assert {figures[f'leadgen_{kind}{{state="{state}"}}'] for state in State} == {0.0}
    assert figures["leadgen_held_choices"] == 0
    assert figures["leadgen_oldest_due_age_seconds"] == 0
    assert figures["leadgen_sweeper_heartbeat_age_seconds"] == float("inf")


def test_figures_follow_the_rows(app: Flask, client: FlaskClient, session: Session) -> None:
    add_school(session, "larkspur")
    add_school(session, "juniper")
    released = send_inquiry(session, ["larkspur"])
    send_inquiry(session, ["juniper"], trap="filled by a machine")
    delivery = session.execute(text("SELECT count(*) FROM delivery")).scalar_one()
    session.execute(text("UPDATE delivery SET due_at = :at"), {"at": _moment(session, timedelta(seconds=-90))})
    session.add(Heartbeat(name="sweeper", beat_at=now(session) - timedelta(seconds=5)))
    session.commit()
    figures = read_figures(client)
    assert delivery == 1
    assert figures['leadgen_deliveries{state="pending"}'] == 1
    assert figures['leadgen_letters{state="pending"}'] == 2
    assert figures["leadgen_held_choices"] == 1
    assert 89 < figures["leadgen_oldest_due_age_seconds"] < 120
    assert 4 < figures["leadgen_sweeper_heartbeat_age_seconds"] < 60
    page = client.get("/metrics", headers=GIVEN).text
    assert not re.search("ada|larkspur|juniper|example|" + released.reference, page, re.IGNORECASE)


def _moment(session: Session, moved: timedelta) -> object:
    at = now(session) + moved
    sqlite = session.get_bind().dialect.name == "sqlite"
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else at
