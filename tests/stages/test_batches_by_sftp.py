"""Daily files by SFTP to a real server: whole or not there, once, and never long in doubt."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery.batch.send import send_batch
from leadgen.delivery.batch.settle import note_end
from leadgen.delivery.batch.start import start_batch
from leadgen.delivery.carriers import sftp
from leadgen.delivery.carriers.addresses import IPv4Network
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Unknown
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.endpoints import find_destination
from leadgen.delivery.posting.keep import save_posting
from leadgen.delivery.posting.model import Posting
from leadgen.delivery.trial import TrialError, ask_test
from leadgen.invariants import find_breaches
from leadgen.models import Batch, Delivery, Endpoint, EndpointKind, EndpointState, Result, State
from leadgen.vault import open_vault
from tests.inquiries import add_school
from tests.sftp_school import PASSWORD, SftpSchool, running_sftp
from tests.stages.daily_files import LONG_AGO, Worker, claim, describe, lapse, send_leads, states


@pytest.fixture
def school(tmp_path: Path) -> Iterator[SftpSchool]:
    (tmp_path / "leads").mkdir()
    with running_sftp(tmp_path / "leads") as running:
        yield running


def make_worker(session: Session) -> Worker:
    known = open_dispatcher()
    line = replace(known.line, allowed_networks=(IPv4Network("127.0.0.0/8"),))
    return Worker(session, Dispatcher(known.sessions, known.vault, line, 0))


def make_endpoint(session: Session, school: SftpSchool, secrets: dict[str, str], **changes: Any) -> Endpoint:
    address = f"sftp://127.0.0.1:{school.port}/"
    add_school(session, "larkspur", kind=EndpointKind.batch, address=address, secret=None)
    endpoint = session.scalars(select(Endpoint)).one()
    sheet = {"at": "17:30", "host_key": school.host_key} | changes.pop("sheet", {})
    told = describe(batch=sheet, auth={"kind": "basic", "user": "us"}) | changes
    save_posting(session, open_vault(), endpoint, Posting.model_validate(told), secrets, seen_version=1, actor="user:1")
    endpoint.state = EndpointState.live
    session.commit()
    return endpoint


def test_a_file_is_there_whole_under_its_name_and_each_row_is_delivered(session: Session, school: SftpSchool) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 3)
    assert make_worker(session).deliver(first) is State.delivered
    ((name, content),) = school.files().items()
    assert name.endswith(".csv")
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 4
    assert list(school.folder.iterdir()) == [school.folder / name], "nothing half-written is left"
    assert states(session) == [State.delivered] * 3
    assert find_breaches(session) == []


def test_a_private_key_lets_us_in_and_an_excel_file_arrives(session: Session, school: SftpSchool) -> None:
    auth = {"kind": "key", "user": "us"}
    make_endpoint(session, school, {"private_key": school.private_key}, auth=auth, sheet={"file": "xlsx"})
    first, *_ = send_leads(session, 1)
    assert make_worker(session).deliver(first) is State.delivered
    ((name, content),) = school.files().items()
    assert (name.endswith(".xlsx"), content[:2]) == (True, b"PK")


def test_a_server_with_another_key_learns_nothing_and_the_endpoint_is_broken(
    session: Session, school: SftpSchool
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    make_endpoint(session, school, {"password": PASSWORD}, sheet={"host_key": other})
    first, *_ = send_leads(session, 2)
    assert make_worker(session).deliver(first) is State.held
    assert (school.logins, school.files()) == (0, {})
    session.expire_all()
    endpoint = session.scalars(select(Endpoint)).one()
    assert endpoint.state is EndpointState.broken
    assert "another key" in (endpoint.broken_reason or "")


def test_a_wrong_password_breaks_the_endpoint_and_its_rows_wait(session: Session, school: SftpSchool) -> None:
    make_endpoint(session, school, {"password": "wrong"})
    first, *_ = send_leads(session, 2)
    make_worker(session).deliver(first)
    assert states(session) == [State.held, State.held]
    assert find_breaches(session) == []


@pytest.mark.parametrize(("how", "there"), [("cut", 1), ("cut_before", 0)])
def test_a_connection_that_breaks_while_the_file_is_named_is_settled_by_looking(
    session: Session, school: SftpSchool, how: str, there: int
) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    school.on_rename = how
    worker = make_worker(session)
    assert worker.deliver(first) is State.uncertain
    assert len(school.files()) == there
    school.on_rename = "keep"
    look_now(session, worker)
    assert states(session) == [State.delivered if there else State.pending] * 2
    if not there:
        session.execute(update(Delivery).values(due_at=LONG_AGO))
        assert worker.deliver(first) is State.delivered
    assert states(session) == [State.delivered, State.delivered]
    assert len(school.files()) == 1, "the school has it once"
    assert [each.name for each in school.folder.iterdir()] == list(school.files()), "nothing half-written is left"
    assert find_breaches(session) == []


def look_now(session: Session, worker: Worker) -> None:
    """Time has passed, and somebody looks what became of the file."""
    session.execute(update(Batch).values(look_at=LONG_AGO))
    session.commit()
    assert len(worker.look()) == 1


def take_away(session: Session, file: Path) -> None:
    file.unlink()


def alter(session: Session, file: Path) -> None:
    file.write_text("read")


def move(session: Session, file: Path) -> None:
    """The endpoint has another folder by now."""
    (file.parent / "new").mkdir()
    endpoint = session.scalars(select(Endpoint)).one()
    endpoint.address, endpoint.version = f"{endpoint.address}new", endpoint.version + 1


@pytest.mark.parametrize("happened", [take_away, alter, move])
def test_where_looking_does_not_tell_no_row_is_sent_again(
    session: Session, school: SftpSchool, happened: Callable[[Session, Path], None]
) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    school.on_rename = "cut"
    worker = make_worker(session)
    assert worker.deliver(first) is State.uncertain
    happened(session, school.folder / next(iter(school.files())))
    school.on_rename = "keep"
    before = school.logins
    look_now(session, worker)
    assert school.logins == before + 1
    session.execute(update(Delivery).values(due_at=LONG_AGO))
    worker.deliver(first)
    assert states(session) == [State.uncertain] * 2, "a person asks the school"
    assert worker.look() == [], "nobody looks again"
    assert school.logins == before + 1, "nothing was sent"
    assert find_breaches(session) == []


def test_where_the_hidden_copy_cannot_be_removed_no_row_is_sent_again(session: Session, school: SftpSchool) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    school.on_rename = "cut_before"
    worker = make_worker(session)
    assert worker.deliver(first) is State.uncertain
    school.on_rename, school.removes = "keep", False
    look_now(session, worker)
    assert states(session) == [State.uncertain] * 2, "whoever was about to name it may still do so"
    assert session.scalars(select(Batch.reason)).all() == ["the hidden copy of the file could not be removed"]
    assert find_breaches(session) == []


def test_a_folder_that_forbids_renaming_breaks_the_endpoint_and_keeps_nothing(
    session: Session, school: SftpSchool
) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    school.on_rename = "refuse"
    make_worker(session).deliver(first)
    assert states(session) == [State.held, State.held]
    assert "rename" in (session.scalars(select(Endpoint)).one().broken_reason or "")
    assert list(school.folder.iterdir()) == []
    assert find_breaches(session) == []


def test_that_a_file_arrived_is_not_taken_back_by_who_looked_before(session: Session, school: SftpSchool) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    assert make_worker(session).deliver(first) is State.delivered
    batch = session.scalars(select(Batch)).one()
    in_force = note_end(session, batch.id, Unknown("no such file is there"), 1)
    assert isinstance(in_force, Answer)
    assert (batch.result, batch.state, batch.reason) == (Result.accepted, State.delivered, None)


def test_where_a_file_of_another_origin_has_the_name_the_rows_go_in_the_next(
    session: Session, school: SftpSchool
) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    claimed = claim(session, first)
    name = session.scalars(select(Batch.name)).one()
    (school.folder / f"{name}.csv").write_text("of before a restore")
    worker = make_worker(session)
    send_batch(worker.dispatcher, session, claimed)
    assert states(session) == [State.pending] * 2, "a new file has a new name"
    session.execute(update(Delivery).values(due_at=LONG_AGO))
    assert worker.deliver(first) is State.delivered
    assert len(school.files()) == 2
    assert find_breaches(session) == []


def test_a_name_whose_first_address_leads_nowhere_is_reached_by_another(school: SftpSchool) -> None:
    with sftp.connect_first(["127.0.0.77", "127.0.0.1"], school.port, 5) as connection:
        assert connection.getpeername() == ("127.0.0.1", school.port)
    with pytest.raises(DefiniteNo):
        sftp.connect_first(["127.0.0.77", "127.0.0.78"], school.port, 5)


def test_a_server_that_is_away_gets_one_file_later(session: Session, school: SftpSchool) -> None:
    endpoint = make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    endpoint.address = "sftp://127.0.0.1:1/"
    worker = make_worker(session)
    assert worker.deliver(first) is State.pending
    assert states(session) == [State.pending, State.pending]
    session.scalars(select(Endpoint)).one().address = f"sftp://127.0.0.1:{school.port}/"
    session.execute(update(Delivery).where(Delivery.id == first).values(due_at=LONG_AGO))
    assert worker.deliver(first) is State.delivered
    assert len(school.files()) == 1
    assert states(session) == [State.delivered, State.delivered]


def test_a_test_sends_a_file_of_nobody(session: Session, school: SftpSchool) -> None:
    endpoint = make_endpoint(session, school, {"password": PASSWORD})
    test_id = ask_test(session, endpoint, "user:1").id
    session.commit()
    assert carry_test(make_worker(session).dispatcher, test_id) is Result.accepted
    ((name, content),) = school.files().items()
    assert name.startswith("test_")
    assert b"Test Example" in content


def test_a_private_address_is_refused_before_anything_is_sent(session: Session, school: SftpSchool) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 1)
    known = open_dispatcher()
    line = replace(known.line, allowed_networks=())
    Worker(session, Dispatcher(known.sessions, known.vault, line, 0)).deliver(first)
    assert (school.logins, states(session)) == (0, [State.held])


def test_a_file_is_not_tested_twice_since_the_next_one_has_another_name(session: Session, school: SftpSchool) -> None:
    endpoint = make_endpoint(session, school, {"password": PASSWORD})
    with pytest.raises(TrialError, match="each has another name"):
        ask_test(session, endpoint, "user:1", twice=True)


@pytest.mark.parametrize("dies", [True, False])
def test_rows_are_in_one_file_whatever_a_test_seemed_to_prove(session: Session, school: SftpSchool, dies: bool) -> None:
    make_endpoint(session, school, {"password": PASSWORD})
    first, *_ = send_leads(session, 2)
    session.execute(update(Endpoint).values(dedupes=True))
    worker = make_worker(session)
    if dies:
        put_and_die(session, worker, first)
    else:
        school.on_rename = "cut"
        worker.deliver(first)
        school.on_rename = "keep"
    assert states(session) == [State.uncertain] * 2
    look_now(session, worker)
    session.execute(update(Delivery).values(due_at=LONG_AGO))
    worker.deliver(first)
    assert len(school.files()) == 1
    assert states(session) == [State.delivered] * 2
    assert find_breaches(session) == []


def put_and_die(session: Session, worker: Worker, first: int) -> None:
    """The file has its name, and nobody wrote down that it has."""
    started = start_batch(session, open_vault(), claim(session, first))
    assert started is not None
    destination = find_destination(open_vault(), started.facts, 15)
    session.commit()
    sftp.put(started.parcel, destination, worker.dispatcher.line)
    lapse(session)
