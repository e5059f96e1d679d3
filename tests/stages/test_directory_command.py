"""`leadgen directory import`, as a person or a script meets it."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from leadgen.cli import main
from leadgen.directory.table import MAX_BYTES
from tests.conftest import SHARED, TEST_ENVIRONMENT
from tests.schools_csv import make_csv, make_row

REAL_SCHOOLS = SHARED / "data" / "schools-2024.csv"
# of processor time, which a busy machine does not stretch much; alone on two cores it is the time on the clock
REAL_IMPORT_SECONDS = 15

PORTAL = make_row(school_id="bramble", school="Bramblewick Technical Institute", delivery="portal", deliver_to="")
WEBHOOK = make_row(school_id="quill", delivery="webhook", deliver_to="https://quill.example/leads")


def run(database_url: str, *arguments: object, **environment: str) -> Result:
    """The command in this process, with no secrets unless they are named."""
    clean = dict.fromkeys(TEST_ENVIRONMENT) | {"LEADGEN_DATABASE_URL": database_url} | environment
    return CliRunner().invoke(main, ["directory", "import", *map(str, arguments)], env=clean)


def write(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "schools.csv"
    path.write_bytes(make_csv(*rows))
    return path


def count(database_url: str, table: str, where: str = "1 = 1") -> int:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()
    engine.dispose()
    return int(found)


def execute(database_url: str, statement: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_an_import_tells_what_it_did(database_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, make_row(), PORTAL)
    result = run(database_url, path)
    assert result.exit_code == 0, result.output
    assert "+ school created: larkspur Larkspur Career Institute" in result.output
    assert "This is version 1 of the directory." in result.output
    assert count(database_url, "school") == 2
    again = run(database_url, path)
    assert "The directory already says the same." in again.output
    assert count(database_url, "directory_version") == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(database_url: str, tmp_path: Path) -> None:
    run(database_url, write(tmp_path, make_row(), PORTAL))
    changed = write(tmp_path, make_row(status="paused"), make_row(offering_id="new", status="paused"))
    result = run(database_url, changed, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "~ school changed: larkspur Larkspur Career Institute (status: taking → paused)" in result.output
    assert "+ offering created: larkspur new" in result.output
    assert "- school retired: bramble Bramblewick Technical Institute" in result.output
    assert "Dry run: nothing was written." in result.output
    assert count(database_url, "school", "status = 'paused' OR retired_at IS NOT NULL") == 0
    assert count(database_url, "offering") == 2


def test_json_counts_and_lists_everything(database_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, make_row(latitude="40.11", longitude="-88.24"), PORTAL)
    report = json.loads(run(database_url, path, "--json").stdout)
    assert report["created"] == {"schools": 2, "campuses": 2, "endpoints": 2, "offerings": 2}
    assert report["changed"] == report["retired"] == dict.fromkeys(report["created"], 0)
    assert (report["version"], report["dry_run"], len(report["changes"])) == (1, False, 8)
    assert [warning["line"] for warning in report["warnings"]] == [2]


def test_what_was_changed_at_the_desk_is_kept_or_overridden_and_told(database_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, make_row(daily_cap="10"))
    run(database_url, path)
    execute(database_url, "UPDATE school SET daily_cap = 3, edited = ';daily_cap;'")
    kept = run(database_url, path, "--dry-run")
    assert "Kept as edited at the desk:" in kept.output
    assert "= school: larkspur Larkspur Career Institute (daily_cap: desk 3, file 10)" in kept.output
    assert "already says the same" in run(database_url, path).output
    as_json = json.loads(run(database_url, path, "--override-desk", "--dry-run", "--json").stdout)
    assert [each["name"] for each in as_json["overridden"]] == ["larkspur"]
    assert count(database_url, "school", "daily_cap = 3") == 1
    overridden = run(database_url, path, "--override-desk")
    assert "Edited at the desk, and overridden by the file:" in overridden.output
    assert count(database_url, "school", "daily_cap = 10 AND edited = ';'") == 1


def test_every_fault_is_listed_and_nothing_is_written(database_url: str, tmp_path: Path) -> None:
    rows = [make_row(offering_id=f"o{number}", min_age="x") for number in range(100)]
    path = write(tmp_path, *rows)
    result = run(database_url, path)
    assert result.exit_code == 1
    assert "schools.csv: 100 faults. Nothing was written." in result.stderr
    assert "line 101, min_age: 'x': expected a whole number from 0 to 99" in result.stderr
    as_json = run(database_url, path, "--json")
    assert as_json.exit_code == 1
    assert len(json.loads(as_json.stdout)["faults"]) == 100
    assert count(database_url, "school") == 0


def test_a_file_over_fifty_megabytes_is_refused_at_once(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as big:
        big.truncate(MAX_BYTES + 1)
    result = run(database_url, path)
    assert (result.exit_code, "a file of at most 50 MB" in result.stderr) == (1, True)


def test_a_missing_file_is_misuse(database_url: str, tmp_path: Path) -> None:
    assert run(database_url, tmp_path / "nowhere.csv").exit_code == 2


def test_a_database_without_tables_gives_one_clear_line(tmp_path: Path) -> None:
    result = run(f"sqlite:///{tmp_path}/new.sqlite3", write(tmp_path, make_row()))
    assert result.exit_code == 1
    assert "leadgen db upgrade" in result.stderr
    assert "Traceback" not in result.stderr


def test_secrets_are_sealed_only_where_keys_are_configured(database_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, WEBHOOK)
    assert run(database_url, path).exit_code == 0
    assert count(database_url, "endpoint", "secret_sealed IS NOT NULL") == 0
    keys = {name: TEST_ENVIRONMENT[name] for name in ("LEADGEN_ENCRYPTION_KEYS", "LEADGEN_INDEX_KEY")}
    assert run(database_url, path, **keys).exit_code == 0
    assert count(database_url, "endpoint", "secret_sealed IS NOT NULL") == 1


@pytest.mark.skipif(not REAL_SCHOOLS.exists(), reason="the folder with the federal data is not here")
def test_the_real_schools_are_imported_in_time(database_url: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEADGEN_")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = subprocess.run(
        [Path(sys.executable).with_name("leadgen"), "directory", "import", REAL_SCHOOLS, "--json"],
        env=environment | {"LEADGEN_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < REAL_IMPORT_SECONDS
    created = json.loads(report.stdout)["created"]
    assert (created["schools"], created["offerings"]) == (1878, 6432)
    assert (count(database_url, "school"), count(database_url, "offering")) == (1878, 6432)
