"""``leadgen up``: everything on this machine, started in order, watched, and ended in order."""

import http.client
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from leadgen.config import ConfigurationError, read_settings
from leadgen.local import StartError
from leadgen.local.announce import announce
from leadgen.local.broker import broker_answers, choose_socket, make_broker_command, make_broker_url
from leadgen.local.children import Child, Leash, Program
from leadgen.local.environment import COMMANDS_FILE, Ports, compose, is_set, spell
from leadgen.local.first_start import DIRECTORY, leadgen_command, logins_were_shown, prepare
from leadgen.local.keys import load_keys, write_private
from leadgen.local.lock import Locks, take_locks
from leadgen.local.output import Log, Terminal
from leadgen.local.preflight import HOST, claim_web_port, find_port, prepare_folder
from leadgen.local.seeding import Seeding
from leadgen.signals import StopSignals

READY_SECONDS = 120.0
LOOK_SECONDS = 0.2
WEB_GRACE, WORKER_GRACE, SWEEPER_GRACE, SANDBOX_GRACE, BROKER_GRACE = 22.0, 20.0, 20.0, 3.0, 3.0


class StopAskedError(Exception):
    """We were asked to stop before everything was up."""


def run_up(
    port: int, data_dir: Path, schools: Path = DIRECTORY, *, as_json: bool = False, with_demo: bool = True
) -> int:
    """Run until a signal comes. Returns the exit code: 0 after a signal, 1 where it cannot start or go on."""
    terminal = Terminal()
    os.umask(0o077)  # the database and the logs, as the children write them, are for this user alone
    try:
        folder = prepare_folder(data_dir)
        locks = take_locks(folder)
        ports = _choose_ports(port)
        seeding = Seeding(folder, schools, terminal, wanted=with_demo)
        supervisor = Supervisor(folder, locks, ports, terminal, seeding)
    except (StartError, ConfigurationError) as error:
        terminal.warn(str(error))
        return 1
    return supervisor.run(schools, as_json=as_json)


def _choose_ports(port: int) -> Ports:
    web = claim_web_port(port)
    return Ports(web=web, sandbox_http=find_port(web + 1), sandbox_smtp=find_port(web + 2))


class Supervisor:
    """Holds the children of one data folder."""

    def __init__(self, folder: Path, locks: Locks, ports: Ports, terminal: Terminal, seeding: Seeding) -> None:
        self._seeding = seeding
        self._folder, self._locks, self._ports, self._terminal = folder, locks, ports, terminal
        self._ready = False
        self._children: list[Child] = []
        self._signals = StopSignals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, heed=self._heed_signal)
        self._socket = choose_socket(folder)
        own = dict(os.environ)
        self._embeds_broker = not is_set(own, "LEADGEN_BROKER_URL")
        environment = compose(own, load_keys(folder), folder, ports, make_broker_url(self._socket))
        self._settings = read_settings(environment)
        write_private(folder / COMMANDS_FILE, spell(environment))
        self._read_end, self._write_end = os.pipe()
        self._leash = Leash(self._read_end, locks.children, environment)

    def run(self, schools: Path, *, as_json: bool) -> int:
        """Start, watch, stop."""
        self._write_state()
        try:
            self._start_and_watch(schools, as_json=as_json)
        except StopAskedError:
            return 0
        except StartError as error:
            self._terminal.warn(str(error))
            return 1
        finally:
            self._stop_all()
        return 0

    def _start_and_watch(self, schools: Path, *, as_json: bool) -> None:
        logins = prepare(self._leash, self._folder, schools)
        if self._embeds_broker:
            self._start(Program("broker", make_broker_command(self._socket, self._folder), BROKER_GRACE, shown=False))
            self._wait_until(lambda: broker_answers(self._socket), "The embedded broker does not answer")
        for program in self._list_programs():
            self._start(program)
        self._wait_until(lambda: _answers(self._ports.web, "/readyz"), "The web does not answer")
        self._wait_until(lambda: _answers(self._ports.sandbox_http, "/healthz"), "The sandbox does not answer")
        self._ready = True
        self._write_state()
        self._terminal.say(announce(self._settings.site_name, self._ports, logins, self._folder, as_json=as_json))
        logins_were_shown(self._folder)
        self._seeding.start(self._leash)
        while not self._signals.wait(LOOK_SECONDS):
            self._look()

    def _list_programs(self) -> list[Program]:
        ports = ["--http-port", str(self._ports.sandbox_http), "--smtp-port", str(self._ports.sandbox_smtp)]
        sandbox = leadgen_command("sandbox", *ports, "--data", str(self._folder))
        web = leadgen_command("web", "--host", HOST, "--port", str(self._ports.web))
        return [
            Program("sandbox", sandbox, SANDBOX_GRACE),
            Program("web", web, WEB_GRACE),
            Program("worker", leadgen_command("worker"), WORKER_GRACE),
            Program("sweeper", leadgen_command("sweeper"), SWEEPER_GRACE),
        ]

    def _start(self, program: Program) -> None:
        self._raise_if_stopped()
        child = Child(program, self._leash, Log(program.name, self._folder / "logs"), self._terminal)
        child.start()
        self._children.append(child)
        self._write_state()

    def _wait_until(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                raise StartError(f"{otherwise} after {READY_SECONDS:.0f} s. See {self._folder / 'logs'}")
            self._signals.wait(0.05)
            self._raise_if_stopped()
            self._look()

    def _look(self) -> None:
        groups = [child.group for child in self._children]
        for child in self._children:
            if not child.look():
                raise StartError(
                    f"{child.program.name} keeps ending. Stopping everything. Its last words: "
                    f"{child.log.last_words[:200]} (more in {child.log.path})"
                )
        if groups != [child.group for child in self._children]:
            self._write_state()

    def _stop_all(self) -> None:
        """Web first, so that posts finish; then the worker and its sends; then what those send to; then the broker."""
        self._terminal.muted = True
        asked = {child.program.name: child for child in self._children}
        for names in (["web"], ["worker", "sweeper"], ["sandbox"], ["broker"]):
            ending = [asked[name] for name in names if name in asked]
            for child in ending:
                child.ask_to_stop()
            for child in ending:
                child.wait(child.program.grace_seconds)
        os.close(self._write_end)
        self._seeding.wait()
        with suppress(OSError):
            self._socket.unlink()
        self._locks.release()

    def _heed_signal(self, number: int, count: int) -> None:
        """Runs in the handler, so it takes no lock. A second signal does not wait for the children to finish."""
        if count > 1:
            for child in self._children:
                child.kill()
        elif number == signal.SIGINT:
            self._terminal.say_at_once("\nStopping. Press Ctrl-C again to stop at once.\n")

    def _raise_if_stopped(self) -> None:
        if self._signals.count:
            raise StopAskedError

    def _write_state(self) -> None:
        self._locks.write_state(
            site=self._ports.site,
            sandbox=self._ports.sandbox,
            ready=self._ready,
            groups={child.program.name: child.group for child in self._children},
        )


def _answers(port: int, path: str) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
