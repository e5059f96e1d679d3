"""The history of imports, and the last one taken back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.cli import main
from leadgen.directory.edit import edit_record, read_editable
from leadgen.directory.ipeds.reader import read_ipeds
from leadgen.directory.journal import read_changes
from leadgen.directory.plan import Plan
from leadgen.directory.records import Key, Noun, Record
from leadgen.directory.stored import read_stored
from leadgen.directory.sync import Source, apply_plan, import_directory, plan_import
from leadgen.directory.undo import NothingToUndoError, find_last_import, plan_undo, write_undo
from leadgen.models import DirectoryVersion, Endpoint, Offering, Origin, School, VersionKind
from tests.conftest import TEST_ENVIRONMENT
from tests.ipeds_files import LARKSPUR, PROGRAMS, completion, institution, make_files
from tests.schools_csv import make_csv, make_row

FULL = make_row(
    length_months="9",
    clock_hours="720",
    tuition_usd="12454.50",
    fees_usd="125",
    exam_usd="155.50",
    certifications="CPC;CCS",
    min_age="17",
    education="ged",
    schedule="day",
    next_start="2027-03-01",
    daily_cap="5",
)
OTHER = make_row(school_id="quill", delivery="webhook", deliver_to="https://quill.example/leads")


def bring(session: Session, *rows: dict[str, str]) -> DirectoryVersion:
    version = import_directory(session, "schools.csv", make_csv(*rows))
    session.commit()
    assert version is not None
    return version


def take_back(session: Session) -> Plan:
    last = find_last_import(session)
    plan = plan_undo(session, last)
    write_undo(session, last, plan, "cli:ada")
    session.commit()
    return plan


def see(session: Session, *, endpoints_of: tuple[str, ...] = ()) -> dict[Noun, dict[Key, Record]]:
    """All that is in use, as records. ``endpoints_of``: of schools that were never there, an undoing leaves the
    endpoints, because withdrawals must still reach them; they are left out."""
    stored = read_stored(session)
    return {
        noun: {
            key: each
            for key, each in there.items()
            if (noun, key) not in stored.retired and not (noun is Noun.endpoint and key[0] in endpoints_of)
        }
        for noun, there in stored.records.items()
    }


def test_undoing_gives_back_every_value_as_it_was(session: Session) -> None:
    bring(session, FULL, OTHER)
    before = see(session)
    changed = FULL | {
        "tuition_usd": "",
        "certifications": "",
        "education": "none",
        "next_start": "2028-01-01",
        "schedule": "evening;weekend",
        "daily_cap": "9",
        "latitude": "41.9",
        "longitude": "-87.7",
        "deliver_to": "new@larkspur.example",
        "credential": "diploma",
        "status": "paused",
    }
    bring(session, changed, make_row(school_id="bramble"))
    assert see(session) != before
    take_back(session)
    assert see(session, endpoints_of=("bramble",)) == before


def test_each_undo_goes_one_import_further_back(session: Session) -> None:
    bring(session, FULL)
    first = see(session)
    bring(session, FULL, OTHER)
    bring(session, FULL | {"tuition_usd": "1"}, OTHER)
    take_back(session)
    take_back(session)
    assert see(session, endpoints_of=("quill",)) == first
    take_back(session)
    assert not see(session)[Noun.school]
    with pytest.raises(NothingToUndoError):
        find_last_import(session)


def test_undone_files_can_be_imported_again(session: Session) -> None:
    bring(session, FULL)
    bring(session, FULL | {"tuition_usd": "1"}, OTHER)
    wanted = see(session)
    take_back(session)
    bring(session, FULL | {"tuition_usd": "1"}, OTHER)
    assert see(session) == wanted


def test_what_the_desk_changed_since_stays_and_is_told(session: Session) -> None:
    bring(session, FULL)
    bring(session, FULL | {"tuition_usd": "9000", "length_months": "10"})
    key = ("larkspur-mbc",)
    seen = read_editable(session, "larkspur", Noun.offering, key)
    edit_record(session, "larkspur", Noun.offering, key, {"tuition_usd": "8000"}, seen, "user:1")
    session.commit()
    plan = take_back(session)
    offering = session.get_one(Offering, "larkspur-mbc")
    assert (offering.tuition_usd, offering.length_months) == (8000, 9)
    assert [list(change.fields) for change in plan.kept] == [["tuition_usd"]]


def test_an_import_that_the_desk_has_overwritten_wholly_counts_as_undone(session: Session) -> None:
    bring(session, FULL)
    bring(session, FULL | {"tuition_usd": "9000"})
    key = ("larkspur-mbc",)
    seen = read_editable(session, "larkspur", Noun.offering, key)
    edit_record(session, "larkspur", Noun.offering, key, {"tuition_usd": "8000"}, seen, "user:1")
    session.commit()
    assert take_back(session).changes == ()
    assert find_last_import(session).id == 1


def test_federal_imports_are_undone_too_and_leave_the_others_alone(session: Session) -> None:
    bring(session, make_row(unitid=LARKSPUR))
    before = see(session)
    found, _ = read_ipeds(make_files([institution()], [completion(), completion(cip="51.0801")]), PROGRAMS)
    plan = plan_import(session, found, origin=Origin.ipeds)
    apply_plan(session, plan, Source("files", "0" * 64, VersionKind.ipeds))
    session.commit()
    take_back(session)
    assert see(session) == before
    assert session.get_one(School, "nces-900001").retired_at is not None
    assert session.scalars(select(Endpoint)).one().retired_at is None


def test_a_version_keeps_every_change(session: Session) -> None:
    first = bring(session, FULL)
    told = [(change.noun, change.action) for change in read_changes(session, first.id)]
    assert told == [(noun, "created") for noun in ("school", "campus", "endpoint", "offering")]
    last = bring(session, FULL | {"tuition_usd": "9000"})
    (change,) = read_changes(session, last.id)
    assert change.fields == {"tuition_usd": ["12454.50", "9000.00"]}


def run(database_url: str, *arguments: object) -> Result:
    clean = dict.fromkeys(TEST_ENVIRONMENT) | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, ["directory", *map(str, arguments)], env=clean)


def test_the_commands_tell_the_history_and_undo_the_last_import(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_bytes(make_csv(FULL))
    run(database_url, "import", path)
    path.write_bytes(make_csv(FULL | {"tuition_usd": "9000", "contact_email": "new@larkspur.example"}))
    run(database_url, "import", path)
    dry = run(database_url, "undo", "--dry-run")
    assert "tuition_usd: 9000.00 → 12454.50" in dry.output
    assert "Dry run: nothing was written." in dry.output
    assert "This is version 3 of the directory." in run(database_url, "undo").output
    third, second, first = json.loads(run(database_url, "history", "--json").stdout)
    assert (third["kind"], third["undoes"], second["undone_by"], first["undone_by"]) == ("undo", 2, 3, None)
    assert first["actor"].startswith("cli")
    assert len(first["sha256"]) == 64
    assert "Undone by version 3." in run(database_url, "history").output
    changes = run(database_url, "history", "--version", 2)
    assert "offering changed: larkspur larkspur-mbc (tuition_usd: 12454.50 → 9000.00)" in changes.output
    assert "contact_email: changed" in changes.output
    assert "new@larkspur.example" not in changes.output
    assert run(database_url, "history", "--version", 99).exit_code == 1


def test_an_empty_directory_has_nothing_to_undo(database_url: str) -> None:
    result = run(database_url, "undo")
    assert (result.exit_code, "There is no import to undo." in result.output) == (1, True)
