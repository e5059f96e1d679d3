"""A real web process: how much memory it takes with the directory in it, and how soon it answers ten people."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from leadgen.matching.criteria import Criteria
from tests.benchmarks.clients import measure_cpu
from tests.benchmarks.databases import make_database_url
from tests.benchmarks.spread import tell_times
from tests.conftest import SHARED
from tests.fleet import Fleet

FEDERAL = SHARED / "data" / "ipeds"
IMPORT = (
    "directory",
    "import-ipeds",
    "--hd",
    str(FEDERAL / "HD2024.zip"),
    "--completions",
    str(FEDERAL / "C2024_A.zip"),
)
SEARCH, PAGE = "POST /inquiry/eligibility", "/inquiry/schools"
WARM_UP_SECONDS, SECONDS = 5, 20
MEGABYTE = 1_000_000
MOST_BUILD_SECONDS = 600


def measure_memory(fleet: Fleet, searches: Sequence[Criteria], people: int = 20) -> dict[str, Any]:
    """What one web process holds when it has read the directory and answered some people by HTTP."""
    fleet.start("broker", "web", web_workers="1")
    started, server = time.monotonic(), psutil.Process(fleet.processes["web"].pid)
    _wait_until_idle(server.pid)
    read_seconds = time.monotonic() - started
    heard = _send(fleet.site, [each.zip for each in searches[:people]], clients=1, seconds=people // 4)
    (worker,) = server.children()
    return {
        "resident_mb": round(worker.memory_info().rss / MEGABYTE, 1),
        "own_mb": round(worker.memory_full_info().uss / MEGABYTE, 1),
        "most_mb": _read_most(worker.pid),
        "read_seconds": round(read_seconds, 1),
        "errors": heard["errors"][:3],
    }


def measure_page(
    folder: Path, server_url: str, databases: Sequence[str], zips: Sequence[str], rounds: int
) -> dict[str, Any]:
    """The page of schools over HTTP with the federal directory, ten clients at one search a second each."""
    return {kind: _measure_page(folder / kind, kind, server_url, zips, rounds) for kind in databases}


def _measure_page(folder: Path, kind: str, server_url: str, zips: Sequence[str], rounds: int) -> dict[str, Any]:
    folder.mkdir(parents=True)
    fleet = Fleet(folder, make_database_url(kind, folder, server_url))
    try:
        fleet.prepare()
        imported = fleet.run(*IMPORT)
        assert imported.returncode == 0, imported.stderr
        fleet.start("broker", "web")
        _wait_until_idle(fleet.processes["web"].pid)
        _send(fleet.site, zips, clients=10, seconds=WARM_UP_SECONDS)
        heard = [_send(fleet.site, zips, clients=10, seconds=SECONDS) for _ in range(rounds)]
        offerings = fleet.query("SELECT count(*) FROM offering")[0][0]
    finally:
        fleet.stop_all()
    return {
        "offerings": offerings,
        "searches": sum(len(each["steps"].get(PAGE, [])) for each in heard),
        "search": tell_times([each["steps"].get(SEARCH, []) for each in heard]),
        "page": tell_times([each["steps"].get(PAGE, []) for each in heard]),
        "late": sum(each["late"] for each in heard),
        "errors": [error for each in heard for error in each["errors"]][:5],
    }


def _send(site: str, zips: Sequence[str], clients: int, seconds: float) -> dict[str, Any]:
    order = {"site": site, "zips": list(zips), "clients": clients, "seconds": seconds}
    command = [sys.executable, "-m", "tests.benchmarks.match.clients"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    heard: dict[str, Any] = json.loads(done.stdout)
    return heard


def _wait_until_idle(pid: int) -> None:
    """Until the processes have worked less than a tenth of a second in one: then the directory is read."""
    deadline = time.monotonic() + MOST_BUILD_SECONDS
    time.sleep(2)
    while time.monotonic() < deadline:
        before = measure_cpu(pid)
        time.sleep(1)
        if measure_cpu(pid) - before < 0.1:
            return
    raise AssertionError("the web process does not come to rest")


def _read_most(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1]
    return round(int(status.split()[0]) * 1024 / MEGABYTE, 1)
