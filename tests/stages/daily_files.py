"""A school that gets a file a day, leads whose turn has come, and a worker whose relay answers as it is told."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery.batch.claim import BatchClaim
from leadgen.delivery.batch.recover import find_batches_to_look_at, look_at_batch
from leadgen.delivery.carriers.contract import Answer
from leadgen.delivery.claim import claim_delivery
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.due import release_lapsed
from leadgen.delivery.posting.keep import save_posting
from leadgen.delivery.posting.model import Posting
from leadgen.models import Batch, Delivery, Endpoint, EndpointKind, EndpointState, Inquiry, State
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry

COLUMNS = {
    "Event": "{{ event }}",
    "Lead": "{{ lead_id }}",
    "Name": "{{ full_name }}",
    "Phone": "{{ phone }}",
    "Level": "{{ credential | map:levels }}",
}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def describe(**changes: Any) -> dict[str, Any]:
    rows = [{"name": name, "value": value} for name, value in COLUMNS.items()]
    sheet = {"lead": {"rows": rows}, "tables": {"levels": {"certificate": "CERT"}}, "batch": {"at": "17:30"}}
    return sheet | changes


def make_batch_school(session: Session, address: str = "intake@larkspur.example", **more: Any) -> Endpoint:
    """Larkspur gets a file a day at half past five."""
    add_school(session, "larkspur", kind=EndpointKind.batch, address=address, secret=None, **more)
    endpoint = session.scalars(select(Endpoint)).one()
    posting = Posting.model_validate(describe())
    save_posting(session, open_vault(), endpoint, posting, {}, seen_version=1, actor="user:1")
    endpoint.state = EndpointState.live
    session.commit()
    return endpoint


def inquire(session: Session, number: int = 0) -> Inquiry:
    """Of so many different people."""
    person = Prospect(email=f"ada{number}@mail.example", phone=f"+1312555011{number}")
    return send_inquiry(session, ["larkspur"], person)


def send_leads(session: Session, count: int = 2) -> list[int]:
    """So many leads of a day that is over: their turn has come."""
    for number in range(count):
        inquire(session, number)
    numbers = list(session.scalars(select(Delivery.id).order_by(Delivery.id)))
    let_the_day_pass(session)
    return numbers


def let_the_day_pass(session: Session) -> None:
    session.execute(update(Delivery).where(Delivery.state.in_((State.pending, State.held))).values(created_at=LONG_AGO))
    session.execute(update(Delivery).values(due_at=LONG_AGO))
    session.commit()


class Relay:
    """Takes files instead of the relay, and answers as it is told."""

    def __init__(self, answer: Answer | Exception | None = None) -> None:
        self.files: list[Any] = []
        self._answer = answer or Answer("250")

    def __call__(self, parcel: Any, destination: Any, line: Any) -> Answer:
        self.files.append(parcel)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.fixture
def relay() -> Relay:
    return Relay()


@dataclass(frozen=True)
class Worker:
    """A worker beside the test, which lets go of the database before the worker takes hold of it."""

    session: Session
    dispatcher: Dispatcher

    def deliver(self, number: int) -> State | None:
        self.session.commit()
        return self.dispatcher.deliver(number)

    def look(self) -> list[int]:
        """One look at what dead workers left."""
        found = list(find_batches_to_look_at(self.session))
        self.session.commit()
        for number in found:
            look_at_batch(self.dispatcher, number)
        return found


def dispatcher_to(relay: Relay, session: Session) -> Worker:
    known = open_dispatcher()
    return Worker(session, Dispatcher(known.sessions, known.vault, known.line, 0, {EndpointKind.batch: relay}))


def read_rows(parcel: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(parcel.body.decode("utf-8-sig"))))


def states(session: Session) -> list[State]:
    session.expire_all()
    return list(session.scalars(select(Delivery.state).order_by(Delivery.id)))


def claim(session: Session, number: int) -> BatchClaim:
    claimed = claim_delivery(session, number)
    session.commit()
    assert isinstance(claimed, BatchClaim)
    return claimed


def lapse(session: Session) -> None:
    session.execute(update(Delivery).values(lease_until=LONG_AGO - timedelta(days=365)))
    session.execute(update(Batch).values(look_at=LONG_AGO - timedelta(days=365)))
    session.commit()
    while release_lapsed(session, Delivery):
        session.commit()
    session.commit()
