"""The demo of a first start: invented beside the pages, which answer already."""

import threading
from pathlib import Path

from leadgen.local import StartError
from leadgen.local.children import Leash
from leadgen.local.first_start import DIRECTORY, is_first_start, run_command
from leadgen.local.output import Log, Terminal

GRACE_SECONDS = 3.0


class Seeding:
    """Runs `leadgen demo seed` once, at the first start on the sample schools."""

    def __init__(self, data_dir: Path, schools: Path, terminal: Terminal, *, wanted: bool) -> None:
        """To be made before the folder is prepared."""
        self._data_dir, self._terminal = data_dir, terminal
        self._is_due = wanted and schools == DIRECTORY and is_first_start(data_dir)
        self._thread: threading.Thread | None = None

    def start(self, leash: Leash) -> None:
        """Begin, if it is due, and wait for nothing."""
        if self._is_due:
            self._thread = threading.Thread(target=self._run, args=(leash,), daemon=True, name="demo")
            self._thread.start()

    def wait(self) -> None:
        """Wait for the end of the command, which dies with the leash."""
        if self._thread:
            self._thread.join(GRACE_SECONDS)

    def _run(self, leash: Leash) -> None:
        try:
            told = run_command(leash, "demo", "seed")
        except StartError as error:
            if not self._terminal.muted:
                self._terminal.warn(f"No demo was made. {error}")
        else:
            Log("demo", self._data_dir / "logs").write(told.strip())
