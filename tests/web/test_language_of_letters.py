"""The language of letters: a user's is that of the page on which she came, until she chooses; a mailbox's is chosen at
the desk or by command, once, with a reason."""

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user, find_user
from leadgen.cli import main
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.history import read_history
from leadgen.models import Delivery, Endpoint, EndpointKind, Subject
from leadgen.vault import open_vault
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school, send_inquiry
from tests.web.mailbox import find_path, read_letters
from tests.web.workplace import PASSWORD, database, sign_in

NINA, RITA = "nina@firststep.example", "rita@firststep.example"
REASON = {"reason": "readers_speak"}


def read_language(app: Flask, email: str) -> str | None:
    with database(app) as session:
        user = find_user(session, email)
        assert user is not None
        return user.language


def list_chosen(app: Flask, email: str) -> list[str]:
    with database(app) as session:
        user = find_user(session, email)
        assert user is not None
        history = read_history(session, Subject.account, user.id)
        return [event.data["language"] for event in history if event.kind == "user.language_chosen"]


def test_the_page_on_which_a_user_first_signs_in_says_the_language_and_later_ones_do_not(app: Flask) -> None:
    with database(app) as session:
        add_user(session, RITA, PASSWORD, RoleName.reviewer, None, "test")
        session.commit()
    assert read_language(app, RITA) is None
    for door in ("/es/login", "/login"):
        app.test_client().post(door, data={"email": RITA, "password": PASSWORD})
        assert read_language(app, RITA) == "es"
    app.test_client().post("/lost-password", data={"email": RITA})
    ((kind, text),) = read_letters(app, RITA)
    assert kind == "password_reset"
    assert "Alguien pidió una contraseña nueva" in text
    assert find_path(app, RITA).startswith("/es/password/")


def test_a_user_chooses_once_and_the_history_says_so(app: Flask) -> None:
    rita = sign_in(app, RITA, RoleName.reviewer)
    page = rita.post("/account/language", data={"language": "es"}, follow_redirects=True).text
    assert "We write to you in this language from now on." in page
    assert '<option value="es" lang="es" selected>' in page
    again = rita.post("/account/language", data={"language": "es"}, follow_redirects=True).text
    assert "in this language already. Nothing was changed." in again
    assert "Choose one of the languages" in rita.post("/account/language", data={}, follow_redirects=True).text
    assert (read_language(app, RITA), list_chosen(app, RITA)) == ("es", ["es"])
    ada = sign_in(app, "ada@firststep.example", RoleName.admin)
    trail = ada.get("/es/desk/people/1").text
    assert "Se eligió el idioma de los correos" in trail
    assert "idioma Español" in trail


def test_nobody_chooses_without_signing_in(app: Flask) -> None:
    assert app.test_client().post("/account/language", data={"language": "es"}).status_code == 302


def test_an_invitation_is_in_the_language_of_whoever_invites_and_the_account_in_that_of_whoever_comes(
    app: Flask,
) -> None:
    ada = sign_in(app, "ada@firststep.example", RoleName.admin)
    ada.post("/es/desk/people/invite", data={"email": NINA, "role": "reviewer"})
    ((_, text),) = read_letters(app, NINA)
    assert "con el rol de revisión" in text
    path = find_path(app, NINA)
    assert path.startswith("/es/invitation/")
    nina = app.test_client()
    assert '<html lang="es">' in nina.get(path).text
    nina.post(path.removeprefix("/es"), data={"name": "Nina Example", "password": "violet kettle orbit nineteen"})
    assert read_language(app, NINA) == "en"


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An admin, at the desk of a school that receives by mail."""
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
    return sign_in(app, "ada@firststep.example", RoleName.admin)


def read_mailbox(app: Flask) -> tuple[str, list[str]]:
    """Its language, and what the school's history says of it."""
    with database(app) as session:
        endpoint = session.scalars(select(Endpoint)).one()
        kinds = [event.kind for event in read_history(session, Subject.school, "larkspur")]
        return endpoint.language, [kind for kind in kinds if kind.startswith("endpoint.in_")]


