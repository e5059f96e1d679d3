"""``make bench``: measures the running product and prints one JSON document; a summary goes to standard error.

python -m tests.benchmarks [--quick] [--database sqlite|postgresql] [--part NAME]…
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.arrival import measure_arrival
from tests.benchmarks.database_lock import measure_database_lock
from tests.benchmarks.databases import start_postgresql
from tests.benchmarks.directories import measure_match
from tests.benchmarks.effort import FULL, QUICK, Effort
from tests.benchmarks.frozen_broker import measure_frozen_broker
from tests.benchmarks.installation import SAMPLE, TEN_SCHOOLS, Installation, install
from tests.benchmarks.machine import describe_machine, read_load
from tests.benchmarks.memory import measure_memory
from tests.benchmarks.paced import measure_paced
from tests.benchmarks.saturation import measure_saturation
from tests.benchmarks.summary import summarize
from tests.benchmarks.sweeping import measure_sweeping
from tests.benchmarks.targets import judge
from tests.benchmarks.throughput import measure_slow_schools, measure_throughput
from tests.conftest import SHARED

DATABASES = ("sqlite", "postgresql")
REAL_SCHOOLS = SHARED / "data" / "schools-2024.csv"
MATCH = "match"
# in this order, what runs for one part runs on for the next
PARTS: dict[str, Callable[[Installation, Effort], dict[str, Any]]] = {
    "paced": measure_paced,
    "arrival": measure_arrival,
    "frozen_broker": measure_frozen_broker,
    "saturation": measure_saturation,
    "database_lock": measure_database_lock,
}
# with ten schools that all take by webhook
CARRYING: dict[str, Callable[[Installation, Effort], dict[str, Any]]] = {
    "throughput": measure_throughput,
    "slow_schools": measure_slow_schools,
    "sweeping": measure_sweeping,
}
# too long for every day: only where it is named
LONG: dict[str, Callable[[Installation, Effort], dict[str, Any]]] = {"memory": measure_memory}
SITES = ((SAMPLE, PARTS), (TEN_SCHOOLS, CARRYING | LONG))
USUAL = [MATCH, *PARTS, *CARRYING]


def main() -> None:
    """Measure what was asked for, one thing after the other."""
    asked = _read_arguments()
    # an ordinary exit, so that every server started here is ended on the way out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = Path(tempfile.mkdtemp(prefix="lg-bench-", dir="/tmp"))  # a short path: it holds Unix sockets
    try:
        report = _measure(asked, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(report, indent=2))
    print(summarize(report), file=sys.stderr)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under three minutes, SQLite only")
    parser.add_argument(
        "--database", action="append", choices=DATABASES, help="default: both, or SQLite alone with --quick"
    )
    parser.add_argument(
        "--part", action="append", choices=[*USUAL, *LONG], help=f"default: all but {', '.join(LONG)}, which takes long"
    )
    return parser.parse_args()


def _measure(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    effort, parts = QUICK if asked.quick else FULL, asked.part or USUAL
    databases = asked.database or (DATABASES[:1] if asked.quick else DATABASES)
    load, started = read_load(), time.monotonic()
    with ExitStack() as stack:
        server_url = stack.enter_context(start_postgresql(folder / "pg")) if "postgresql" in databases else ""
        machine = describe_machine(server_url)
        results = {kind: _measure_on(kind, parts, folder / kind, server_url, effort) for kind in databases}
    return {
        "machine": machine,
        "load_at_start": load,
        "load_at_end": read_load(),
        "seconds": round(time.monotonic() - started),
        "results": results,
        "targets": judge(results),
    }


def _measure_on(kind: str, parts: list[str], folder: Path, server_url: str, effort: Effort) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    if MATCH in parts:
        _say(f"{kind}: match")
        measured[MATCH] = _measure_directories(kind, folder, server_url, effort)
    for schools, measures in SITES:
        chosen = {part: measure for part, measure in measures.items() if part in parts}
        if chosen:
            with install(kind, folder / schools.stem, server_url, schools) as installed:
                for part, measure in chosen.items():
                    _say(f"{kind}: {part}")
                    measured[part] = measure(installed, effort)
    return measured


def _measure_directories(kind: str, folder: Path, server_url: str, effort: Effort) -> dict[str, Any]:
    files = {"sample": SAMPLE}
    if effort.real_schools and REAL_SCHOOLS.exists():
        files["real_schools"] = REAL_SCHOOLS
    return {name: measure_match(kind, folder / name, server_url, file, effort) for name, file in files.items()}


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
