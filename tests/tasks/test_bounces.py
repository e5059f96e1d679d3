"""The mailbox that bounces come back to is read, written down and emptied; whatever is wrong with it stops nothing."""

import json
import mailbox
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from leadgen.cli import main
from leadgen.delivery.bounces.mailbox import open_mailbox
from leadgen.delivery.bounces.servers import MailboxError
from leadgen.delivery.bounces.turn import Outcome
from leadgen.delivery.carriers import batch, email
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.return_path import prove_key, sign_key
from leadgen.models import BounceTally, Delivery, EndpointKind, Lead, State
from leadgen.tasks.bounces import read_bounces
from leadgen.tasks.sweeper import Sweeper
from tests.conftest import TEST_ENVIRONMENT
from tests.dsn import Dsn, write_exim, write_postfix, write_qmail
from tests.fake_server import Behaviour, running
from tests.inquiries import add_school, send_inquiry
from tests.tasks.fake_mailboxes import imap, pop3
from tests.tasks.post_office import LETTER, PARCEL, PostOffice, office
from tests.tasks.test_carriers_email import polite
from tests.web.workplace import database, settle

__all__ = ["office", "polite"]  # fixtures, used by name

SECRET = TEST_ENVIRONMENT["LEADGEN_SECRET_KEY"]
MakeApp = Callable[..., Flask]


@pytest.fixture
def key(app: Flask) -> str:
    """Of a letter that brought a lead and was taken for delivered."""
    with database(app) as session:
        add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
        send_inquiry(session, ["larkspur"])
        delivery = settle(session, session.scalars(select(Lead)).one(), State.delivered)
        session.commit()
        return delivery.key


@pytest.fixture
def folder(tmp_path: Path) -> mailbox.Maildir:
    return mailbox.Maildir(tmp_path / "returned", create=True)


def write_bounces(key: str) -> list[bytes]:
    """One that fails the letter, the same once more, and one that nobody can read."""
    dsn = Dsn(f"{sign_key(key, SECRET)}@firststep.example", date="")
    return [write_postfix(dsn), write_exim(dsn), write_qmail(dsn)]


def read_state(app: Flask) -> State:
    with database(app) as session:
        return session.scalars(select(Delivery.state)).one()


EXPECTED = {Outcome.failed: 1, Outcome.known: 1, Outcome.unreadable: 1}


def test_a_maildir_is_read_and_emptied(make_app: MakeApp, key: str, folder: mailbox.Maildir) -> None:
    for raw in write_bounces(key):
        folder.add(raw)
    app = make_app(bounce_mailbox=f"maildir://{folder._path}")  # type: ignore[attr-defined]
    with app.app_context():
        assert read_bounces() == EXPECTED
        assert read_bounces() == {}
    assert len(folder) == 0
    assert read_state(app) is State.failed


@pytest.mark.parametrize(("scheme", "serve"), [("imap", imap), ("pop3", pop3)])
def test_a_mailbox_on_a_server_is_read_and_emptied(
    make_app: MakeApp, key: str, scheme: str, serve: Callable[..., object]
) -> None:
    messages = dict(enumerate(write_bounces(key), start=4))
    with running(serve(messages)) as server:  # type: ignore[arg-type]
        app = make_app(bounce_mailbox=f"{scheme}://bounces:p%40ss@127.0.0.1:{server.port}")
        with app.app_context():
            assert read_bounces() == EXPECTED
    assert messages == {}
    assert read_state(app) is State.failed


LONG_LINE = b"Subject: Out of office\r\n\r\n" + b"x" * 3_000 + b"\r\n.\r\nmore\r\n"


@pytest.mark.parametrize(("scheme", "serve"), [("imap", imap), ("pop3", pop3)])
def test_a_long_line_in_one_message_keeps_no_other_from_being_read(
    make_app: MakeApp, key: str, scheme: str, serve: Callable[..., object]
) -> None:
    messages = {1: LONG_LINE, 2: write_bounces(key)[0]}
    with running(serve(messages)) as server:  # type: ignore[arg-type]
        app = make_app(bounce_mailbox=f"{scheme}://bounces:p%40ss@127.0.0.1:{server.port}")
        with app.app_context():
            assert read_bounces() == {Outcome.unreadable: 1, Outcome.failed: 1}
    assert messages == {}
    assert read_state(app) is State.failed


def test_a_server_that_gives_whole_messages_alone_is_read_too(make_app: MakeApp, key: str) -> None:
    messages = {1: write_bounces(key)[0]}
    with running(pop3(messages, gives="RETR")) as server:
        app = make_app(bounce_mailbox=f"pop3://bounces:p%40ss@127.0.0.1:{server.port}")
        with app.app_context():
            assert read_bounces() == {Outcome.failed: 1}
    assert messages == {}


def test_a_file_in_the_folder_that_cannot_be_read_keeps_no_other_from_being_read(
    make_app: MakeApp, key: str, folder: mailbox.Maildir
) -> None:
    path = Path(folder._path)  # type: ignore[attr-defined]
    (path / "new" / "0000.nowhere").symlink_to(path / "no such file")
    folder.add(write_bounces(key)[0])
    app = make_app(bounce_mailbox=f"maildir://{path}")
    with app.app_context():
        assert read_bounces() == {Outcome.failed: 1}
    assert read_state(app) is State.failed


@pytest.mark.parametrize("length", [2_046, 2_047, 2_048, 2_049, 65_534, 65_535, 65_536, 70_000])
def test_a_message_is_read_whole_whatever_the_length_of_its_lines(length: int) -> None:
    raw = b"Subject: x\r\n\r\n" + b"y" * length + b"\r\n.\r\n..two\r\nend"
    with running(pop3({1: raw, 2: b"next"})) as server, open_mailbox(f"pop3://u:p@127.0.0.1:{server.port}") as box:
        assert [box.read(name, 500_000).rstrip() for name in box.list_messages(9)] == [raw, b"next"]
        assert box.read("1", 20) == raw[:20]
        assert box.read("2", 20).rstrip() == b"next"


