"""`leadgen user`, as a person or a script meets it."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask_security import verify_password

from leadgen.accounts.users import find_user
from leadgen.cli import main
from leadgen.extensions import db
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school

EMAIL = "rita@firststep.example"
LONG = "correct horse battery"


@pytest.fixture
def database(app: Flask, database_url: str) -> str:
    """The address of a database with one school."""
    with app.app_context():
        add_school(db.session)
    return database_url


def run(database_url: str, *arguments: str, typed: str = "") -> Result:
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, ["user", *arguments], input=typed, env=settings)


def list_emails(database_url: str) -> list[str]:
    return [user["email"] for user in json.loads(run(database_url, "list", "--json").stdout)]


def is_password(app: Flask, email: str, password: str) -> bool:
    with app.test_request_context():
        user = find_user(db.session, email)
        return user is not None and bool(verify_password(password, user.password))


def test_random_password_is_printed_once_and_works(app: Flask, database: str) -> None:
    made = run(database, "add", EMAIL, "--role", "reviewer", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["email"], told["role"], told["school"]) == (EMAIL, "reviewer", None)
    assert len(told["password"]) >= 15
    assert is_password(app, EMAIL, told["password"])
    assert told["password"] not in run(database, "list", "--json").stdout


def test_password_from_standard_input_is_not_printed(app: Flask, database: str) -> None:
    made = run(database, "add", EMAIL, "--role", "admin", "--password-stdin", "--json", typed=f"{LONG}\n")
    assert made.exit_code == 0, made.output
    assert "password" not in json.loads(made.stdout)
    assert LONG not in made.output
    assert is_password(app, EMAIL, LONG)


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("not an address", "--role", "admin"), LONG, "is not an e-mail address"),
        ((EMAIL, "--role", "school"), LONG, "name the school"),
        ((EMAIL, "--role", "school", "--school", "nowhere"), LONG, "no school 'nowhere'"),
        ((EMAIL, "--role", "admin", "--school", "larkspur"), LONG, "leave the school out"),
        ((EMAIL, "--role", "admin"), "14 characters!", "has 14 characters. Use at least 15"),
        ((EMAIL, "--role", "admin"), "x" * 129, "too long"),
        ((EMAIL, "--role", "admin"), "", "has 0 characters"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_made(
    database: str, arguments: tuple[str, ...], typed: str, words: str
) -> None:
    refused = run(database, "add", *arguments, "--password-stdin", typed=f"{typed}\n")
    assert refused.exit_code == 1
    assert words in refused.output
    assert len(refused.output.strip().splitlines()) == 1
    assert list_emails(database) == []


def test_second_user_with_the_same_address_is_refused_in_any_letter_case(database: str) -> None:
    run(database, "add", EMAIL, "--role", "admin")
    refused = run(database, "add", EMAIL.upper(), "--role", "reviewer")
    assert refused.exit_code == 1
    assert "already" in refused.output
    assert list_emails(database) == [EMAIL]


def test_unknown_role_is_misuse(database: str) -> None:
    assert run(database, "add", EMAIL, "--role", "king").exit_code == 2


def test_list_tells_role_and_school(database: str) -> None:
    run(database, "add", EMAIL, "--role", "reviewer")
    run(database, "add", "lou@larkspur.example", "--role", "school", "--school", "larkspur")
    lines = run(database, "list").stdout.splitlines()
    assert lines == ["lou@larkspur.example  owner of larkspur", f"{EMAIL}  reviewer"]


def test_new_password_replaces_the_old_one(app: Flask, database: str) -> None:
    run(database, "add", EMAIL, "--role", "admin", "--password-stdin", typed=f"{LONG}\n")
    changed = run(database, "password", EMAIL, "--password-stdin", typed="another horse battery\n")
    assert changed.exit_code == 0, changed.output
    assert is_password(app, EMAIL, "another horse battery")
    assert not is_password(app, EMAIL, LONG)
    assert run(database, "password", "nobody@firststep.example").exit_code == 1


def test_lost_second_step_of_the_only_admin_is_forgotten_from_the_command_line(app: Flask, database: str) -> None:
    run(database, "add", EMAIL, "--role", "admin")
    assert "no second step" in run(database, "forget-second-step", EMAIL).output
    with app.app_context():
        user = find_user(db.session, EMAIL)
        assert user is not None
        user.tf_totp_secret, user.mf_recovery_codes = "sealed", ["hash"]
        db.session.commit()
    done = run(database, "forget-second-step", EMAIL)
    assert done.exit_code == 0, done.output
    with app.app_context():
        user = find_user(db.session, EMAIL)
        assert user is not None
        assert (user.tf_totp_secret, user.mf_recovery_codes) == (None, None)
    assert run(database, "forget-second-step", "nobody@firststep.example").exit_code == 1
