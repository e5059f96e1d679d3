"""What the children say: all of it to ``logs/<name>.log``, and to the terminal only what somebody should read."""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES = 5_000_000
LONGEST_LINE = 400
LEVELS = {"warning", "error", "critical", "fatal"}

_plain_level = re.compile(r"\b(WARNING|ERROR|CRITICAL|FATAL)\b")


class Log:
    """The log file of one child, at most 10 MB with the part before."""

    def __init__(self, name: str, folder: Path) -> None:
        self.path = folder / f"{name}.log"
        self.last_words = ""
        self._handler = RotatingFileHandler(self.path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
        self._handler.setFormatter(logging.Formatter("%(message)s"))

    def write(self, line: str) -> None:
        """Append one line."""
        if line.strip():
            self.last_words = line.strip()
        self._handler.emit(logging.LogRecord("", logging.INFO, "", 0, line, None, None))

    def close(self) -> None:
        """Close the file."""
        self._handler.close()


class Terminal:
    """The person's screen. Never fails, even when the screen is gone."""

    def __init__(self) -> None:
        self.muted = False
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Print to standard output."""
        self._print(text, sys.stdout)

    def say_at_once(self, text: str) -> None:
        """Write to standard output past the lock and the buffer, as a signal's handler may."""
        with suppress(OSError):
            os.write(1, text.encode())

    def warn(self, text: str) -> None:
        """Print to standard error."""
        self._print(text, sys.stderr)

    def follow(self, name: str, lines: Iterable[str], log: Log, *, shown: bool) -> None:
        """Copy a child's lines to its log, and those that matter to the screen, until it ends."""
        for raw in lines:
            line = raw.rstrip("\n")
            log.write(line)
            if shown and not self.muted and (told := pick(line)):
                self.warn(f"{name:>8} | {told}")

    def _print(self, text: str, stream: object) -> None:
        with self._lock, suppress(OSError, ValueError):
            print(text, file=stream, flush=True)  # type: ignore[call-overload]


def pick(line: str) -> str:
    """The part of a line that a person should read now; empty for the everyday."""
    if line.startswith("{"):
        return _pick_from_json(line)
    if _plain_level.search(line) or (_is_error_name(line)):
        return line[:LONGEST_LINE]
    return ""


def _pick_from_json(line: str) -> str:
    try:
        fields = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(fields, dict) or fields.pop("level", "info") not in LEVELS:
        return ""
    fields.pop("timestamp", None)
    told = " ".join([str(fields.pop("event", "")), *(f"{name}={value}" for name, value in fields.items())])
    return told[:LONGEST_LINE]


def _is_error_name(line: str) -> bool:
    """The last line of a traceback, such as ``ValueError: …``; the lines above it stay in the log."""
    return re.match(r"[\w.]*(Error|Exception)\b", line) is not None
