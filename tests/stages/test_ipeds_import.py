"""Federal files bring the listed schools into step, and touch no other."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from leadgen.cli import main
from leadgen.directory.by_hand import EditError
from leadgen.directory.edit import edit_record, read_editable
from leadgen.directory.faults import DirectoryError
from leadgen.directory.ipeds.reader import Files, read_ipeds
from leadgen.directory.listed import take_inquiries
from leadgen.directory.plan import Action, Plan
from leadgen.directory.reader import read_directory
from leadgen.directory.receivers import Wanted, add_endpoint
from leadgen.directory.records import Noun
from leadgen.directory.sync import Source, apply_plan, import_directory, plan_import
from leadgen.matching.criteria import Criteria, Matched
from leadgen.matching.find import find_matches
from leadgen.models import Control, Endpoint, EndpointKind, Event, Offering, Origin, School, Takes, VersionKind
from leadgen.vault import open_vault
from tests.conftest import SHARED, TEST_ENVIRONMENT
from tests.ipeds_files import BRAMBLE, LARKSPUR, PROGRAMS, QUILLWATER, completion, institution, make_files
from tests.schools_csv import make_csv, make_row

REAL = SHARED / "data" / "ipeds"
REAL_SECONDS, REAL_KILOBYTES = 20, 400_000
# a process of its own between: a child counts as its own the memory of the process that it was forked from
MEASURE = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": used.ru_utime + used.ru_stime, "kilobytes": used.ru_maxrss}), file=sys.stderr)
"""

TWO = [institution(), institution(UNITID=QUILLWATER, INSTNM="Quillwater Federal College", SECTOR="6")]
AWARDS = [completion(), completion(cip="51.0801", level="2"), completion(QUILLWATER, total="0")]
OWN = make_row(school_id="own", unitid=LARKSPUR)
BILLING = Criteria("medical-billing-and-coding", "60601")
ASSISTING = Criteria("medical-assistant", "60601")


def bring(session: Session, files: Files | None = None) -> Plan:
    plan = plan_import(session, read_ipeds(files or make_files(TWO, AWARDS), PROGRAMS)[0], origin=Origin.ipeds)
    apply_plan(session, plan, Source("files", "0" * 64, VersionKind.ipeds), actor="cli:ada")
    session.commit()
    return plan


def bring_own(session: Session, *rows: dict[str, str]) -> None:
    import_directory(session, "schools.csv", make_csv(*rows or [OWN]))
    session.commit()


def find(session: Session, criteria: Criteria = BILLING) -> list[Matched]:
    return list(find_matches(session, criteria).matches)


def test_listed_schools_are_shown_with_their_facts_and_have_no_endpoint(session: Session) -> None:
    bring(session)
    first, second = find(session)
    assert (first.school, first.listed) == ("Larkspur Federal College", True)
    assert first.website == "https://www.larkspur.example/"
    assert (first.control, first.awards, first.awards_year) == (Control.public, 12, 2024)
    assert first.length == "12 weeks to 1 year"
    assert (second.control, second.awards) == (Control.for_profit, 0)
    assert session.scalar(select(func.count()).select_from(Endpoint)) == 0
    assert not session.get_one(School, "nces-900001").takes_inquiries


def test_the_same_files_again_change_nothing(session: Session) -> None:
    bring(session)
    lines = session.scalar(select(func.count()).select_from(Event))
    assert bring(session).changes == ()
    assert session.scalar(select(func.count()).select_from(Event)) == lines


def test_next_years_files_update_add_and_retire_what_came_from_such_files(session: Session) -> None:
    bring_own(session)
    bring(session)
    later = [institution(WEBADDR="https://new.larkspur.example"), institution(UNITID=BRAMBLE)]
    plan = bring(session, make_files(later, [completion(total="15"), completion(BRAMBLE)], year=2025))
    told = {(change.noun, change.action): change for change in plan.changes}
    website = ("https://www.larkspur.example/", "https://new.larkspur.example")
    assert told[Noun.school, Action.changed].fields == {"website": website}
    assert told[Noun.school, Action.created].name == "nces-900003"
    assert told[Noun.school, Action.retired].name == "nces-900002"
    assert told[Noun.offering, Action.changed].fields == {"awards": (12, 15), "awards_year": (2024, 2025)}
    retired = {change.name for change in plan.select(Noun.offering, Action.retired)}
    assert retired == {"nces-900001-medical-assistant-2", "nces-900002-medical-billing-and-coding-21"}
    assert session.get_one(School, "own").retired_at is None


