"""What arrived, in a small SQLite file, so that a restart still shows it. The latest 2,000 are kept."""

import json
import os
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

KEPT = 2_000
FILE = "sandbox.sqlite3"
BEFORE_ARRIVAL = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = "at, host, path, kind, key, reference, signature, answer, taken, duplicate, content"

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS arrival (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, reference TEXT NOT NULL, signature TEXT NOT NULL, answer TEXT NOT NULL, taken INTEGER NOT NULL,
    duplicate INTEGER NOT NULL, content TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS arrival_key ON arrival (host, key);
"""


class Kind(StrEnum):
    webhook = "webhook"
    form = "form"
    mail = "mail"
    other = "other"


@dataclass(frozen=True)
class Arrival:
    """One thing that reached a school. ``taken`` is what the school itself counts as received."""

    host: str
    kind: Kind
    content: dict[str, object]
    path: str = ""
    key: str = ""
    reference: str = ""
    signature: str = ""
    answer: str = ""
    taken: bool = True
    duplicate: bool = False
    at: datetime = BEFORE_ARRIVAL
    id: int = 0


class Arrivals:
    """The store. Safe for many threads of one process."""

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / FILE
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)

    def add(self, arrival: Arrival) -> int:
        """Keep it; returns its number."""
        values = (
            *(arrival.at.isoformat(), arrival.host, arrival.path, arrival.kind, arrival.key, arrival.reference),
            *(arrival.signature, arrival.answer, arrival.taken, arrival.duplicate, json.dumps(arrival.content)),
        )
        marks = ", ".join("?" * len(values))
        with self._lock:
            row = self._connection.execute(f"INSERT INTO arrival ({COLUMNS}) VALUES ({marks})", values)  # noqa: S608
            number = row.lastrowid or 0
            self._connection.execute("DELETE FROM arrival WHERE id <= ?", (number - KEPT,))
        return number

    def find_first(self, host: str, key: str) -> Arrival | None:
        """The first thing with this key that this school took; None for an empty key."""
        if not key:
            return None
        where = "host = ? AND key = ? AND taken AND NOT duplicate ORDER BY id LIMIT 1"
        return next(iter(self._select(where, (host, key))), None)

    def list_after(self, number: int, limit: int = KEPT) -> list[Arrival]:
        """Oldest first, those with a higher number."""
        return self._select("id > ? ORDER BY id LIMIT ?", (number, limit))

    def list_latest(self, limit: int) -> list[Arrival]:
        """Newest first."""
        return self._select("id > 0 ORDER BY id DESC LIMIT ?", (limit,))

    def count(self) -> int:
        """How many are kept."""
        with self._lock:
            total: int = self._connection.execute("SELECT count(*) FROM arrival").fetchone()[0]
        return total

    def _select(self, where: str, values: tuple[object, ...]) -> list[Arrival]:
        with self._lock:
            rows = self._connection.execute(f"SELECT id, {COLUMNS} FROM arrival WHERE {where}", values)  # noqa: S608
            return [_read(row) for row in rows]


def _read(row: sqlite3.Row) -> Arrival:
    fields = dict(row)
    return Arrival(
        **fields
        | {
            "at": datetime.fromisoformat(fields["at"]),
            "kind": Kind(fields["kind"]),
            "taken": bool(fields["taken"]),
            "duplicate": bool(fields["duplicate"]),
            "content": json.loads(fields["content"]),
        }
    )
