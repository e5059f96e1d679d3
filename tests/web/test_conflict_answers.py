"""What a school's 409 means is declared at the desk or by command, with a reason, and counts for what is sent then."""

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.cli import main
from leadgen.models import Endpoint, EndpointKind
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school
from tests.web.workplace import database, sign_in

REASON = {"reason": "school_told_us"}


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An admin, at the desk of a school with a webhook."""
    with database(app) as session:
        add_school(session, "larkspur")
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def read(app: Flask) -> tuple[int, bool, bool]:
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        return endpoint.id, endpoint.conflict_means_received, endpoint.dedupes


def declare(app: Flask, client: FlaskClient, means: str, reason: dict[str, str] = REASON) -> str:
    path = f"/desk/endpoints/{read(app)[0]}/conflict/{means}"
    return client.post(path, data=reason, follow_redirects=True).text


def test_409_means_received_once_somebody_says_why(app: Flask, ada: FlaskClient) -> None:
    assert "Choose a reason first" in declare(app, ada, "received", {})
    page = declare(app, ada, "received")
    for words in ("From now on, 409 means that it has the lead.", "The school told us so", "409 means no"):
        assert words in page
    assert read(app)[1]
    assert "has the lead already. By ada@firststep.example on " in declare(app, ada, "received")


def test_what_409_proved_of_repeats_is_forgotten_when_it_means_no_again(app: Flask, ada: FlaskClient) -> None:
    declare(app, ada, "received")
    with database(app) as session:
        session.scalars(select(Endpoint)).one().dedupes = True
        session.commit()
    declare(app, ada, "refused")
    assert read(app)[1:] == (False, False)


def test_a_mailbox_answers_no_409(app: Flask, ada: FlaskClient) -> None:
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        endpoint.kind, endpoint.address = EndpointKind.email, "admissions@larkspur.example"
        session.commit()
    assert "Only a webhook or a form post that is in use answers so." in declare(app, ada, "received")


def test_it_is_declared_by_command_too(app: Flask, ada: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    url = app.extensions["leadgen.settings"].database_url
    for name, value in (TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)
    command = ["endpoint", "conflict", str(read(app)[0]), "--means", "received", "--reason", "school_told_us"]
    assert "means received from now on" in CliRunner().invoke(main, command).output
    assert read(app)[1]


def test_reviewers_do_not_declare_it(app: Flask, ada: FlaskClient) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    path = f"/desk/endpoints/{read(app)[0]}/conflict/received"
    assert rita.post(path, data=REASON).status_code == 403