def test_the_own_file_leaves_listed_schools_alone(session: Session) -> None:
    bring(session)
    bring_own(session, make_row(school_id="other"))
    assert session.get_one(School, "nces-900001").retired_at is None
    with pytest.raises(DirectoryError) as raised:
        bring_own(session, make_row(school_id="nces-900001"))
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [(2, "school_id")]


@pytest.mark.parametrize("own_first", [True, False])
def test_a_row_with_the_same_unitid_takes_inquiries_and_keeps_the_facts(session: Session, own_first: bool) -> None:
    for step in (bring_own, bring) if own_first else (bring, bring_own):
        step(session)
    ours = [match for match in find(session) if match.school_id in ("own", "nces-900001")]
    assert [(match.school_id, match.listed) for match in ours] == [("own", False)]
    assert (ours[0].awards, ours[0].awards_year, ours[0].control) == (12, 2024, Control.public)
    assert ours[0].website == "https://www.larkspur.example/"
    # what the file does not name is still listed, and not offered in its name
    assert [(match.school_id, match.listed) for match in find(session, ASSISTING)] == [("nces-900001", True)]


def test_without_its_row_the_school_is_listed_again(session: Session) -> None:
    bring(session)
    bring_own(session)
    bring_own(session, make_row(school_id="other", zip="99501", city="Anchorage", state="AK"))
    assert "nces-900001" in {match.school_id for match in find(session)}


def test_offerings_carry_whether_they_are_listed_and_covered(session: Session) -> None:
    bring(session)
    bring_own(session)
    told = {each.id: (each.listed, each.covered) for each in session.scalars(select(Offering))}
    assert told == {
        "own-mbc": (False, False),
        "nces-900001-medical-billing-and-coding-21": (True, True),
        "nces-900001-medical-assistant-2": (True, False),
        "nces-900002-medical-billing-and-coding-21": (True, False),
    }


def test_staff_let_a_listed_school_take_inquiries_and_the_next_files_leave_it_so(session: Session) -> None:
    bring(session)
    take_inquiries(session, "nces-900001", EndpointKind.email, "leads@larkspur.example", None, "cli:ada")
    session.commit()
    for year in (2024, 2025):
        bring(session, make_files(TWO, [completion(total="20"), completion(QUILLWATER)], year=year))
        (taking,) = [match for match in find(session) if match.school_id == "nces-900001"]
        assert (taking.listed, taking.awards, taking.control) == (False, 20, Control.public)
        assert session.scalars(select(Endpoint)).one().retired_at is None
    with pytest.raises(EditError):
        take_inquiries(session, "nces-900001", EndpointKind.portal, "", None, "cli:ada")


def test_a_first_endpoint_added_at_the_desk_takes_a_school_off_the_list(session: Session) -> None:
    bring(session)
    asked = Wanted(EndpointKind.webhook, Takes.everything, "https://larkspur.example/leads")
    add_endpoint(session, open_vault(), "nces-900001", asked, "user:1")
    session.commit()
    assert session.get_one(School, "nces-900001").takes_inquiries
    assert bring(session).changes == ()
    assert [match.listed for match in find(session)] == [False, True]


def test_what_the_desk_edits_of_a_listed_school_stays_and_its_facts_go_on(session: Session) -> None:
    bring(session)
    key = ("nces-900001-medical-billing-and-coding-21",)
    seen = read_editable(session, "nces-900001", Noun.offering, key)
    edit_record(session, "nces-900001", Noun.offering, key, {"tuition_usd": "8000"}, seen, "user:1")
    session.commit()
    assert session.get_one(Offering, key[0]).awards == 12
    bring(session, make_files(TWO, [completion(total="15"), *AWARDS[1:]], year=2025))
    offering = session.get_one(Offering, key[0])
    assert (offering.tuition_usd, offering.awards) == (8000, 15)


def test_overriding_the_desk_by_the_own_file_leaves_listed_schools_as_the_desk_has_them(session: Session) -> None:
    bring(session)
    bring_own(session)
    take_inquiries(session, "nces-900002", EndpointKind.portal, "", None, "cli:ada")
    plan = plan_import(session, read_directory(make_csv(OWN)), override=True)
    apply_plan(session, plan, Source("schools.csv", "0" * 64))
    assert bring(session).changes == ()
    assert session.get_one(School, "nces-900002").takes_inquiries


