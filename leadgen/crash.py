"""Named points at which a process can be told to kill itself or stand still, so that fault tests hit them exactly."""

import os
import signal
import threading

FREEZE = "freeze:"
_armed = ""


def arm(point: str) -> None:
    """Kill this process when it reaches ``point``; ``freeze:`` before the name stops it there once, until SIGCONT.

    An empty name disarms."""
    global _armed
    _armed = point


def crash_here(point: str) -> None:
    """Die by SIGKILL, as in a power cut, if this point is armed; or stop, as a machine that is put to sleep."""
    if not _armed:
        return
    if _armed == point:
        os.kill(os.getpid(), signal.SIGKILL)
    elif _armed == FREEZE + point:
        arm("")
        # to this thread, so that it is the one that does not go a step further
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
