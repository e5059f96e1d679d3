"""The history of an inquiry, a school or an account: append-only, hash-chained, without personal data.

Each line's hash covers the line before it, so a line changed, removed or put in later shows.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import Chain, Event, Subject

START = "0" * 64


@dataclass(frozen=True)
class Line:
    """Something that happened: ``kind`` like ``lead.released``, who did it, and facts without identity."""

    kind: str
    actor: str
    data: dict[str, Any] = field(default_factory=dict)


def append(session: Session, subject: Subject, subject_id: object, *lines: Line, at: datetime | None = None) -> None:
    """Add lines to one chain. Writers of the same chain take turns until the transaction ends."""
    at = at or now(session)
    number, previous = _lock_head(session, subject, str(subject_id))
    rows = []
    for line in lines:
        number += 1
        row = {
            "subject": subject,
            "subject_id": str(subject_id),
            "number": number,
            "kind": line.kind,
            "actor": line.actor,
            "happened_at": at,
            "data": line.data,
            "previous_hash": previous,
        }
        row["hash"] = previous = hash_line(row)
        rows.append(row)
    session.execute(insert(Event), rows)
    head = update(Chain).where(Chain.subject == subject, Chain.subject_id == str(subject_id))
    session.execute(head.values(number=number, hash=previous).execution_options(synchronize_session=False))


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


def _lock_head(session: Session, subject: Subject, subject_id: str) -> tuple[int, str]:
    where = (Chain.subject == subject, Chain.subject_id == subject_id)
    query = select(Chain.number, Chain.hash).where(*where).with_for_update()
    found = session.execute(query).one_or_none()
    if found is None:
        values = {"subject": subject, "subject_id": subject_id, "number": 0, "hash": START}
        session.execute(_insert_unless_there(session, values))
        found = session.execute(query).one()
    return found.number, found.hash


def _insert_unless_there(session: Session, values: dict[str, Any]) -> Any:
    # "ON CONFLICT DO NOTHING" is spelt alike by both databases
    statement = postgresql_insert(Chain).values(**values).on_conflict_do_nothing()
    return (
        statement
        if session.get_bind().dialect.name == "postgresql"
        else insert(Chain).prefix_with("OR IGNORE").values(**values)
    )
