"""The demo: every state of each thing, told by the product's own functions, and gone without a trace."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from leadgen.app import create_app
from leadgen.cli import main
from leadgen.clock import now
from leadgen.config import ROOT, Mode
from leadgen.database import table_of
from leadgen.delivery.endpoints import pause_endpoint, resume_endpoint
from leadgen.demo import away
from leadgen.demo.clear import clear_demo
from leadgen.demo.rows import HANGING
from leadgen.demo.seed import DemoError, count_demo, seed_demo
from leadgen.demo.shelf import find_host
from leadgen.demo.stories.ordinary import LATER
from leadgen.dispositions.report import ReturnReason
from leadgen.extensions import current_settings, db
from leadgen.intake.screening import Flag
from leadgen.invariants import find_breaches
from leadgen.models import (
    About,
    Alarm,
    Answer,
    Asking,
    Base,
    Consent,
    Contact,
    Delivery,
    Disposition,
    DispositionReport,
    Duplicate,
    Endpoint,
    EndpointState,
    Event,
    Inquiry,
    Judgment,
    Lead,
    Letter,
    Note,
    Outcome,
    State,
    Subject,
    User,
    Verdict,
)
from leadgen.review.claims import take_claim
from leadgen.review.wanted import Bin
from leadgen.review.worklist import count_bins, list_bin
from leadgen.vault import open_vault
from tests.conftest import DATABASES, TEST_ENVIRONMENT, create_postgresql_database, make_settings
from tests.inquiries import add_school, send_inquiry

Rows = dict[str, set[tuple[Any, ...]]]


@pytest.fixture
def directory(app: Flask, database_url: str) -> None:
    """The sample directory."""
    import_sample(database_url)


@pytest.fixture(scope="module", params=DATABASES)
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session on a database with the sample directory and the demo, for tests that only read."""
    url = copy_template(request, tmp_path_factory.mktemp("demo") / "leadgen.sqlite3")
    import_sample(url)
    with create_app(make_settings(url)).app_context():
        seed(db.session)
        yield db.session
        db.session.close()
        db.engine.dispose()


def copy_template(request: pytest.FixtureRequest, path: Path) -> str:
    if request.param != "sqlite":
        return create_postgresql_database(request)
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def import_sample(database_url: str) -> None:
    imported = run(database_url, "directory", "import", str(ROOT / "schools.csv"))
    assert imported.exit_code == 0, imported.stderr


def run(database_url: str, *words: str, **settings: str) -> Result:
    environment = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url} | settings
    return CliRunner().invoke(main, list(words), env=environment)


def seed(session: Session) -> int:
    total = 0
    for count in seed_demo(session, open_vault(), current_settings()):
        session.commit()
        total += count
    return total


def found(session: Session, column: Any, *where: Any) -> set[Any]:
    return set(session.scalars(select(column).where(*where)))


def read_tables(session: Session, *but: str) -> Rows:
    def rows(table: Table) -> set[tuple[Any, ...]]:
        # an endpoint's version counts what was done to it, as its school's history does
        columns = [column for column in table.c if str(column) != "endpoint.version"]
        return {tuple(map(repr, row)) for row in session.execute(select(*columns))}

    return {table.name: rows(table) for table in Base.metadata.sorted_tables if table.name not in but}


def test_every_state_of_each_thing_is_there_and_every_promise_holds(seeded: Session) -> None:
    assert 60 <= count_demo(seeded) <= 120
    assert find_breaches(seeded) == []
    assert found(seeded, Delivery.state, Delivery.about == About.lead) == set(State)
    assert found(seeded, Letter.state) >= {State.pending, State.delivered, State.uncertain, State.failed}
    assert found(seeded, Lead.disposition) == {None, *Disposition} - (set(Disposition) - set(LATER)) | {
        Disposition.accepted,
        Disposition.returned,
    }
    assert found(seeded, DispositionReport.reason) >= set(ReturnReason)
    held = {"cap", "circuit_open", "endpoint_paused", "endpoint_broken"}
    assert found(seeded, Delivery.reason, Delivery.state == State.held) >= held
    assert found(seeded, Endpoint.state) >= {EndpointState.paused, EndpointState.broken}


def test_screening_holds_for_each_of_its_reasons_and_staff_have_decided_some(seeded: Session) -> None:
    assert found(seeded, Note.author) == {"demo:staff"}
    by_rule = seeded.scalars(select(Verdict.reasons).where(Verdict.outcome == Outcome.hold)).all()
    # an endpoint that goes in the moment of the last post, and a list that only those are on who asked for it
    shown_nowhere = {Flag.no_endpoint, Flag.suppressed}
    assert {reason for reasons in by_rule for reason in reasons} >= set(Flag) - shown_nowhere
    assert found(seeded, Verdict.outcome, Verdict.actor == "demo:staff") == set(Outcome)


@pytest.mark.parametrize(
    ("state", "age"), [(State.uncertain, timedelta(minutes=15)), (State.failed, timedelta(hours=1))]
)
def test_what_is_stuck_is_partly_older_than_its_alarm(seeded: Session, state: State, age: timedelta) -> None:
    since = select(func.coalesce(Delivery.ended_at, Delivery.created_at)).where(Delivery.state == state)
    times = seeded.scalars(since).all()
    line = now(seeded) - age
    assert min(times) < line < max(times)


