"""Nudges of a test's own making, in the broker."""

import subprocess
import sys

from tests.fleet import ROOT, Fleet


def nudge(fleet: Fleet, *rows: int) -> None:
    """Put a message for each of these deliveries into the broker, in this order."""
    command = [sys.executable, "-m", "tests.benchmarks.nudge", "deliver", *map(str, rows)]
    subprocess.run(command, cwd=ROOT, env=fleet.environment(), check=True, timeout=60)
