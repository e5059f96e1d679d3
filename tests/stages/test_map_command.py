"""`leadgen endpoint map` and `preview`: the map of a form post by command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from leadgen.cli import main
from leadgen.extensions import db
from leadgen.models import Endpoint, EndpointKind
from tests.conftest import TEST_ENVIRONMENT
from tests.fake_school import answers
from tests.fake_server import FakeServer, running
from tests.inquiries import add_school
from tests.posting import describe_posting

SECRETS = {"secrets": {"api_key": "k3y-of-theirs"}}


@pytest.fixture
def school(app: Flask) -> Iterator[FakeServer]:
    """Larkspur takes form posts at its endpoint 1."""
    with running(answers(200, b'{"result": "success", "id": "A-1"}')) as server:
        with app.app_context():
            address = f"http://127.0.0.1:{server.port}/post"
            add_school(db.session, "larkspur", kind=EndpointKind.form_post, address=address, secret=None)
        yield server


def run(database_url: str, *arguments: str) -> Result:
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, ["endpoint", *arguments], env=settings)


def write(path: Path, data: object) -> str:
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return str(path)


def test_a_map_is_taken_from_a_file_tested_and_used(database_url: str, school: FakeServer, tmp_path: Path) -> None:
    assert "No map" in run(database_url, "map", "larkspur").output
    file = write(tmp_path / "map.json", describe_posting() | SECRETS)
    saved = run(database_url, "map", "larkspur", "--from", file)
    assert "Endpoint 1 is version 2; it is testing." in saved.stderr, saved.output
    assert "  phone <- {{ phone | national }}" in saved.stdout
    assert "Rule 1: accepted when json $.result is success" in saved.stdout
    assert run(database_url, "test", "1").exit_code == 0
    assert b"api_key=k3y-of-theirs" in school.received[0]
    assert "is live" in run(database_url, "resume", "1", "--reason", "test_passed").output
    assert "Nothing differs" in run(database_url, "map", "1", "--from", file).stderr


def test_what_is_printed_can_be_taken_again_and_holds_no_secret(
    database_url: str, school: FakeServer, tmp_path: Path
) -> None:
    run(database_url, "map", "1", "--from", write(tmp_path / "map.json", describe_posting() | SECRETS))
    printed = run(database_url, "map", "1", "--json")
    assert "k3y" not in printed.output
    assert json.loads(printed.stdout)["secrets"] == {"api_key": None}
    again = run(database_url, "map", "1", "--from", write(tmp_path / "again.json", printed.stdout))
    assert "Nothing differs" in again.stderr


def test_a_map_is_removed(app: Flask, database_url: str, school: FakeServer, tmp_path: Path) -> None:
    run(database_url, "map", "1", "--from", write(tmp_path / "map.json", describe_posting() | SECRETS))
    assert "version 3" in run(database_url, "map", "1", "--remove").stderr
    with app.app_context():
        assert db.session.scalars(select(Endpoint.posting)).one() is None


def test_a_preview_sends_nothing_and_shows_no_secret(database_url: str, school: FakeServer, tmp_path: Path) -> None:
    file = write(tmp_path / "map.json", describe_posting() | SECRETS)
    yes = write(tmp_path / "yes.txt", 'HTTP/1.1 200 OK\nContent-Type: x\n\n{"result": "success", "id": 7, "price": 3}')
    no = write(tmp_path / "no.txt", '{"result": "failed", "message": "no seats"}')
    odd = write(tmp_path / "odd.txt", "HTTP/1.1 503 Busy")
    shown = run(database_url, "preview", "larkspur", "--from", file, "--answer", yes, "--answer", no, "--answer", odd)
    assert shown.exit_code == 0, shown.output
    assert "POST http://127.0.0.1" in shown.output
    assert "first=Test&phone=%28312%29+555-0100" in shown.output
    assert "yes.txt: accepted by rule 1 reference=7 price=$3.00" in shown.output
    assert "no.txt: rejected by rule 3 reason=no seats" in shown.output
    assert "odd.txt: later by no rule" in shown.output
    assert "k3y" not in shown.output
    assert school.received == []
    told = json.loads(run(database_url, "preview", "1", "--from", file, "--answer", yes, "--json").stdout)
    assert (len(told["requests"]), told["answers"][0]["outcome"]) == (1, "accepted")


def test_what_cannot_be_ends_with_one_clear_line(database_url: str, school: FakeServer, tmp_path: Path) -> None:
    bad = describe_posting(lead={"rows": [{"name": "a", "value": "{{ emial }}"}]})
    for arguments, words in (
        (("map", "nowhere"), "There is no school nowhere with one form post or daily file"),
        (("map", "99"), "There is no endpoint 99."),
        (("map", "1", "--from", write(tmp_path / "a", "{")), "a: line 1: It is no JSON"),
        (("map", "1", "--from", write(tmp_path / "b", "[]")), "b: line 1: It does not fit"),
        (("map", "1", "--from", write(tmp_path / "c", bad)), "lead.rows.0.value: We have no field emial"),
        (
            ("map", "1", "--from", write(tmp_path / "d", describe_posting())),
            "secrets.api_key: Enter the secret",
        ),
        (("map", "1", "--from", write(tmp_path / "e", {"secrets": 1})), "Write secrets as names and texts"),
        (("preview", "1"), "This endpoint has no map"),
    ):
        result = run(database_url, *arguments)
        assert (result.exit_code, words in result.stderr) == (1, True), (arguments, result.output)
        assert result.stderr.count("\n") == 1


def test_a_map_is_drafted_by_command_and_taken_once_nothing_is_left_to_do(
    database_url: str, school: FakeServer, tmp_path: Path
) -> None:
    spec = write(tmp_path / "spec.txt", "curl https://x.example/in -d fname=Jane -d source=W7")
    yes, no = write(tmp_path / "yes", '{"status": "ok"}'), write(tmp_path / "no", '{"status": "no"}')
    drafted = run(database_url, "draft", spec, "--accepted", yes, "--rejected", no)
    assert (drafted.exit_code, "to https://x.example/in" in drafted.stderr) == (0, True), drafted.output
    refused = run(database_url, "map", "1", "--from", write(tmp_path / "draft.json", drafted.stdout))
    assert "Look through what is left to do" in refused.stderr
    done = {name: part for name, part in json.loads(drafted.stdout).items() if name != "todo"}
    assert "version 2" in run(database_url, "map", "1", "--from", write(tmp_path / "map.json", done)).stderr
    assert "ends inside a quote" in run(database_url, "draft", write(tmp_path / "bad", "curl 'x")).stderr
    assert school.received == []
