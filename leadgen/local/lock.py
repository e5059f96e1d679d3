"""One supervisor per data folder, and nothing of an earlier one left running.

Two locks that the system drops when their holders die, so that neither can be stale:

* ``up.lock`` is held by the supervisor alone: it says who is running;
* ``children.lock`` is handed down to every child: it is free only when the last of them is gone.
"""

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from leadgen.local import StartError

STATE = "up.json"
LEFTOVER_SECONDS = 6.0


@dataclass(frozen=True)
class Locks:
    """The two locked files, as open descriptors."""

    folder: Path
    up: int
    children: int

    def write_state(self, **state: object) -> None:
        """Say for others what runs here: process, addresses, and the process group of each child."""
        path = self.folder / STATE
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps({"pid": os.getpid(), **state}), encoding="utf-8")
        draft.replace(path)

    def release(self) -> None:
        """Forget the state and let the next supervisor in."""
        (self.folder / STATE).unlink(missing_ok=True)
        os.close(self.children)
        os.close(self.up)


def take_locks(folder: Path) -> Locks:
    """Become the supervisor of this folder. Raises StartError where another lives."""
    up = _open(folder / "up.lock")
    state = read_state(folder)
    if not _try_lock(up):
        os.close(up)
        raise StartError(
            f"leadgen already runs on {folder} (process {state.get('pid', '?')}, {state.get('site', 'starting')})"
        )
    children = _open(folder / "children.lock")
    if not _wait_for(children):
        _kill_groups(state)
        if not _wait_for(children):
            raise StartError(f"Processes of an earlier start still use {folder}. End them, then start again")
    return Locks(folder, up, children)


def read_state(folder: Path) -> dict[str, object]:
    """What the running (or last, killed) supervisor wrote; empty where there is nothing."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _wait_for(descriptor: int) -> bool:
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while not (locked := _try_lock(descriptor)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return locked


def _kill_groups(state: dict[str, object]) -> None:
    """The lock is held, so a child whose tether was killed too is still there: end it by its group."""
    groups = state.get("groups")
    for group in groups.values() if isinstance(groups, dict) else ():
        with suppress(OSError):
            os.killpg(int(group), signal.SIGKILL)
