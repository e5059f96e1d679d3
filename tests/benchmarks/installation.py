"""What is measured: the product as real processes on one kind of database, and a twin database for the ceilings."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from leadgen.config import ROOT, Settings, read_settings
from tests.benchmarks.bare_rows import Template, read_template
from tests.benchmarks.clients import LAST_PAGE, run_clients
from tests.benchmarks.databases import copy_database, make_database_url
from tests.benchmarks.receiver import read_arrivals
from tests.fleet import Fleet, answers, find_free_port, wait_until

SAMPLE = ROOT / "schools.csv"
TEN_SCHOOLS = Path(__file__).with_name("ten_schools.csv")  # each takes by a webhook
ROOM = 1_000_000  # a cap that is never reached: the checks are made, and nobody is turned away


@dataclass
class Installation:
    """``fleet`` is the product; ``twin_url`` a database as it was at the start, for the bare ceilings."""

    fleet: Fleet
    twin_url: str
    receiver_port: int
    people: int = 1_000
    template: Template = field(init=False)

    def __post_init__(self) -> None:
        engine = create_engine(self.twin_url)
        self.template = read_template(engine)
        engine.dispose()

    @property
    def settings(self) -> Settings:
        return read_settings(self.fleet.environment())

    @property
    def worker_threads(self) -> int:
        """Deliveries that the worker carries at once."""
        return self.settings.threads_of_worker

    def make_drafts(self, count: int) -> list[str]:
        """Cookies of complete drafts of people who did not inquire before."""
        return [str(cookie) for cookie in self._make("drafts", count)]

    def make_inquiries(self, count: int) -> list[int]:
        """Inquiries as the last post leaves them, without a nudge; gives the ids of their due deliveries."""
        return [int(row) for row in self._make("inquiries", count)]

    def walk(self, seconds: float) -> dict[str, Any]:
        """Ten clients, each a whole inquiry a second."""
        first, self.people = self.people, self.people + 10 * int(seconds)
        return self._run({"do": "walk", "site": self.fleet.site, "seconds": seconds, "first": first})

    def fire(self, count: int, rate: float | None = None, *, follow: bool = True) -> dict[str, Any]:
        """Last posts of fresh prepared drafts, each with its confirmation page unless ``follow`` is off, as fast as
        ten clients can or so many a second."""
        order = {"site": self.fleet.site, "path": LAST_PAGE, "server_pid": self.fleet.processes["web"].pid}
        return self._run({"do": "fire", "cookies": self.make_drafts(count), "rate": rate, "follow": follow, **order})

    def fire_bare(self, site: str, path: str, count: int, server_pid: int) -> dict[str, Any]:
        """Posts of the same size to the bare server, as fast as ten clients can."""
        order = {"site": site, "path": path, "server_pid": server_pid}
        return self._run({"do": "fire", "cookies": ["x" * 22] * count, "rate": None, "follow": False, **order})

    def arrivals(self) -> dict[str, float]:
        """When each webhook delivery arrived first, by its key in lower case."""
        found: dict[str, float] = {}
        for key, at in read_arrivals(self.receiver_port):
            found.setdefault(key, at)
        return found

    def run(self, *names: str, **overrides: str) -> None:
        """Let exactly these processes run beside broker and sandbox: end the others, start what is missing, with other
        settings where they are given."""
        running = set(self.fleet.processes) - {"broker", "sandbox"}
        for name in running - set(names):
            self.fleet.kill(name, signal.SIGTERM)
        self.fleet.start(*(name for name in names if name not in running), **overrides)

    def wait_quiet(self) -> None:
        """Until everything that is due has been carried."""
        self.fleet.wait_quiet(300)

    @contextmanager
    def beside(self, *words: str, database_url: str = "", ready: Callable[[], object] | None = None) -> Iterator[int]:
        """Another module of the benchmarks as a process, for a while; gives its id."""
        environment = self.fleet.environment(**({"database_url": database_url} if database_url else {}))
        with run_beside(environment, self.fleet.folder / f"{words[0]}.log", *words, ready=ready) as pid:
            yield pid

    def _make(self, kind: str, count: int) -> list[Any]:
        first, self.people = self.people, self.people + count
        made: list[Any] = run_module(self.fleet.environment(), "people", kind, str(count), str(first))
        return made

    def _run(self, order: dict[str, Any]) -> dict[str, Any]:
        return run_clients(self.fleet.environment(), order)


@contextmanager
def install(kind: str, folder: Path, server_url: str, schools: Path = SAMPLE) -> Iterator[Installation]:
    """Migrate, import the schools, write one inquiry, make the twin, and start broker, sandbox and receiver."""
    folder.mkdir(parents=True)
    database_url, port = make_database_url(kind, folder, server_url), find_free_port()
    fleet = Fleet(folder, database_url, {"sandbox_http": f"127.0.0.1:{port}"})
    try:
        fleet.prepare(schools)
        fleet.execute(_give_room)
        # with its first inquiry there, the twin has rows to copy; its delivery is carried with the others
        run_module(fleet.environment(), "people", "inquiries", "1", "0")
        twin_url = copy_database(database_url, folder, server_url)
        listening = lambda: answers(f"http://127.0.0.1:{port}/")  # noqa: E731
        with run_beside(fleet.environment(), folder / "receiver.log", "receiver", str(port), ready=listening):
            fleet.start("broker", "sandbox")
            yield Installation(fleet, twin_url, port)
    finally:
        fleet.stop_all()


@contextmanager
def run_beside(
    environment: Mapping[str, str], log: Path, *words: str, ready: Callable[[], object] | None = None
) -> Iterator[int]:
    """A module of the benchmarks as a process, ended by its id, which is given."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{words[0]}", *words[1:]],
            env=dict(environment),
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        if ready:
            assert wait_until(ready, 60), f"{words[0]} does not answer: {log.read_text()[-2000:]}"
        yield process.pid
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def run_module(environment: Mapping[str, str], module: str, *words: str, seconds: float = 600) -> Any:
    """Run a module of the benchmarks to its end; gives the JSON that it printed."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *words]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-3000:]}"
    return json.loads(done.stdout)


def _give_room(connection: Connection) -> None:
    for cap in ("daily_cap", "monthly_cap"):
        connection.execute(text(f"UPDATE school SET {cap} = {ROOM} WHERE {cap} IS NOT NULL"))
