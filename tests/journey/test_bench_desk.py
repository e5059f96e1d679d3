"""`make bench-desk`, so small that it only shows that it runs: its rows keep every promise, its figures are there."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from leadgen.app import create_app
from leadgen.cli import main
from leadgen.config import ROOT
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.vault import open_vault
from tests.benchmarks.desk.fill import INQUIRIES, fill
from tests.conftest import TEST_ENVIRONMENT, create_postgresql_database, make_settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SCALE = 0.001
PAGES = {
    "inquiry",
    "search by reference",
    "search by email",
    "school",
    "schools",
    "worklist: held",
    "worklist: returns",
}


def test_the_rows_that_it_makes_keep_every_promise(request: pytest.FixtureRequest) -> None:
    url = create_postgresql_database(request)
    imported = CliRunner().invoke(
        main, ["directory", "import", str(ROOT / "schools.csv")], env=TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": url}
    )
    assert imported.exit_code == 0, imported.stderr
    with create_app(make_settings(url)).app_context():
        filled = fill(url.replace("+psycopg", "", 1), open_vault(), SCALE)
        assert filled["rows"]["inquiry"] == INQUIRIES * SCALE
        assert 4.5 < filled["rows"]["delivery"] / filled["rows"]["inquiry"] < 5.5
        assert find_breaches(db.session) == []
        db.session.close()
        db.engine.dispose()


def test_it_prints_the_figures_of_every_page() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.desk", "--scale", str(SCALE), "--seconds", "8"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["error_count"] == 0, report["errors"]
    assert set(report["pages"]) >= PAGES
    assert all(told["statements"] > 0 for told in report["pages"].values())
    assert report["all_pages"]["p95_ms"] > 0
    assert done.returncode == (0 if all(target["reached"] for target in report["targets"]) else 1)
