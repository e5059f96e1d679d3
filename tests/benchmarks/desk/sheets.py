"""Rows on their way into PostgreSQL: written as COPY wants them, one sheet for each table."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

# the order in which the rows refer to each other
COLUMNS: dict[str, tuple[str, ...]] = {
    "inquiry": (
        *("id", "reference", "form_token_hash", "program", "program_title", "criteria", "zip", "city", "state"),
        *("language", "directory_version_id", "flags", "received_at"),
    ),
    "contact": ("inquiry_id", "wrapped_key", "sealed", "page_sealed", "email_index", "phone_index"),
    "choice": ("id", "inquiry_id", "school_id", "rank", "ticked", "outcome"),
    "match": ("id", "choice_id", "offering_id", "rank", "distance_miles", "score", "reasons", "checks"),
    "consent": (
        *("id", "inquiry_id", "school_id", "ticked", "wording_version", "words", "words_sha256", "page", "act"),
        *("address_sealed", "given_at", "withdrawn_at", "withdrawn_by"),
    ),
    "consent_channel": ("consent_id", "channel"),
    "verdict": ("id", "choice_id", "number", "outcome", "actor", "reasons", "given_at"),
    "lead": (
        *("id", "reference", "inquiry_id", "school_id", "released_at", "school_reference", "disposition"),
        *("disposition_at", "untold_since"),
    ),
    "disposition_report": (
        *("id", "lead_id", "number", "disposition", "reason", "actor", "reported_at"),
        *("judgment", "judgment_reason", "judged_by", "judged_at"),
    ),
    "delivery": (
        *("id", "lead_id", "school_id", "endpoint_id", "about", "version", "key", "state", "reason", "due_at"),
        *("fence", "tries", "created_at", "ended_at", "set_aside"),
    ),
    "letter": (
        *("id", "kind", "inquiry_id", "key", "state", "reason", "due_at", "fence", "tries", "created_at", "ended_at"),
        "set_aside",
    ),
    "attempt": (
        *("id", "delivery_id", "letter_id", "number", "fence", "parcel_bytes", "parcel_schema", "parcel_hash"),
        *("started_at", "ended_at", "result", "status", "latency_ms", "answer_sealed"),
    ),
    "event": (
        *("id", "subject", "subject_id", "number", "kind", "actor", "happened_at", "data", "previous_hash", "hash"),
    ),
    "chain": ("subject", "subject_id", "number", "hash"),
}
NUMBERED = tuple(table for table, columns in COLUMNS.items() if columns[0] == "id")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})
ENCODER = json.JSONEncoder(separators=(",", ":"))


class Sheets:
    """Rows of a stretch of inquiries, by table. ``last`` is the number of the last row of each."""

    def __init__(self, last: Mapping[str, int]) -> None:
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self.last = dict(last)

    def add(self, table: str, *values: Any) -> int:
        """Add a row to a table that numbers its rows; gives the number."""
        self.last[table] += 1
        self.write(table, self.last[table], *values)
        return self.last[table]

    def write(self, table: str, *values: Any) -> None:
        """Add a row as it is."""
        self.lines[table].append("\t".join([spell(value) for value in values]))

    def copy_into(self, connection: psycopg.Connection[Any]) -> None:
        """Copy the rows of every table and begin with empty sheets. The caller commits."""
        for table, columns in COLUMNS.items():
            if lines := self.lines[table]:
                names = sql.SQL(", ").join(map(sql.Identifier, columns))
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
                with connection.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write("\n".join(lines) + "\n")
                lines.clear()


def spell(value: Any) -> str:
    """A value in COPY's text format."""
    how = SPELLINGS.get(type(value))
    return how(value) if how else _spell_text(str(value))


def _spell_text(text: str) -> str:
    # most have none of these, and to translate one takes ten times as long as to look
    return text.translate(ESCAPES) if "\\" in text or "\t" in text or "\n" in text else text


SPELLINGS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    str: _spell_text,
    int: str,
    float: str,
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
    dict: lambda value: _spell_text(ENCODER.encode(value)),
    list: lambda value: _spell_text(ENCODER.encode(value)),
}


def read_numbers(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """The number of the last row of each table that numbers its rows."""
    found = {}
    for table in NUMBERED:
        statement = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
        (found[table],) = connection.execute(statement).fetchone() or (0,)
    return found


@contextmanager
def indexes_made_afterwards(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Without the indexes that hold no constraint: to sort the rows once is faster than to find a place for each."""
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        (list(COLUMNS),),
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    connection.execute("SET maintenance_work_mem = '256MB'")
    for _, definition in found:
        connection.execute(definition)


def settle_numbers(connection: psycopg.Connection[Any], tables: Sequence[str] = NUMBERED) -> None:
    """Let each table's own numbering go on after the rows that are there."""
    for table in tables:
        name = sql.Identifier(table)
        statement = "SELECT setval(pg_get_serial_sequence({}, 'id'), coalesce(max(id), 0) + 1, false) FROM {}"
        connection.execute(sql.SQL(statement).format(sql.Literal(f'"{table}"'), name))
