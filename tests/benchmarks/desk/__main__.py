"""``make bench-desk``: five reviewers at a desk with 200,000 inquiries and 1,000,000 deliveries, on PostgreSQL.

python -m tests.benchmarks.desk [--scale 1] [--seconds 180]

Prints one JSON document; a summary goes to standard error.
"""

import argparse
import io
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

from leadgen.app import create_app
from leadgen.config import read_settings
from tests.benchmarks.databases import make_database_url, start_postgresql
from tests.benchmarks.desk.judge import TARGET_MS, judge_pages, summarize_pages
from tests.benchmarks.desk.people import sign_in_reviewers
from tests.benchmarks.desk.reviewers import send_reviewers
from tests.benchmarks.desk.statements import count_statements
from tests.benchmarks.desk.visits import Known
from tests.benchmarks.installation import run_module
from tests.benchmarks.machine import describe_machine, read_load
from tests.benchmarks.spread import tell_times
from tests.fleet import Fleet

REVIEWERS = 5
WARM_UP_SECONDS = 20.0
SEED = 20_261_125


def main() -> None:
    """Fill, look, and tell."""
    asked = _read_arguments()
    # an ordinary exit, so that every server started here is ended on the way out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = Path(tempfile.mkdtemp(prefix="lg-desk-", dir="/tmp"))  # a short path: it holds Unix sockets
    try:
        with start_postgresql(folder / "pg") as server_url:
            report = measure_desk(folder, server_url, asked.scale, asked.seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(report, indent=2))
    print(summarize_pages(report), file=sys.stderr)
    sys.exit(0 if all(target["reached"] for target in report["targets"]) else 1)


def measure_desk(folder: Path, server_url: str, scale: float, seconds: float) -> dict[str, Any]:
    """Everything that is told about a desk of that size, on a fresh database of that server."""
    started, load = time.monotonic(), read_load()
    with _open_desk(folder, server_url) as fleet:
        _say(f"filling at scale {scale}")
        filled = run_module(fleet.environment(), "desk.fill", str(scale), seconds=1_800)
        fleet.start("web")
        _say(f"{REVIEWERS} reviewers for {seconds:.0f} s")
        pages = watch_reviewers(fleet, Known.from_filled(filled), seconds)
    return {
        "machine": describe_machine(server_url),
        "load_at_start": load,
        "load_at_end": read_load(),
        "seconds": round(time.monotonic() - started),
        "scale": scale,
        "rows": filled["rows"],
        "fill_seconds": filled["fill_seconds"],
        "reviewers": REVIEWERS,
        **pages,
        "targets": judge_pages(pages),
    }


def watch_reviewers(fleet: Fleet, known: Known, seconds: float) -> dict[str, Any]:
    """What reviewers met: times and statements by kind of page, and errors."""
    with redirect_stderr(io.StringIO()):  # what the app logs of the requests that are counted
        app = create_app(read_settings(fleet.environment()))
    cookies = sign_in_reviewers(app, REVIEWERS)
    warm = min(WARM_UP_SECONDS, seconds / 3)
    send_reviewers(fleet.site, cookies, known, warm, SEED)
    met = send_reviewers(fleet.site, cookies, known, seconds, SEED + 100)
    statements = count_statements(app, cookies[0], known, SEED)
    times = {kind: [each.times.get(kind, []) for each in met] for kind in statements}
    return {
        "target_ms": TARGET_MS,
        "pages": {kind: _tell(times[kind]) | {"statements": count} for kind, count in statements.items()},
        "all_pages": _tell([[seconds for kind in times for seconds in each.times.get(kind, [])] for each in met]),
        "errors": [error for each in met for error in each.errors][:10],
        "error_count": sum(len(each.errors) for each in met),
    }


def _tell(by_reviewer: list[list[float]]) -> dict[str, Any]:
    told = tell_times(by_reviewer)
    return {name: value for name, value in told.items() if not name.startswith("rounds")}


@contextmanager
def _open_desk(folder: Path, server_url: str) -> Iterator[Fleet]:
    home = folder / "desk"
    home.mkdir(parents=True)
    fleet = Fleet(home, make_database_url("postgresql", home, server_url))
    try:
        fleet.prepare()
        yield fleet
    finally:
        fleet.stop_all()


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.desk", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of 200,000 inquiries")
    parser.add_argument("--seconds", type=float, default=180.0, help="how long the reviewers work")
    return parser.parse_args()


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
