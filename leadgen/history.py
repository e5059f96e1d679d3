"""The history of an inquiry, a school or an account: append-only, hash-chained, without personal data.

Each line's hash covers the line before it, so a line changed, removed or put in later shows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import insert_rows, insert_unless_there, table_of
from leadgen.models import Chain, Event, Subject

START = "0" * 64
CHAINS_AT_ONCE = 5_000

_chain = table_of(Chain).c
_ONE_CHAIN = (_chain.subject == bindparam("of"), _chain.subject_id == bindparam("chain"))
_LOCK_HEAD = select(_chain.number, _chain.hash).where(*_ONE_CHAIN).with_for_update()
_MOVE_HEAD = (
    update(table_of(Chain)).where(*_ONE_CHAIN).values(number=bindparam("end_number"), hash=bindparam("end_hash"))
)


@dataclass(frozen=True)
class Line:
    """Something that happened: ``kind`` like ``lead.released``, who did it, and facts without identity."""

    kind: str
    actor: str
    data: dict[str, Any] = field(default_factory=dict)


def append(session: Session, subject: Subject, subject_id: object, *lines: Line, at: datetime | None = None) -> None:
    """Add lines to one chain. Writers of the same chain take turns until the transaction ends."""
    at = at or now(session)
    head = _lock_head(session, subject, str(subject_id))
    rows = _link(subject, str(subject_id), head, lines, at)
    insert_rows(session, Event, rows)
    session.execute(_MOVE_HEAD, {"of": subject} | _name_end(rows[-1]))


def start(session: Session, subject: Subject, subject_id: object, *lines: Line, at: datetime) -> None:
    """Begin the chain of a subject that is written in this very transaction, so that nobody else can have begun it."""
    rows = _link(subject, str(subject_id), (0, START), lines, at)
    end = {"subject": subject, "subject_id": str(subject_id), "number": rows[-1]["number"], "hash": rows[-1]["hash"]}
    insert_rows(session, Chain, [end])
    insert_rows(session, Event, rows)


def append_each(session: Session, subject: Subject, lines: Mapping[str, Sequence[Line]], at: datetime) -> None:
    """Add lines to many chains, by subject id, in a handful of statements rather than four for each."""
    ids = sorted(subject_id for subject_id, added in lines.items() if added)
    for start in range(0, len(ids), CHAINS_AT_ONCE):
        heads = _lock_heads(session, subject, ids[start : start + CHAINS_AT_ONCE])
        linked = [_link(subject, subject_id, head, lines[subject_id], at) for subject_id, head in heads.items()]
        insert_rows(session, Event, [row for rows in linked for row in rows])
        session.connection().execute(_MOVE_HEAD, [{"of": subject} | _name_end(rows[-1]) for rows in linked])


def read_history(session: Session, subject: Subject, subject_id: object) -> list[Event]:
    """All lines of one chain, oldest first."""
    query = select(Event).where(Event.subject == subject, Event.subject_id == str(subject_id))
    return list(session.scalars(query.order_by(Event.number)))


def hash_line(row: dict[str, Any]) -> str:
    """SHA-256 over the line before and this line's content in canonical JSON."""
    content = [
        str(row["subject"]),
        row["subject_id"],
        row["number"],
        row["kind"],
        row["actor"],
        row["happened_at"].astimezone(UTC).isoformat(timespec="microseconds"),
        row["data"],
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256((row["previous_hash"] + canonical).encode()).hexdigest()


def verify(events: Iterable[Event], head: Chain | None) -> Iterator[str]:
    """Say what is wrong with one chain, given its lines in order and its head; nothing when it is whole."""
    number, previous = 0, START
    for event in events:
        number += 1
        row = {column: getattr(event, column) for column in _HASHED}
        if event.number != number:
            yield f"{event.subject} {event.subject_id}: line {number} is missing"
            number = event.number
        if event.previous_hash != previous or event.hash != hash_line(row):
            yield f"{event.subject} {event.subject_id}: line {event.number} was altered"
        previous = event.hash
    if head is None or (head.number, head.hash) != (number, previous):
        yield f"{head.subject if head else 'chain'} {head.subject_id if head else ''}: the end was cut or added to"


_HASHED = ("subject", "subject_id", "number", "kind", "actor", "happened_at", "data", "previous_hash")


Head = tuple[int, str]


def _link(subject: Subject, subject_id: str, head: Head, lines: Sequence[Line], at: datetime) -> list[dict[str, Any]]:
    """The rows that continue a chain from its head, each hashed over the one before."""
    number, previous = head
    rows = []
    for line in lines:
        number += 1
        row = {
            "subject": subject,
            "subject_id": subject_id,
            "number": number,
            "kind": line.kind,
            "actor": line.actor,
            "happened_at": at,
            "data": line.data,
            "previous_hash": previous,
        }
        row["hash"] = previous = hash_line(row)
        rows.append(row)
    return rows


def _name_end(row: dict[str, Any]) -> dict[str, Any]:
    return {"chain": row["subject_id"], "end_number": row["number"], "end_hash": row["hash"]}


def _lock_heads(session: Session, subject: Subject, ids: Sequence[str]) -> dict[str, Head]:
    """The heads of many chains, made where missing. Always locked in the order of ids, so two never wait in a ring."""
    query = select(Chain.subject_id, Chain.number, Chain.hash).where(
        Chain.subject == subject, Chain.subject_id.in_(ids)
    )
    query = query.order_by(Chain.subject_id).with_for_update()
    found = {row.subject_id: (row.number, row.hash) for row in session.execute(query)}
    missing = [subject_id for subject_id in ids if subject_id not in found]
    if missing:
        start = {"subject": subject, "number": 0, "hash": START}
        insert_unless_there(session, Chain, *(start | {"subject_id": subject_id} for subject_id in missing))
        found = {row.subject_id: (row.number, row.hash) for row in session.execute(query)}
    return found


def _lock_head(session: Session, subject: Subject, subject_id: str) -> Head:
    chain = {"of": subject, "chain": subject_id}
    found = session.execute(_LOCK_HEAD, chain).one_or_none()
    if found is None:
        values = {"subject": subject, "subject_id": subject_id, "number": 0, "hash": START}
        insert_unless_there(session, Chain, values)
        found = session.execute(_LOCK_HEAD, chain).one()
    return found.number, found.hash
