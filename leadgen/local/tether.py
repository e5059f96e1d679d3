"""Runs one command and ends it, with all that it started, when the parent is gone.

``python tether.py PIPE LOCK command…``. The parent holds the other end of PIPE: when it dies, however it
dies, the read ends. That works the same on Linux and macOS, needs no help from the command, and cannot be
missed. LOCK is passed on to the command, so that the lock is free only when nothing of ours is left.

Stands alone, on the standard library, so that it starts in a few milliseconds.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

GRACE_SECONDS = 3.0


def main(pipe: int, lock: int, command: list[str]) -> int:
    """Run the command to its end and return its exit code (128 plus the number for a signal)."""
    asked_to_stop, orphaned = threading.Event(), threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def forward(number: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()
        if child:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, forward)
    try:
        child = subprocess.Popen(command, pass_fds=(lock,))  # noqa: S603 - the supervisor's own command
    except OSError as error:
        sys.stderr.write(f"ERROR {command[0]}: {error.strerror}\n")
        return 127
    if asked_to_stop.is_set():
        child.send_signal(signal.SIGTERM)
    threading.Thread(target=_end_with_parent, args=(pipe, child, orphaned), daemon=True).start()
    code = child.wait()
    if orphaned.is_set():
        os.killpg(0, signal.SIGKILL)
    return code if code >= 0 else 128 - code


def _end_with_parent(pipe: int, child: subprocess.Popen[bytes], orphaned: threading.Event) -> None:
    while os.read(pipe, 1):
        pass
    orphaned.set()
    child.terminate()
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
