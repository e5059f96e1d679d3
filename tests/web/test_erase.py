"""Erased: her page says when and nothing else, staff see it, the portal shows nobody; the command does the same."""

import json

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, update

from leadgen.accounts.roles import RoleName
from leadgen.cli import main
from leadgen.config import Settings
from leadgen.models import Contact, Delivery, Erasure, Inquiry, Lead, State
from leadgen.tokens import make_request_token
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school
from tests.web.desk import PERSONAL, Desk, follow, make_desk
from tests.web.visitor import Visitor
from tests.web.workplace import database, sign_in


def make(app: Flask) -> Desk:
    with database(app) as session:
        add_school(session, "larkspur")
    desk = make_desk(app, "larkspur")
    with database(app) as session:
        session.execute(update(Delivery).values(state=State.uncertain))
        session.commit()
    return desk


def erase(app: Flask, desk: Desk, reason: str = "wrote_to_us") -> str:
    admin = sign_in(app, "ann@firststep.example", RoleName.admin)
    return follow(admin, f"/desk/inquiries/{desk.reference}/erase", {"reason": reason}).text


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    settings: Settings = app.extensions["leadgen.settings"]
    values = {"LEADGEN_DATABASE_URL": settings.database_url, "LEADGEN_DATA_DIR": str(settings.data_dir)}
    return CliRunner().invoke(main, ["prospect", *arguments], env=TEST_ENVIRONMENT | values, input=typed)


def test_without_a_reason_nothing_is_erased(app: Flask) -> None:
    desk = make(app)
    assert "Choose a reason first" in erase(app, desk, "")
    with database(app) as session:
        assert session.scalars(select(Erasure)).all() == []


def test_her_page_says_when_and_nothing_else(app: Flask) -> None:
    desk = make(app)
    assert "The personal data is erased." in erase(app, desk)
    secret = TEST_ENVIRONMENT["LEADGEN_SECRET_KEY"]
    path = make_request_token(desk.reference, secret)
    visitor = Visitor(app)
    page = visitor.get(f"/request/{path}").text
    assert "Erased on" in page
    assert not [word for word in ("Larkspur", desk.reference, "Withdraw", *PERSONAL) if word in page]
    assert visitor.get(f"/inquiry/sent/{path}").location == f"/request/{path}"


def test_staff_see_that_it_was_erased_and_by_whom(app: Flask) -> None:
    desk = make(app)
    erase(app, desk)
    page = desk.page()
    assert "The personal data was erased on" in page
    assert "ann@firststep.example" in page
    assert "The person wrote to us" in page
    assert not [word for word in PERSONAL if word in page]
    assert "There is nothing to show" in desk.act("reveal")
    assert desk.reference not in desk.rita.post("/desk/search", data={"q": "ada@mail.example"}).text


def test_reviewers_may_not_erase(app: Flask) -> None:
    desk = make(app)
    assert "Erase the personal data" not in desk.page()
    answer = desk.rita.post(f"/desk/inquiries/{desk.reference}/erase", data={"reason": "wrote_to_us"})
    assert answer.status_code == 403


def test_portal_shows_nobody_any_more(app: Flask) -> None:
    desk = make(app)
    lou = sign_in(app, "lou@larkspur.example", RoleName.owner, "larkspur")
    with database(app) as session:
        reference = session.scalars(select(Lead.reference)).one()
    lou.post(f"/portal/leads/{reference}/open")
    assert "Ada Example" in lou.get(f"/portal/leads/{reference}").text
    erase(app, desk)
    page = lou.get(f"/portal/leads/{reference}").text
    assert not [word for word in PERSONAL if word in page]
    assert "do not contact" in page


def test_command_line_finds_exports_and_erases(app: Flask) -> None:
    desk = make(app)
    found = run(app, "find", typed="Ada@mail.example\n")
    assert desk.reference in found.stdout
    told = json.loads(run(app, "export", desk.reference).stdout)
    assert told["person"]["email"] == "ada@mail.example"
    assert told["schools"][0]["network_address"] == "192.0.2.10"
    assert "Check your answers" in told["page_as_shown"]
    erased = run(app, "erase", desk.reference, "--reason", "called_us")
    assert "Schools that are told: 1" in erased.stdout
    assert run(app, "find", typed="ada@mail.example\n").stdout == ""
    for again in (("export",), ("erase", "--reason", "called_us")):
        refused = run(app, again[0], desk.reference, *again[1:])
        assert refused.exit_code == 1
        assert "was erased" in refused.stderr
    assert "There is no inquiry" in run(app, "export", "LG-0000-0000").stderr
    assert "standard input" in run(app, "find").stderr


def test_tombstones_are_replayed_after_a_restore(app: Flask) -> None:
    desk = make(app)
    with database(app) as session:
        row = session.execute(select(Contact.__table__)).mappings().one()
    assert run(app, "erase", desk.reference, "--reason", "called_us").exit_code == 0
    assert desk.reference in run(app, "tombstones").stdout
    assert "Erased again: 0" in run(app, "replay-tombstones").stdout
    with database(app) as session:  # a backup from before is put back: the contact, and no tombstone in the database
        session.execute(update(Contact).values(**row))
        session.query(Erasure).delete()
        session.commit()
    assert desk.reference in run(app, "find", typed="ada@mail.example\n").stdout
    assert "Erased again: 1" in run(app, "replay-tombstones").stdout
    assert run(app, "find", typed="ada@mail.example\n").stdout == ""
    with database(app) as session:
        assert session.scalars(select(Inquiry)).one().contact.wrapped_key is None
