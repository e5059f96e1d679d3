"""``make bench-match``: searches over 7,000, 100,000 and 1,000,000 campuses, ours beside what else does the same job.

python -m tests.benchmarks.match [--quick] [--size CAMPUSES]… [--database sqlite|postgresql]… [--without NAME]…

Every competitor gives the exact total and the first twenty with distance, score and reasons; answers are compared.
Prints one JSON document; a summary goes to standard error. Exit status 1 where an aim is missed or an answer differs.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.databases import start_postgresql
from tests.benchmarks.machine import describe_machine, read_load
from tests.benchmarks.match import postgis
from tests.benchmarks.match.aims import judge, summarize
from tests.benchmarks.match.field import COMPETITORS, Effort, Order, measure_size
from tests.benchmarks.match.people import make_searches
from tests.benchmarks.match.town import list_spots
from tests.benchmarks.match.web import FEDERAL, measure_page

DATABASES = ("sqlite", "postgresql")
SIZES = (7_000, 100_000, 1_000_000)
FULL, QUICK = Effort(rounds=3, searches=120), Effort(rounds=1, searches=24)


def main() -> None:
    """Measure what was asked for, one thing after the other."""
    asked = _read_arguments()
    if "postgis" not in asked.without and not postgis.is_installed():
        sys.exit(f"PostGIS is not here: apt-get install {postgis.PACKAGE}, or leave it out with --without postgis")
    # an ordinary exit, so that every server started here is ended on the way out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = Path(tempfile.mkdtemp(prefix="lg-match-", dir="/tmp"))  # a short path: it holds Unix sockets
    folder.chmod(0o755)  # PostgreSQL runs as another user
    try:
        report = _measure(asked, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(report, indent=2))
    print(summarize(report), file=sys.stderr)
    sys.exit(0 if all(aim["reached"] for aim in report["aims"]) else 1)


def _measure(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    started, load = time.monotonic(), read_load()
    effort, databases = QUICK if asked.quick else FULL, asked.database or DATABASES
    zips = [each.zip for each in make_searches(list_spots(), 100)]
    looks = not asked.no_page and FEDERAL.is_dir()
    with ExitStack() as stack:
        start = start_postgresql if "postgis" in asked.without else postgis.start_debian_postgresql
        server_url = stack.enter_context(start(folder / "pg"))
        sizes = [
            measure_size(folder / str(size), server_url, Order(size, databases, asked.without, effort))
            for size in asked.size or ([SIZES[0]] if asked.quick else SIZES)
        ]
        report = {
            "machine": describe_machine(server_url),
            "load_at_start": load,
            "sizes": sizes,
            "page": measure_page(folder / "page", server_url, databases, zips, effort.rounds) if looks else None,
            "load_at_end": read_load(),
            "seconds": round(time.monotonic() - started),
        }
    return report | {"aims": judge(report)}


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.match", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="7,000 campuses, one round of few searches")
    parser.add_argument("--size", action="append", type=int, metavar="CAMPUSES", help=f"default: {SIZES}")
    parser.add_argument("--database", action="append", choices=DATABASES, help="default: both")
    parser.add_argument("--without", action="append", choices=COMPETITORS, default=[], help="leave a competitor out")
    parser.add_argument("--no-page", action="store_true", help="without the results page over HTTP")
    return parser.parse_args()


if __name__ == "__main__":
    main()
