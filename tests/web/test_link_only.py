"""A mailbox whose letters name nobody: chosen at the desk or by command, once, with a reason, and only where somebody
of the school can sign in."""

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.cli import main
from leadgen.delivery.invented import build_test_parcel
from leadgen.models import Endpoint, EndpointKind, EndpointTest
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school
from tests.web.workplace import database, sign_in

REASON = {"reason": "mail_is_shared"}


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An admin, at the desk of a school that receives by mail."""
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def read(app: Flask) -> Endpoint:
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        session.expunge(endpoint)
        return endpoint


def choose(app: Flask, client: FlaskClient, way: str, reason: dict[str, str] = REASON) -> str:
    return client.post(f"/desk/endpoints/{read(app).id}/{way}", data=reason, follow_redirects=True).text


def test_letters_name_nobody_once_somebody_can_read_leads_in_the_portal(app: Flask, ada: FlaskClient) -> None:
    assert "Invite somebody of the school first" in choose(app, ada, "link_only")
    assert not read(app).link_only
    sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    assert "Choose a reason first" in choose(app, ada, "link_only", {})
    page = choose(app, ada, "link_only")
    for words in ("letters there name nobody and lead to the portal", "Several people read that mailbox", "Send whole"):
        assert words in page
    assert read(app).link_only
    bea = sign_in(app, "bea@firststep.example", RoleName.admin)
    assert "name nobody already. By ada@firststep.example on " in choose(app, bea, "link_only")
    assert "letters there hold the whole lead" in choose(app, bea, "whole_letters")
    assert not read(app).link_only


def test_a_webhook_gets_no_letters(app: Flask, ada: FlaskClient) -> None:
    with database(app) as session:
        add_school(session, "bramble")
        webhook = session.scalars(select(Endpoint.id).where(Endpoint.kind == EndpointKind.webhook)).one()
    page = ada.post(f"/desk/endpoints/{webhook}/link_only", data=REASON, follow_redirects=True).text
    assert "Only a mailbox that is in use gets letters. Nothing was changed." in page


def test_reviewers_do_not_choose(app: Flask, ada: FlaskClient) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert rita.post(f"/desk/endpoints/{read(app).id}/link_only", data=REASON).status_code == 403


def test_command_chooses_too(app: Flask, ada: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    url = app.extensions["leadgen.settings"].database_url
    for name, value in (TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)
    command = ["endpoint", "letters", str(read(app).id), "--reason", "school_wishes"]
    assert "Give --link-only, --whole or --language." in CliRunner().invoke(main, command).output
    assert "name nobody and lead to the portal" in CliRunner().invoke(main, [*command, "--link-only"]).output
    assert read(app).link_only
    again = CliRunner().invoke(main, [*command, "--link-only"])
    assert (again.exit_code, "already" in again.output) == (1, True)


def test_a_test_of_such_a_mailbox_looks_as_its_letters_do(app: Flask, ada: FlaskClient) -> None:
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        endpoint.link_only = True
        test = EndpointTest(id=7, key="test_1", asked_at=endpoint.added_at)
        parcel = build_test_parcel(session, endpoint, test)
    text = parcel.body.decode()
    assert parcel.subject.startswith("TEST: New inquiry TEST-7")
    assert "This is a test of your address." in text
    assert "This letter names nobody." in text
    assert "Test Example" not in text + parcel.html