def test_staff_keep_a_school_that_the_files_no_longer_name(session: Session) -> None:
    bring(session)
    take_inquiries(session, "nces-900001", EndpointKind.portal, "", None, "cli:ada")
    session.commit()
    plan = bring(session, make_files(TWO[1:], AWARDS[2:]))
    assert [change.name for change in plan.kept] == ["nces-900001"]
    assert session.get_one(School, "nces-900001").takes_inquiries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The two files as they lie on a disk."""
    files = make_files(TWO, [*AWARDS, completion(level="7")])
    for file in (files.institutions, files.completions):
        (tmp_path / file.name).write_bytes(file.data)
    return tmp_path


def run(database_url: str, folder: Path, *more: str) -> Result:
    files = ["--hd", str(folder / "HD2024.zip"), "--completions", str(folder / "C2024_A.zip")]
    clean = dict.fromkeys(TEST_ENVIRONMENT) | {"LEADGEN_DATABASE_URL": database_url}
    return CliRunner().invoke(main, ["directory", "import-ipeds", *files, *more], env=clean)


def test_the_command_tells_what_changed_and_why_rows_were_passed_over(database_url: str, folder: Path) -> None:
    dry = json.loads(run(database_url, folder, "--dry-run", "--json").stdout)
    done = json.loads(run(database_url, folder, "--json").stdout)
    assert dry["created"] == done["created"] == {"schools": 2, "campuses": 2, "endpoints": 0, "offerings": 3}
    assert (dry["version"], done["version"]) == (None, 1)
    assert [file["name"] for file in done["files"]] == ["HD2024.zip", "C2024_A.zip"]
    (row,) = done["skipped"]["rows"]
    assert (row["file"], row["line"], row["unitid"]) == ("C2024_A.zip", 5, LARKSPUR)
    assert "above an associate degree" in row["words"]
    again = run(database_url, folder)
    assert "award above an associate degree" in again.output
    assert "The directory already says the same." in again.output


def test_the_command_lists_only_the_programs_asked_for(database_url: str, folder: Path) -> None:
    some = json.loads(run(database_url, folder, "--programs", "medical-assistant", "--json").stdout)
    assert some["created"]["offerings"] == 1
    wrong = run(database_url, folder, "--programs", "astrology")
    assert (wrong.exit_code, "known are" in wrong.output) == (2, True)


def test_the_command_names_every_fault(database_url: str, folder: Path) -> None:
    (folder / "HD2024.zip").write_bytes(b"UNITID,INSTNM\r\n")
    result = run(database_url, folder)
    assert result.exit_code == 1
    assert "HD2024.zip, line 1, ADDR: 'missing': expected this column once" in result.stderr


@pytest.mark.timeout(600)
@pytest.mark.skipif(not REAL.exists(), reason="the folder with the federal data is not here")
def test_the_real_files_are_listed_in_time_and_memory(database_url: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEADGEN_")}
    files = ["--hd", REAL / "HD2024.zip", "--completions", REAL / "C2024_A.zip"]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            MEASURE,
            Path(sys.executable).with_name("leadgen"),
            "directory",
            "import-ipeds",
            *files,
            "--json",
        ],
        env=environment | {"LEADGEN_DATABASE_URL": database_url},
        capture_output=True,
        check=True,
    )
    used = json.loads(done.stderr.splitlines()[-1])
    assert used["seconds"] < REAL_SECONDS
    assert used["kilobytes"] < REAL_KILOBYTES
    report = json.loads(done.stdout)
    assert report["skipped"]["counts"]["administrative"] == 71
    assert 70 < report["skipped"]["counts"]["inactive"] <= 78
    engine = create_engine(database_url)
    with engine.connect() as connection:
        taught = "SELECT count(DISTINCT school_id) FROM offering WHERE program = 'medical-billing-and-coding'"
        # as counted by hand: those that offer it, and those that gave at least one award in it
        assert connection.execute(text(taught)).scalar_one() == 598
        assert connection.execute(text(f"{taught} AND awards > 0")).scalar_one() == 533
    engine.dispose()
