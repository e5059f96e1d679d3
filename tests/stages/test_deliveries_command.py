"""`leadgen deliveries`: what is on its way, and what failed sent again."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from leadgen.cli import main
from leadgen.extensions import db
from leadgen.models import Delivery, Event, Lead, State
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school, send_inquiry
from tests.web.workplace import settle


@pytest.fixture
def failed(app: Flask) -> int:
    """The number of a delivery that failed, beside one that is pending."""
    with app.app_context():
        add_school(db.session, "larkspur")
        add_school(db.session, "bramble")
        send_inquiry(db.session, ["larkspur", "bramble"])
        lead = db.session.scalars(select(Lead).where(Lead.school_id == "larkspur")).one()
        delivery = settle(db.session, lead, State.failed, "the school's server answered 422")
        db.session.commit()
        return delivery.id


def run(database_url: str, *arguments: str) -> Result:
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, ["deliveries", *arguments], env=settings)


def test_list_picks_by_state_and_school_and_names_nobody(database_url: str, failed: int) -> None:
    listed = run(database_url, "list", "--json")
    assert {row["state"] for row in json.loads(listed.stdout)} == {"failed", "pending"}
    only = json.loads(run(database_url, "list", "--state", "failed", "--school", "larkspur", "--json").stdout)
    assert [row["id"] for row in only] == [failed]
    assert "Ada" not in listed.stdout + run(database_url, "list").stdout


def test_failed_delivery_is_sent_again_once_with_a_reason_from_the_list(
    app: Flask, database_url: str, failed: int
) -> None:
    again = ("redeliver", str(failed), "--reason", "school_mended")
    assert run(database_url, *again).exit_code == 0
    with app.app_context():
        assert db.session.get_one(Delivery, failed).state is State.pending
        event = db.session.scalars(select(Event).where(Event.kind == "delivery.redelivered")).one()
        assert (event.actor, event.data["reason"]) == ("cli", "school_mended")
    twice = run(database_url, *again)
    assert (twice.exit_code, twice.stdout) == (1, "")
    assert "is pending by now" in twice.stderr


def test_reason_in_own_words_is_refused_since_histories_name_nobody(database_url: str, failed: int) -> None:
    assert run(database_url, "redeliver", str(failed), "--reason", "Ada called").exit_code == 2


def test_number_of_no_delivery_is_told(database_url: str, failed: int) -> None:
    told = run(database_url, "redeliver", "999999", "--reason", "school_asked")
    assert (told.exit_code, told.stderr.count("\n")) == (1, 1)
    assert "There is no delivery 999999." in told.stderr
