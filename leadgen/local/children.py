"""A child process: started on a tether, watched, started again when it dies, ended within its time."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from leadgen.local.output import Log, Terminal

TETHER = str(Path(__file__).with_name("tether.py"))
EARLY_DEATHS = 5
EARLY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 8.0


@dataclass(frozen=True)
class Program:
    """What to run. ``grace_seconds`` is how long it may take to end its work when asked to stop."""

    name: str
    command: tuple[str, ...]
    grace_seconds: float
    shown: bool = True


@dataclass(frozen=True)
class Leash:
    """What every child hangs on: the pipe that ends with us, the lock of the folder, and its environment."""

    pipe: int
    lock: int
    environment: dict[str, str]

    def wrap(self, command: tuple[str, ...]) -> list[str]:
        """The command as run by the tether."""
        return [sys.executable, "-I", "-S", TETHER, str(self.pipe), str(self.lock), *command]

    def run(self, command: tuple[str, ...], text: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command to its end, with ``text`` on its standard input."""
        return subprocess.run(  # noqa: S603 - our own command line
            self.wrap(command),
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=self.environment,
            pass_fds=(self.pipe, self.lock),
            start_new_session=True,
            check=False,
        )


@dataclass
class Child:
    """One program, and the process that runs it now."""

    program: Program
    leash: Leash
    log: Log
    terminal: Terminal
    process: subprocess.Popen[str] | None = None
    again_at: float = 0.0
    early_deaths: int = 0
    _started_at: float = 0.0

    @property
    def group(self) -> int:
        """The process group of the tether and all below it; 0 when none was started."""
        return self.process.pid if self.process else 0

    def start(self) -> None:
        """Start the program in a session of its own, so that Ctrl-C reaches only us."""
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command line
            self.leash.wrap(self.program.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=self.leash.environment,
            pass_fds=(self.leash.pipe, self.leash.lock),
            start_new_session=True,
        )
        reader = (self.program.name, self.process.stdout, self.log)
        follow = threading.Thread(target=self.terminal.follow, args=reader, kwargs={"shown": self.program.shown})
        follow.daemon = True
        follow.start()

    def look(self) -> bool:
        """Start it again where it died and its pause is over. False after five deaths in a row within a minute each."""
        if self.process and self.process.poll() is not None:
            self._note_death(self.process.returncode)
        if self.early_deaths >= EARLY_DEATHS:
            return False
        if not self.process and time.monotonic() >= self.again_at:
            self.start()
        return True

    def ask_to_stop(self) -> None:
        """Ask it to finish what it is doing and end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait at most ``seconds`` for its end, then kill it with all that it started."""
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            self.kill()
            self.process.wait()
        self.log.close()

    def kill(self) -> None:
        """Kill the whole group, and what is left of it when the tether is gone."""
        with suppress(OSError):
            os.killpg(self.group, signal.SIGKILL)

    def _note_death(self, code: int) -> None:
        self.kill()
        self.process = None
        lived = time.monotonic() - self._started_at
        self.early_deaths = self.early_deaths + 1 if lived < EARLY_SECONDS else 1
        pause = min(0.25 * 2**self.early_deaths, LONGEST_PAUSE_SECONDS)
        self.again_at = time.monotonic() + pause
        self.terminal.warn(f"{self.program.name} ended (exit code {code}). Its last words: {self.log.last_words[:200]}")
