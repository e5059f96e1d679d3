"""The ceiling of delivery: claim, send and record by Core alone, from one process, without Celery.

The same three commits and the same rows, the same signature, the same post through libcurl, as many threads as
the worker has. Left out: unsealing and writing the parcel, every rule about consent, caps and circuits, the ORM.
``python -m tests.benchmarks.bare_delivery THREADS ID…`` prints the seconds it took.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, func, insert, select, update

from leadgen.clock import database_now
from leadgen.config import read_settings
from leadgen.database import prepare_engine
from leadgen.delivery.carriers.contract import Destination, Line, Parcel
from leadgen.delivery.carriers.webhook import carry
from leadgen.models import Attempt, Chain, Delivery, Event, Lead, Result, State, Subject

LEASE_SECONDS = 30.0
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PARCEL = Parcel(
    b'{"type":"lead.created","data":{"words":"' + b"x" * 1_100 + b'"}}', "application/json", "lead.created/1"
)

_delivery, _attempt, _chain = Delivery.__table__, Attempt.__table__, Chain.__table__


def deliver_bare(engine: Engine, line: Line, delivery_id: int) -> None:
    """Three transactions around one post."""
    with engine.begin() as connection:
        key = _claim(connection, delivery_id)
    with engine.begin() as connection:
        attempt = _start(connection, delivery_id)
    destination = Destination("https://school.example/leads", f"{key}{uuid4().hex[:4]}", 15.0, (SECRET,))
    answer = carry(PARCEL, destination, line)
    with engine.begin() as connection:
        _record(connection, delivery_id, attempt, answer.status)


def _claim(connection: Connection, delivery_id: int) -> str:
    where = (_delivery.c.id == delivery_id, _delivery.c.state == State.pending, _delivery.c.due_at <= database_now())
    values = {"state": State.claimed, "fence": 1, "lease_until": database_now(LEASE_SECONDS)}
    return str(
        connection.execute(update(_delivery).where(*where).values(values).returning(_delivery.c.key)).scalar_one()
    )


def _start(connection: Connection, delivery_id: int) -> int:
    where = (_delivery.c.id == delivery_id, _delivery.c.state == State.claimed, _delivery.c.fence == 1)
    values = {"state": State.sending, "tries": 1, "lease_until": database_now(LEASE_SECONDS)}
    assert connection.execute(update(_delivery).where(*where).values(values)).rowcount == 1
    attempt = {
        "delivery_id": delivery_id,
        "number": 1,
        "fence": 1,
        "parcel_bytes": len(PARCEL.body),
        "parcel_schema": PARCEL.schema,
        "parcel_hash": sha256(PARCEL.body).hexdigest(),
        "started_at": datetime.now(UTC),
    }
    return int(connection.execute(insert(_attempt).values(attempt).returning(_attempt.c.id)).scalar_one())


def _record(connection: Connection, delivery_id: int, attempt: int, status: str) -> None:
    at = datetime.now(UTC)
    done = {"state": State.delivered, "lease_until": None, "ended_at": at}
    connection.execute(update(_delivery).where(_delivery.c.id == delivery_id, _delivery.c.fence == 1).values(done))
    ended = {"result": Result.accepted, "ended_at": at, "status": status, "latency_ms": 1, "answer_sealed": b"x" * 30}
    connection.execute(update(_attempt).where(_attempt.c.id == attempt).values(ended))
    lead = select(_delivery.c.lead_id).where(_delivery.c.id == delivery_id).scalar_subquery()
    subject = str(connection.execute(select(Lead.inquiry_id).where(Lead.id == lead)).scalar_one())
    _append(connection, subject, at)


def _append(connection: Connection, subject: str, at: datetime) -> None:
    where = (_chain.c.subject == Subject.inquiry, _chain.c.subject_id == subject)
    moved = update(_chain).where(*where).values(number=_chain.c.number + 1).returning(_chain.c.number, _chain.c.hash)
    number, previous = connection.execute(moved).one()
    row = {
        "subject": Subject.inquiry,
        "subject_id": subject,
        "number": number,
        "kind": "delivery.delivered",
        "actor": "worker",
        "happened_at": at,
        "data": {"delivery": 1, "school": "larkspur-career-institute", "about": "lead", "try": 1, "status": "202"},
        "previous_hash": previous,
        "hash": sha256(previous.encode()).hexdigest(),
    }
    connection.execute(insert(Event.__table__), row)


def _make_line() -> Line:
    settings = read_settings()
    return Line(settings.smtp_url, settings.mail_from, settings.sandbox_http, settings.allowed_private_networks)


if __name__ == "__main__":
    engine, line = prepare_engine(create_engine(read_settings().database_url, pool_size=20)), _make_line()
    ids = [int(word) for word in sys.argv[2:]]
    with engine.connect() as connection:
        connection.execute(select(func.count()).select_from(_attempt)).scalar_one()
    started = time.monotonic()
    with ThreadPoolExecutor(int(sys.argv[1])) as hands:
        list(hands.map(lambda row: deliver_bare(engine, line, row), ids))
    print(json.dumps({"seconds": time.monotonic() - started}))
