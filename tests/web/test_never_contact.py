"""Never contact again: at the desk and by command, for those who may erase; a saved search sends nothing there."""

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.cli import main
from leadgen.config import Settings
from leadgen.models import Consent, Letter, Suppression
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school
from tests.web.desk import PERSONAL, Desk, follow, make_desk
from tests.web.visitor import Visitor
from tests.web.workplace import database, sign_in

WORDS = "asked never to be contacted. Nothing goes there, or out with it."


def make(app: Flask) -> Desk:
    with database(app) as session:
        add_school(session, "larkspur")
    return make_desk(app, "larkspur")


def run(app: Flask, *arguments: str, typed: str) -> Result:
    settings: Settings = app.extensions["leadgen.settings"]
    values = {"LEADGEN_DATABASE_URL": settings.database_url, "LEADGEN_DATA_DIR": str(settings.data_dir)}
    return CliRunner().invoke(main, ["prospect", *arguments], env=TEST_ENVIRONMENT | values, input=typed)


def test_staff_put_a_person_on_the_list_and_take_her_off(app: Flask) -> None:
    desk = make(app)
    admin = sign_in(app, "ann@firststep.example", RoleName.admin)
    path = f"/desk/inquiries/{desk.reference}"
    assert "Choose a reason first" in follow(admin, f"{path}/suppress", {"reason": ""}).text
    page = follow(admin, f"{path}/suppress", {"reason": "called_us"}).text
    for words in (WORDS, "put on the list of those never to contact", "The person called us"):
        assert words in page
    with database(app) as session:
        assert session.scalars(select(Consent.withdrawn_at)).one() is not None
        assert len(session.scalars(select(Suppression)).all()) == 2
    page = follow(admin, f"{path}/unsuppress", {}).text
    assert WORDS not in page
    assert "Taken off the list" in page


def test_reviewers_may_not(app: Flask) -> None:
    desk = make(app)
    assert desk.rita.post(f"/desk/inquiries/{desk.reference}/suppress", data={"reason": "called_us"}).status_code == 403


def test_it_is_done_by_command_too_and_names_nobody(app: Flask) -> None:
    desk = make(app)
    done = run(app, "suppress", "--reason", "wrote_to_us", typed="Ada@Mail.example \n")
    assert (done.exit_code, desk.reference in done.output) == (0, True)
    assert not [word for word in PERSONAL if word in done.output]
    assert WORDS in desk.page()
    assert "off the list" in run(app, "unsuppress", typed="ada@mail.example\n").output
    assert "was not on the list" in run(app, "unsuppress", typed="ada@mail.example\n").output
    assert run(app, "suppress", "--reason", "wrote_to_us", typed="larkspur\n").exit_code == 1


def test_a_saved_search_sends_no_letter_there(app: Flask) -> None:
    run(app, "suppress", "--reason", "wrote_to_us", typed="ada@mail.example\n")
    visitor = Visitor(app)
    visitor.start()
    assert visitor.post("/inquiry/save", {"email": "ada@mail.example"}).location == "/inquiry/saved"
    with database(app) as session:
        assert session.scalars(select(Letter)).all() == []
