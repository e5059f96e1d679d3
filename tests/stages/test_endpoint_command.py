"""`leadgen endpoint` and `leadgen directory pause|close|resume|retire`: the desk's acts, by command."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from leadgen import history
from leadgen.cli import main
from leadgen.extensions import db
from leadgen.models import Endpoint, EndpointKind, Offering, School, SchoolStatus, Subject
from tests.conftest import TEST_ENVIRONMENT
from tests.fake_school import answers
from tests.fake_server import FakeServer, running
from tests.inquiries import add_school


@pytest.fixture
def school(app: Flask) -> Iterator[FakeServer]:
    """Larkspur receives at its endpoint 1, a webhook that answers 202."""
    with running(answers(202, b"thanks")) as server:
        with app.app_context():
            add_school(db.session, "larkspur", address=f"http://127.0.0.1:{server.port}/leads")
        yield server


def run(database_url: str, *arguments: str) -> Result:
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, arguments, env=settings)


def read(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_list_tells_how_each_endpoint_does(database_url: str, school: FakeServer) -> None:
    (row,) = read(run(database_url, "endpoint", "list", "--json"))
    assert (row["id"], row["school"], row["kind"], row["state"], row["waiting"]) == (
        1,
        "larkspur",
        "webhook",
        "live",
        0,
    )
    assert read(run(database_url, "endpoint", "list", "--state", "broken", "--json")) == []
    assert read(run(database_url, "endpoint", "list", "--school", "bramble", "--json")) == []
    assert "larkspur" in run(database_url, "endpoint", "list", "--kind", "webhook").output


def test_an_endpoint_is_paused_resumed_and_retired_and_the_second_is_told(
    app: Flask, database_url: str, school: FakeServer
) -> None:
    refused = run(database_url, "endpoint", "retire", "1", "--reason", "replaced")
    assert (refused.exit_code, "the only endpoint for the leads" in refused.stderr) == (1, True)
    with app.app_context():
        db.session.add(Endpoint(school_id="larkspur", kind=EndpointKind.portal, position=2))
        db.session.commit()
    for verb, reason in (("pause", "school_wishes"), ("resume", "fault_mended"), ("retire", "replaced")):
        first = run(database_url, "endpoint", verb, "1", "--reason", reason)
        assert first.exit_code == 0, first.output
        again = run(database_url, "endpoint", verb, "1", "--reason", reason)
        assert again.exit_code == 1
        assert again.stderr.startswith("Error: This endpoint is "), again.stderr
        assert "By cli at 20" in again.stderr
    with app.app_context():
        events = history.read_history(db.session, Subject.school, "larkspur")
    assert [event.kind for event in events] == ["endpoint.paused", "endpoint.resumed", "endpoint.retired"]


def test_a_pair_of_keys_is_asked_for_and_its_public_key_can_be_seen_again(
    app: Flask, database_url: str, school: FakeServer
) -> None:
    first = json.loads(
        run(database_url, "endpoint", "rotate-secret", "larkspur", "--signature", "ed25519", "--json").stdout
    )
    assert first["public_key"].startswith("whpk_")
    (row,) = read(run(database_url, "endpoint", "list", "--json"))
    assert (row["signature"], row["public_key"]) == ("ed25519", first["public_key"])
    again = run(database_url, "endpoint", "rotate-secret", "larkspur").stdout.strip()
    assert again.startswith("whpk_")
    assert again != first["public_key"]
    assert run(database_url, "endpoint", "rotate-secret", "larkspur", "--signature", "rsa").exit_code == 2
    with app.app_context():
        add_school(db.session, "bramble", kind=EndpointKind.portal, address=None, secret=None)
    address = ("--kind", "webhook", "--address", "https://bramble.example/leads", "--signature", "ed25519")
    made = json.loads(run(database_url, "endpoint", "add", "bramble", *address, "--json").stdout)
    assert (made["secret"], made["public_key"][:5]) == (None, "whpk_")


def test_what_cannot_be_ends_with_one_clear_line(database_url: str, school: FakeServer) -> None:
    for arguments, words in (
        (("pause", "99", "--reason", "school_wishes"), "There is no endpoint 99."),
        (("test", "99"), "There is no endpoint 99."),
        (("add", "nowhere", "--kind", "portal"), "There is no school nowhere."),
        (("add", "larkspur", "--kind", "email", "--address", "x"), "address: expected an e-mail address"),
        (("add", "larkspur", "--kind", "webhook", "--address", "https://a.example"), "kind: expected another"),
        (("change", "1", "--address", "ftp://a.example"), "address: expected an address that starts with https://"),
        (("rotate-secret", "nowhere"), "There is no school nowhere with a webhook."),
    ):
        result = run(database_url, "endpoint", *arguments)
        assert (result.exit_code, words in result.stderr) == (1, True), (arguments, result.output)
        assert result.stderr.count("\n") == 1
    assert run(database_url, "endpoint", "pause", "1").exit_code == 2
    assert run(database_url, "endpoint", "pause", "one", "--reason", "school_wishes").exit_code == 2


def test_a_test_is_sent_at_once_and_told(database_url: str, school: FakeServer) -> None:
    result = run(database_url, "endpoint", "test", "1", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["result"], told["status"], told["answer"]) == ("accepted", "202", "thanks")
    assert b'"test":true' in school.received[0]


def test_a_test_that_fails_ends_with_one(app: Flask, database_url: str) -> None:
    with running(answers(401)) as server:
        with app.app_context():
            add_school(db.session, "larkspur", address=f"http://127.0.0.1:{server.port}/leads")
        result = run(database_url, "endpoint", "test", "1")
    assert (result.exit_code, "misconfigured: the school's server answered 401" in result.output) == (1, True)


def test_a_new_endpoint_waits_for_its_test(app: Flask, database_url: str, school: FakeServer) -> None:
    with app.app_context():
        add_school(db.session, "bramble", kind=EndpointKind.portal, address=None, secret=None)
    address = f"http://127.0.0.1:{school.port}/bramble"
    made = json.loads(
        run(database_url, "endpoint", "add", "bramble", "--kind", "webhook", "--address", address, "--json").stdout
    )
    assert (made["state"], made["secret"].startswith("whsec_")) == ("testing", True)
    number = str(made["id"])
    resume = ("endpoint", "resume", number, "--reason", "test_passed")
    assert "Send a test first" in run(database_url, *resume).stderr
    assert run(database_url, "endpoint", "test", number).exit_code == 0
    assert "is live" in run(database_url, *resume).output
    changed = run(database_url, "endpoint", "change", number, "--address", address + "/v2", "--position", "2")
    assert "is changed" in changed.output
    (row,) = [row for row in read(run(database_url, "endpoint", "list", "--json")) if row["id"] == made["id"]]
    assert (row["state"], row["version"], row["position"]) == ("testing", 2, 2)
    assert "Nothing differs" in run(database_url, "endpoint", "change", number, "--position", "2").output


def test_schools_campuses_and_offerings_stand_as_told(app: Flask, database_url: str, school: FakeServer) -> None:
    def directory(*arguments: str) -> Result:
        return run(database_url, "directory", *arguments)

    assert "larkspur is paused." in directory("pause", "larkspur", "--reason", "too_many_leads").output
    assert "already. By cli at" in directory("pause", "larkspur", "--reason", "too_many_leads").stderr
    assert "in use" in directory("resume", "school", "larkspur", "--reason", "school_wishes").output
    assert "is closed" in directory("close", "larkspur", "--reason", "contract_ended").output
    refused = directory("retire", "campus", "larkspur:Main", "--reason", "replaced")
    assert (refused.exit_code, "1 offering is taught there" in refused.stderr) == (1, True)
    assert directory("retire", "offering", "larkspur-mbc", "--reason", "no_longer_offered").exit_code == 0
    assert directory("retire", "campus", "larkspur:Main", "--reason", "replaced").exit_code == 0
    assert "There is no offering x." in directory("retire", "offering", "x", "--reason", "replaced").stderr
    with app.app_context():
        assert db.session.get_one(School, "larkspur").status is SchoolStatus.closed
        assert db.session.get_one(Offering, "larkspur-mbc").retired


def test_commands_that_need_no_app_import_none() -> None:
    code = "import sys; import leadgen.cli.endpoint, leadgen.cli.directory; sys.exit('leadgen.web' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_help_names_every_act() -> None:
    told = CliRunner().invoke(main, ["endpoint", "--help"]).output
    for verb in (
        "add",
        "change",
        "conformance",
        "list",
        "pause",
        "resume",
        "retire",
        "rotate-secret",
        "secrets",
        "test",
    ):
        assert f"  {verb} " in told, verb


def test_what_is_added_is_there(app: Flask, database_url: str, school: FakeServer) -> None:
    made = run(database_url, "endpoint", "add", "larkspur", "--kind", "form_post", "--address", "https://a.example/f")
    assert "Made endpoint 2 of larkspur; it is testing." in made.output
    with app.app_context():
        kinds = db.session.scalars(select(Endpoint.kind).order_by(Endpoint.id)).all()
    assert kinds == [EndpointKind.webhook, EndpointKind.form_post]