def test_withdrawals_are_told_on_their_way_and_told_by_hand(seeded: Session) -> None:
    assert seeded.scalar(select(func.count()).where(Consent.withdrawn_at.is_not(None)))
    notices = found(seeded, Delivery.state, Delivery.about == About.withdrawal)
    assert notices >= {State.delivered, State.uncertain, State.pending}
    assert "by_hand" in found(seeded, Delivery.reason)
    untold = select(Lead.id).join(
        Consent, (Consent.inquiry_id == Lead.inquiry_id) & (Consent.school_id == Lead.school_id)
    )
    mine = untold.where(Consent.withdrawn_at.is_not(None), Lead.school_id == away.UNTOLD)
    assert len(seeded.scalars(mine).all()) == 2


def test_what_staff_did_beside_deciding_is_there(seeded: Session) -> None:
    assert found(seeded, Asking.answer) == {None, *Answer}
    assert seeded.scalar(select(func.count()).select_from(Duplicate)) == 1
    assert found(seeded, DispositionReport.judgment, DispositionReport.disposition == "returned") == {None, *Judgment}
    assert found(seeded, Delivery.set_aside, Delivery.state == State.failed) > {None}


def test_every_bin_of_the_worklist_has_lines_and_as_many_as_the_rail_says(seeded: Session) -> None:
    counts = count_bins(seeded)
    assert all(counts.values()), counts
    assert counts == {each: len(list_bin(seeded, each, limit=1_000)) for each in Bin}


def test_nobody_real_is_named_or_written_to(seeded: Session) -> None:
    for address in found(seeded, Endpoint.address, Endpoint.id.in_(select(Delivery.endpoint_id))) - {None}:
        assert find_host(address).endswith(".example")
    vault = open_vault()
    for inquiry, contact in seeded.execute(select(Inquiry, Contact).join(Contact)):
        key = vault.open_key(contact.wrapped_key, f"contact:{inquiry.reference}")
        person = key.open_json(contact.sealed, "person")
        assert person["email"].endswith(".example")
        assert "55501" in person["phone"]


def test_clearing_leaves_everything_as_it_was_but_the_schools_history(directory: None, session: Session) -> None:
    add_school(session)
    mine = send_inquiry(session, ["larkspur"])
    before = read_tables(session, "event", "chain", "user")
    seed(session)
    assert not mine.demo
    claim_and_alarm(session)
    clear_demo(session)
    session.commit()
    assert read_tables(session, "event", "chain", "user") == before
    assert found(session, Event.subject_id, Event.subject == Subject.inquiry) == {str(mine.id)}
    assert find_breaches(session) == []


def claim_and_alarm(session: Session) -> None:
    """What a desk at work leaves beside the inquiries themselves."""
    inquiry = session.scalars(select(Inquiry).where(Inquiry.demo).limit(1)).one()
    stuck = session.scalars(select(Delivery).where(Delivery.state == State.uncertain).limit(1)).one()
    reviewer = User(email="rita@firststep.example", password="", fs_uniquifier="rita", created_at=now(session))
    session.add(reviewer)
    session.flush()
    take_claim(session, f"inquiry:{inquiry.id}", reviewer.id)
    session.add(Alarm(bin=Bin.uncertain, subject=f"delivery:{stuck.id}", raised_at=now(session)))
    session.commit()


def test_an_endpoint_that_staff_have_touched_since_stays_as_they_left_it(directory: None, session: Session) -> None:
    seed(session)
    paused, broken = (away.find_endpoint(session, school) for school in (away.PAUSED, away.BROKEN))
    resume_endpoint(session, paused, "user:1")
    pause_endpoint(session, paused, "user:1")
    clear_demo(session)
    assert (paused.state, broken.state) == (EndpointState.paused, EndpointState.live)


def test_a_second_seeding_is_refused(seeded: Session) -> None:
    with pytest.raises(DemoError, match="there already"):
        seed(seeded)


def test_it_refuses_a_directory_of_real_schools(session: Session) -> None:
    for name in ("one", "two", "three"):
        add_school(session, name, address="https://school.test/leads")
    with pytest.raises(DemoError, match=r"under \.example"):
        seed(session)


def test_it_refuses_production_in_one_line(database_url: str) -> None:
    secure = {
        "LEADGEN_MODE": Mode.production,
        "LEADGEN_BASE_URL": "https://leads.example",
        "LEADGEN_SMTP_URL": "smtp://relay.example",
        "LEADGEN_MIN_FORM_SECONDS": "8",
        "LEADGEN_ALLOWED_PRIVATE_NETWORKS": "",
    }
    refused = run(database_url, "demo", "seed", **secure)
    assert refused.exit_code == 1
    assert "No demo in production" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_every_table_that_hangs_on_an_inquiry_is_known() -> None:
    known = {table_of(model).name for model, _ in HANGING}
    reached = {"inquiry"}
    while more := {table.name for table in Base.metadata.sorted_tables if refers(table, reached)} - reached:
        reached |= more
    assert reached <= known


def refers(table: Table, names: set[str]) -> bool:
    return any(key.column.table.name in names for key in table.foreign_keys)