def choose(client: FlaskClient, way: str, reason: dict[str, str] = REASON) -> str:
    return client.post(f"/desk/endpoints/1/{way}", data=reason, follow_redirects=True).text


def test_staff_choose_the_language_of_a_mailbox_once(app: Flask, ada: FlaskClient) -> None:
    assert "Choose a reason first" in choose(ada, "in_spanish", {})
    page = choose(ada, "in_spanish")
    for words in ("From now on, letters there are in Spanish.", "Whoever reads that mailbox", "Write in English"):
        assert words in page
    bea = sign_in(app, "bea@firststep.example", RoleName.admin)
    assert "are in Spanish already. By ada@firststep.example on " in choose(bea, "in_spanish")
    assert read_mailbox(app) == ("es", ["endpoint.in_spanish"])
    lou = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    assert "Our letters there are in Spanish." in lou.get("/portal/receiving").text
    assert "From now on, letters there are in English." in choose(bea, "in_english")
    assert read_mailbox(app) == ("en", ["endpoint.in_spanish", "endpoint.in_english"])


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        (EndpointKind.webhook, "https://larkspur.example/leads", "Only a mailbox that is in use gets letters."),
        (EndpointKind.batch, "sftp://files.example/in", "Only a mailbox that is in use gets letters."),
        (EndpointKind.batch, "intake@larkspur.example", "From now on, letters there are in Spanish."),
    ],
)
def test_a_mailbox_alone_gets_letters(app: Flask, kind: EndpointKind, address: str, words: str) -> None:
    with database(app) as session:
        add_school(session, "larkspur", kind=kind, address=address, secret=None)
    ada = sign_in(app, "ada@firststep.example", RoleName.admin)
    offered = "Write in Spanish" in ada.get("/desk/endpoints/1").text
    assert offered is words.startswith("From now on")
    assert words in choose(ada, "in_spanish")
    assert "From now on" not in choose(ada, "link_only")
    lou = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    told = "Our letters there are in Spanish." in lou.get("/portal/receiving").text
    assert told is offered, "the school reads what its mailbox gets"


def test_reviewers_do_not_choose_for_a_mailbox(app: Flask, ada: FlaskClient) -> None:
    rita = sign_in(app, RITA, RoleName.reviewer)
    assert rita.post("/desk/endpoints/1/in_spanish", data=REASON).status_code == 403
    assert read_mailbox(app) == ("en", [])


def test_a_command_chooses_for_a_mailbox(app: Flask, ada: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    url = app.extensions["leadgen.settings"].database_url
    for name, value in (TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)
    command = ["endpoint", "letters", "1", "--reason", "school_wishes"]
    assert "Give --link-only, --whole or --language." in CliRunner().invoke(main, command).output
    assert "are in Spanish" in CliRunner().invoke(main, [*command, "--language", "es"]).output
    assert read_mailbox(app)[0] == "es"
    again = CliRunner().invoke(main, [*command, "--language", "es"])
    assert (again.exit_code, "already" in again.output) == (1, True)
    both = CliRunner().invoke(main, [*command, "--whole", "--language", "en"])
    assert (both.exit_code, read_mailbox(app)[0]) == (0, "en"), "what stands already does not keep the other back"
    assert "in English" in both.output


def test_a_button_of_a_letter_in_spanish_opens_a_page_in_spanish_that_takes_the_answer(
    app: Flask, ada: FlaskClient
) -> None:
    choose(ada, "in_spanish")
    with database(app) as session:
        send_inquiry(session, ["larkspur"])
        letter = build_parcel(open_vault(), find_facts(session, session.scalars(select(Delivery.id)).one())).body
    address = letter.decode().partition("http://127.0.0.1:8000")[2].split()[0]
    client = app.test_client()
    page = client.get(address).text
    assert address.startswith("/es/reply/")
    assert '<html lang="es">' in page
    assert "¿Logró comunicarse con esta persona?" in page
    said = client.post(address)
    assert (said.status_code, said.location) == (303, address)
    assert "Gracias" in client.get(address).text
    shown = ada.get("/desk/deliveries/1/parcel")
    assert shown.status_code in (200, 404, 405)
