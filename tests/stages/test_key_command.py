"""`leadgen key`, as a person or a script meets it."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from leadgen.accounts.api_keys import find_key
from leadgen.cli import main
from leadgen.extensions import db
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school


@pytest.fixture
def database(app: Flask, database_url: str) -> str:
    """The address of a database with one school."""
    with app.app_context():
        add_school(db.session)
    return database_url


def run(database_url: str, *arguments: str) -> Result:
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, ["key", *arguments], env=settings)


def holds(app: Flask, secret: str) -> bool:
    with app.app_context():
        return find_key(db.session, secret) is not None


def test_key_is_printed_once_and_listed_by_its_beginning(app: Flask, database: str) -> None:
    made = run(database, "add", "--school", "larkspur", "--name", "CRM", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert holds(app, told["key"])
    listed = run(database, "list", "--school", "larkspur")
    assert told["prefix"] in listed.output
    assert told["key"] not in listed.output
    assert "last used never  CRM" in listed.output


def test_revoked_key_does_not_hold(app: Flask, database: str) -> None:
    told = json.loads(run(database, "add", "--school", "larkspur", "--name", "CRM", "--json").stdout)
    revoke = ("revoke", told["prefix"], "--school", "larkspur", "--reason", "leaked")
    assert run(database, *revoke).exit_code == 0
    assert not holds(app, told["key"])
    again = run(database, *revoke)
    assert again.exit_code == 1
    assert "Revoked already by" in again.output
    assert json.loads(run(database, "list", "--school", "larkspur", "--json").stdout)[0]["revoked_at"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "--school", "nowhere", "--name", "CRM"), "There is no school 'nowhere' in the directory."),
        (("add", "--school", "larkspur", "--name", " "), "Give the key a name, in at most 60 characters."),
        (("list", "--school", "nowhere"), "There is no school 'nowhere' in the directory."),
        (("revoke", "lgk_00000000", "--school", "larkspur", "--reason", "leaked"), "has no key lgk_00000000."),
    ],
)
def test_bad_input_is_told_in_one_line(database: str, arguments: tuple[str, ...], said: str) -> None:
    refused = run(database, *arguments)
    assert refused.exit_code == 1
    assert said in refused.output
