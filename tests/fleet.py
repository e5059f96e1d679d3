"""The real processes, one by one, so that a test can kill, freeze or start any of them.

Everything listens on 127.0.0.1 or a Unix socket, and is ended by its process id.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import Connection, Engine, create_engine, text

from leadgen.database import prepare_engine
from leadgen.local.broker import broker_answers, make_broker_command, make_broker_url
from tests.conftest import TEST_ENVIRONMENT

LEADGEN = [sys.executable, "-P", "-m", "leadgen"]
ROOT = Path(__file__).resolve().parents[1]
QUICK = {"sweep_seconds": "0.5", "lease_seconds": "2"}


@dataclass
class Fleet:
    """One installation in a folder of its own. ``start`` what the test needs; `stop_all` ends it.

    ``thanked``: references of inquiries that somebody was thanked for. ``filed``: of leads, as often as they stand in
    daily files that a school has."""

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    broker_program: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    web_port: int = 0
    sandbox_ports: tuple[int, int] = (0, 0)
    thanked: list[str] = field(default_factory=list)
    filed: list[str] = field(default_factory=list)
    _heard: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.web_port = find_free_port()
        self.sandbox_ports = (find_free_port(), find_free_port())

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def socket_path(self) -> Path:
        return self.folder / "broker.sock"

    def environment(self, **overrides: str) -> dict[str, str]:
        """The environment of a process; ``overrides`` by lower-case name."""
        http, smtp = self.sandbox_ports
        own = {name: value for name, value in os.environ.items() if not name.startswith("LEADGEN_")}
        wired = {
            "LEADGEN_DATABASE_URL": self.database_url,
            "LEADGEN_BROKER_URL": make_broker_url(self.socket_path),
            "LEADGEN_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "LEADGEN_SANDBOX_HTTP": f"127.0.0.1:{http}",
            "LEADGEN_DATA_DIR": str(self.folder),
            "LEADGEN_BASE_URL": self.site,
        }
        named = {f"LEADGEN_{name.upper()}": value for name, value in (self.settings | overrides).items()}
        return own | TEST_ENVIRONMENT | wired | named

    def run(self, *words: str, **overrides: str) -> subprocess.CompletedProcess[str]:
        """Run a leadgen command to its end."""
        return subprocess.run(
            [*LEADGEN, *words],
            env=self.environment(**overrides),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def prepare(self, schools: Path = ROOT / "schools.csv") -> None:
        """Migrate, import the directory, and hand out secrets."""
        for words in (("db", "upgrade"), ("directory", "import", str(schools))):
            done = self.run(*words)
            assert done.returncode == 0, done.stderr
        self.hand_out_secrets()

    def hand_out_secrets(self) -> None:
        """Tell the sandbox's schools the secrets of today."""
        secrets = self.run("endpoint", "secrets", "--example")
        (self.folder / "sandbox-secrets.json").write_text(secrets.stdout)

    def start(self, *names: str, **overrides: str) -> None:
        """Start processes and wait until those that answer do. Names may be numbered: ``worker2``."""
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                self._command(name), env=self.environment(**overrides), stdout=log, stderr=log, start_new_session=True
            )
            log.close()
        for name in names:
            self._wait(name)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to the whole process group, and wait when it is meant to end it."""
        process = self.processes[name]
        os.killpg(process.pid, number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            process.wait(30)
            del self.processes[name]

    def wait_dead(self, name: str, seconds: float = 30) -> None:
        """Wait until a process has killed itself at its crash point."""
        assert self.processes.pop(name).wait(seconds) == -signal.SIGKILL

    def wait_stopped(self, name: str, seconds: float = 30) -> None:
        """Wait until a process stands still at its freeze point."""
        stat = Path(f"/proc/{self.processes[name].pid}/stat")
        assert wait_until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", seconds), f"{name} runs on"

    def stop_all(self) -> None:
        """End everything that still runs."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.processes.values():
            process.wait(10)
        self.processes.clear()

    def engine(self) -> Engine:
        """An engine of the test's own on the same database."""
        return prepare_engine(create_engine(self.database_url))

    def query(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Read rows, without a write lock."""
        engine = create_engine(self.database_url)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(statement), values)]
        engine.dispose()
        return rows

    def execute(self, work: Callable[[Connection], None]) -> None:
        """Write something behind the product's back."""
        engine = self.engine()
        with engine.begin() as connection:
            work(connection)
        engine.dispose()

    def broker(self) -> Redis:
        """A client of the broker."""
        return Redis(unix_socket_path=str(self.socket_path), socket_timeout=5)

    def arrivals(self) -> list[dict[str, Any]]:
        """What reached the sandbox's schools, oldest first: the receiver's own log. It forgets, we do not."""
        after = self._heard[-1]["id"] if self._heard else 0
        address = f"http://127.0.0.1:{self.sandbox_ports[0]}/arrivals.json?after={after}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            self._heard += json.loads(answer.read())["arrivals"]
        return self._heard

    def school_arrivals(self) -> list[dict[str, Any]]:
        """Arrivals at schools, without our letters to prospects."""
        return [arrival for arrival in self.arrivals() if "letter" not in arrival["key"]]

    def letters_to(self, address: str) -> list[dict[str, Any]]:
        """Our letters to one person, as they arrived."""
        mails = [arrival for arrival in self.arrivals() if arrival["kind"] == "mail"]
        return [mail for mail in mails if address in mail["content"]["envelope"]["recipients"]]

    def behave(self, host: str, **how: object) -> None:
        """Tell a school of the sandbox how to answer; nothing forgets it."""
        body = json.dumps({"host": host, **how}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.sandbox_ports[0]}/behave", body, {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=10).close()

    def wait_quiet(self, seconds: float = 60) -> None:
        """Wait until nothing moves by itself any more: no row is pending and due, claimed or sending."""
        states = "('pending', 'claimed', 'sending')"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            waiting = self.query(
                f"SELECT 'delivery', id, state, reason FROM delivery WHERE state IN {states}"
                f" UNION ALL SELECT 'letter', id, state, reason FROM letter WHERE state IN {states}"
            )
            if not waiting:
                return
            time.sleep(0.2)
        raise AssertionError(f"still moving after {seconds} s: {waiting[:10]}")

    def check(self) -> list[dict[str, str]]:
        """What `leadgen check` finds broken."""
        done = self.run("check", "--json")
        assert done.stdout, done.stderr
        found: list[dict[str, str]] = json.loads(done.stdout)["breaches"]
        return found

    def all_logs(self) -> str:
        """Everything that the processes logged."""
        return "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def _command(self, name: str) -> list[str]:
        kind = name.rstrip("0123456789")
        http, smtp = map(str, self.sandbox_ports)
        match kind:
            case "broker":
                command = list(make_broker_command(self.socket_path, self.folder))
                return [self.broker_program, *command[1:]] if self.broker_program else command
            case "sandbox":
                return [*LEADGEN, "sandbox", "--http-port", http, "--smtp-port", smtp, "--data", str(self.folder)]
            case "web":
                return [*LEADGEN, "web", "--port", str(self.web_port)]
            case _:
                return [*LEADGEN, kind]

    def _wait(self, name: str) -> None:
        kind = name.rstrip("0123456789")
        ready: dict[str, Callable[[], bool]] = {
            "broker": lambda: broker_answers(self.socket_path),
            "sandbox": lambda: answers(f"http://127.0.0.1:{self.sandbox_ports[0]}/"),
            "web": lambda: answers(f"{self.site}/readyz"),
        }
        if kind in ready:
            assert wait_until(ready[kind], 60), f"{name} does not answer: {self.all_logs()[-3000:]}"


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until(holds: Callable[[], object], seconds: float = 30) -> bool:
    """Ask until it holds, for so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


def find_free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def copy_sqlite(source: Path, target: Path) -> None:
    """A copy of an SQLite database, whatever is in its write-ahead log."""
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)
    shutil.copymode(source, target)
