"""`make bench-match`, so small that it only shows that it runs: whoever does the same job gives the same answers."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from leadgen.config import ROOT
from tests.benchmarks.match import postgis
from tests.conftest import REQUIRE_ALL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CAMPUSES = 700
HERE = {
    "postgis": postgis.is_installed,
    "balltree": lambda: importlib.util.find_spec("sklearn"),
    "redis": lambda: shutil.which("redis-server"),
}


def list_missing() -> Iterator[str]:
    for name, is_here in HERE.items():
        if not is_here():
            assert not REQUIRE_ALL, f"{name} is not installed"
            yield name


def test_every_competitor_gives_the_same_answers() -> None:
    missing = list(list_missing())
    words = ["--quick", "--no-page", "--size", str(CAMPUSES)]
    words += [word for name in missing for word in ("--without", name)]
    command = [sys.executable, "-m", "tests.benchmarks.match", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=360, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    (size,) = report["sizes"]
    assert set(size["databases"]) == {"sqlite", "postgresql"}
    for told in size["databases"].values():
        assert told["rows"]["offering"] == 6 * CAMPUSES
        assert told["fast"]["differences"] == told["libraries"]["differences"] == []
        expected = {"ours", "geopy_loop", *HERE} - set(missing)
        assert set(told["fast"]["times"]) | set(told["libraries"]["times"]) == expected
        assert told["web_process"]["errors"] == []
        assert told["web_process"]["resident_mb"] > 0
    assert done.returncode == (0 if all(aim["reached"] for aim in report["aims"]) else 1)
