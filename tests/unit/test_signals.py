"""Signals that come at the worst moment: while the main thread waits, or is in the middle of a line."""

import os
import signal
import subprocess
import sys
import threading
import time

from leadgen.signals import StopSignals

SIGNALS = 3_000
SECONDS = 60

STORM = f"""
import os, signal, threading, time
from leadgen.local.output import Terminal
from leadgen.signals import StopSignals

terminal = Terminal()
signals = StopSignals(signal.SIGINT, heed=lambda number, count: terminal.say_at_once("!"))

def storm():
    for _ in range({SIGNALS}):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.0001)

def say_and_wait():
    while sending.is_alive():
        terminal.say("a line")
        signals.count = 0
        signals.wait(0)

sending = threading.Thread(target=storm)
sending.start()
say_and_wait()
"""


def test_a_storm_of_signals_never_locks_up_whoever_prints_and_waits() -> None:
    done = subprocess.run([sys.executable, "-c", STORM], capture_output=True, timeout=SECONDS, check=True)
    assert b"!" in done.stdout


def test_a_signal_ends_the_wait_at_once_and_stays_known() -> None:
    before = signal.getsignal(signal.SIGUSR1)
    heard: list[tuple[int, int]] = []
    try:
        signals = StopSignals(signal.SIGUSR1, heed=lambda *told: heard.append(told))
        assert not signals.wait(0.01)
        threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGUSR1]).start()
        begun = time.monotonic()
        assert signals.wait(30)
        assert time.monotonic() - begun < 10
        assert signals.wait(30)
        assert heard == [(signal.SIGUSR1, 1)]
    finally:
        signal.signal(signal.SIGUSR1, before)
