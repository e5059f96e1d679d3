"""`leadgen match`: the whole command as a process, and the search alone inside one."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from leadgen.database import prepare_engine, reading
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from tests.benchmarks.databases import make_database_url
from tests.benchmarks.effort import Effort
from tests.benchmarks.someone import ZIPS
from tests.benchmarks.spread import tell_times
from tests.fleet import Fleet

PROGRAM = "medical-billing-and-coding"
WARM_UP = 5


def measure_match(kind: str, folder: Path, server_url: str, schools: Path, effort: Effort) -> dict[str, Any]:
    """Import a directory into a database of its own, then search it from ten ZIP codes in turn."""
    folder.mkdir(parents=True)
    fleet = Fleet(folder, make_database_url(kind, folder, server_url))
    migrated = fleet.run("db", "upgrade")
    assert migrated.returncode == 0, migrated.stderr
    started = time.perf_counter()
    imported = fleet.run("directory", "import", str(schools))
    assert imported.returncode == 0, imported.stderr
    return {
        "schools": fleet.query("SELECT count(*) FROM school")[0][0],
        "offerings": fleet.query("SELECT count(*) FROM offering")[0][0],
        "import_seconds": round(time.perf_counter() - started, 1),
        "command": tell_times(
            [[_time_command(fleet, n) for n in range(effort.commands)] for _ in range(effort.rounds)]
        ),
        "find_matches": tell_times(_time_searches(fleet.database_url, effort)),
    }


def _time_command(fleet: Fleet, number: int) -> float:
    words = ("match", "--program", PROGRAM, "--zip", ZIPS[number % len(ZIPS)], "--json")
    started = time.perf_counter()
    done = fleet.run(*words)
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stderr
    return seconds


def _time_searches(database_url: str, effort: Effort) -> list[list[float]]:
    engine = prepare_engine(create_engine(database_url))
    try:
        for number in range(WARM_UP):
            _time_search(engine, number)
        return [[_time_search(engine, number) for number in range(effort.searches)] for _ in range(effort.rounds)]
    finally:
        engine.dispose()


def _time_search(engine: Any, number: int) -> float:
    started = time.perf_counter()
    with reading(), Session(engine) as session:
        found = find_matches(session, Criteria(PROGRAM, ZIPS[number % len(ZIPS)]))
    assert found.matches
    return time.perf_counter() - started