@pytest.mark.parametrize("harm", [{"breaks_at": 2}, {"empty": 2}])
@pytest.mark.parametrize(("scheme", "serve"), [("imap", imap), ("pop3", pop3)])
def test_a_message_that_the_server_cannot_give_is_left_there_and_the_others_are_read(
    make_app: MakeApp, key: str, scheme: str, serve: Callable[..., Behaviour], harm: dict[str, int]
) -> None:
    one, two, _ = write_bounces(key)
    messages = {1: one, 2: b"" if "empty" in harm else LONG_LINE, 3: two}
    left = messages[2]
    with running(serve(messages, breaks_at=harm.get("breaks_at", 0))) as server:
        app = make_app(bounce_mailbox=f"{scheme}://bounces:p%40ss@127.0.0.1:{server.port}")
        with app.app_context():
            assert read_bounces() == {Outcome.failed: 1, Outcome.known: 1}
    assert messages == {2: left}
    assert read_state(app) is State.failed


@pytest.mark.parametrize(("scheme", "serve"), [("imap", imap), ("pop3", pop3)])
def test_a_mailbox_that_lets_nobody_in_is_named_without_its_password(
    make_app: MakeApp, scheme: str, serve: Callable[..., object]
) -> None:
    with running(serve({}, {"imap": "NO", "pop3": "-ERR no"}[scheme])) as server:  # type: ignore[arg-type]
        app = make_app(bounce_mailbox=f"{scheme}://bounces:p%40ss@127.0.0.1:{server.port}")
        with app.app_context(), pytest.raises(MailboxError, match=r"127\.0\.0\.1 answered") as raised:
            read_bounces()
    assert "p@ss" not in str(raised.value)


@pytest.mark.parametrize("url", ["maildir:///nowhere/at/all", "http://127.0.0.1/", "imap://[", "pop3://127.0.0.1:1/"])
def test_an_address_that_is_no_mailbox_says_how_to_mend_it(make_app: MakeApp, url: str) -> None:
    with (
        make_app(bounce_mailbox=url).app_context(),
        pytest.raises(MailboxError, match=r"LEADGEN_BOUNCE_MAILBOX|reached"),
    ):
        read_bounces()


def test_sweeper_reads_it_and_lives_with_one_that_is_away(make_app: MakeApp, key: str, folder: mailbox.Maildir) -> None:
    folder.add(write_bounces(key)[0])
    app = make_app(bounce_mailbox=f"maildir://{folder._path}")  # type: ignore[attr-defined]
    sweeper = Sweeper(app)
    sweeper.look()
    until = time.monotonic() + 60
    while read_state(app) is not State.failed and time.monotonic() < until:
        time.sleep(0.05)
    sweeper.close()
    assert read_state(app) is State.failed
    away = Sweeper(make_app(bounce_mailbox="maildir:///nowhere/at/all"))
    away.look()
    away.close()


def test_command_reads_it_once_and_counts(
    app: Flask, key: str, folder: mailbox.Maildir, monkeypatch: pytest.MonkeyPatch
) -> None:
    for raw in write_bounces(key):
        folder.add(raw)
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": app.extensions["leadgen.settings"].database_url}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert "is not set" in CliRunner().invoke(main, ["bounces", "read"]).output
    monkeypatch.setenv("LEADGEN_BOUNCE_MAILBOX", f"maildir://{folder._path}")  # type: ignore[attr-defined]
    told = json.loads(CliRunner().invoke(main, ["bounces", "read", "--json"]).stdout)
    assert (told["failed"], told["known"], told["unreadable"], told["not_ours"]) == (1, 1, 1, 0)
    with database(app) as session:
        assert {tally.outcome: tally.count for tally in session.scalars(select(BounceTally))} == {
            "failed": 1,
            "known": 1,
            "unreadable": 1,
        }


def test_letters_leave_with_a_marked_return_path_and_message_id(office: PostOffice, polite: email.Line) -> None:
    line = email.Line(polite.smtp_url, polite.mail_from, "", (), "bounces@firststep.example", SECRET)
    email.carry(PARCEL, LETTER, line)
    path, marked = office.envelopes[0].mail_from, sign_key(LETTER.key, SECRET)
    assert path == f"bounces+{marked}@firststep.example"
    assert office.read()["Message-ID"] == f"<{marked}@firststep.example>"
    assert prove_key(marked, SECRET) == LETTER.key


def test_a_daily_file_leaves_by_mail_with_a_mark_too(office: PostOffice, polite: email.Line) -> None:
    line = email.Line(polite.smtp_url, polite.mail_from, "", (), "bounces@firststep.example", SECRET)
    file = Parcel(b"Lead\r\n", "text/csv", "rows", subject="Leads", filename="leads.csv")
    batch.carry(file, replace(LETTER, key="batch_7"), line)
    marked = sign_key("batch_7", SECRET)
    assert office.envelopes[0].mail_from == f"bounces+{marked}@firststep.example"
    assert office.read()["Message-ID"] == f"<{marked}@firststep.example>"


def test_without_a_bounce_address_letters_come_back_to_their_sender(office: PostOffice, polite: email.Line) -> None:
    email.carry(PARCEL, LETTER, email.Line(polite.smtp_url, polite.mail_from, "", (), "", SECRET))
    assert office.envelopes[0].mail_from == "inquiries@firststep.example"
