"""`leadgen up` as a real process, for tests that need all of it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

SECONDS_TO_START = 60
LEADGEN = [sys.executable, "-P", "-m", "leadgen"]
SCHOOLS = Path(__file__).with_name("three-schools.csv")


@dataclass
class Up:
    """A running installation. ``told`` is the line of JSON that it printed when it was ready."""

    process: subprocess.Popen[str]
    folder: Path
    told: dict[str, Any]

    @property
    def site(self) -> str:
        return self.told["site"].rstrip("/")

    @property
    def sandbox(self) -> str:
        return self.told["sandbox"].rstrip("/")

    def child_pids(self) -> set[int]:
        """Every process below the supervisor: tethers, and what they run."""
        return {child.pid for child in psutil.Process(self.process.pid).children(recursive=True)}

    def group(self, name: str) -> int:
        """The process group of one child: broker, sandbox, web, worker or sweeper."""
        return json.loads((self.folder / "up.json").read_text())["groups"][name]

    def get(self, path: str) -> int:
        """The status of a page."""
        with urllib.request.urlopen(self.site + path, timeout=10) as answer:
            return answer.status

    def arrivals(self, after: int = 0) -> list[dict[str, Any]]:
        """What reached the sample schools, oldest first."""
        with urllib.request.urlopen(f"{self.sandbox}/arrivals.json?after={after}", timeout=10) as answer:
            return json.loads(answer.read())["arrivals"]

    def stop(self) -> int:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(90)


def start_up(folder: Path, schools: Path = SCHOOLS, *, with_demo: bool = False, **settings: str) -> Up:
    """Start on free ports and wait until it is ready; ``settings`` by lower-case name. Stop it yourself."""
    words = ["--port", "0", "--schools", str(schools), "--demo" if with_demo else "--no-demo"]
    process = spawn_up(folder, *words, **settings)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith("{"):
        process.kill()
        raise AssertionError(f"leadgen up did not start: {process.communicate()[1]}")
    return Up(process, folder, json.loads(line))


def spawn_up(folder: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    """Start the command, and wait for nothing."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LEADGEN_")}
    own |= {f"LEADGEN_{name.upper()}": value for name, value in settings.items()}
    command = [*LEADGEN, "up", "--json", "--data", str(folder), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own)


def wait_until(holds: Any, seconds: float = 5.0) -> bool:
    """Ask again and again until it holds, for so many seconds."""
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(held)


def living(pids: set[int]) -> set[int]:
    """Those that still run; a process that is dead and not yet collected does not."""
    return {pid for pid in pids if psutil.pid_exists(pid) and not _is_zombie(pid)}


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
