"""A carrier that answers as told, a worker that uses it, and what is seen afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.delivery.carriers.contract import Answer, CarrierError, Destination, Line, Parcel
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.due import release_lapsed
from leadgen.history import read_history
from leadgen.models import About, Delivery, EndpointKind, Inquiry, State, Subject
from tests.inquiries import add_school, send_inquiry


@dataclass
class ScriptedCarrier:
    """Answers in the order told; the last answer repeats. Remembers what it was given."""

    outcomes: list[Answer | CarrierError]
    before_answer: Callable[[], None] = lambda: None
    carried: list[tuple[Parcel, Destination]] = field(default_factory=list)

    def __call__(self, parcel: Parcel, destination: Destination, line: Line) -> Answer:
        self.carried.append((parcel, destination))
        self.before_answer()
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, CarrierError):
            raise outcome
        return outcome


def dispatcher_with(carrier: ScriptedCarrier, lease_seconds: float = 30) -> Dispatcher:
    """A worker that gives everything to this carrier."""
    running = open_dispatcher()
    carriers = dict.fromkeys(EndpointKind, carrier)
    return Dispatcher(running.sessions, running.vault, running.line, lease_seconds, carriers)


def only_delivery(session: Session) -> Delivery:
    """The only delivery of a lead, read anew."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Delivery).where(Delivery.about == About.lead)).one()


def make_due(session: Session) -> None:
    """Whatever waits may leave now."""
    session.execute(update(Delivery).values(due_at=database_now(-1)))
    session.commit()


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """An inquiry that was released to Larkspur."""
    add_school(session, "larkspur")
    return send_inquiry(session, ["larkspur"])


def run(session: Session, carrier: ScriptedCarrier, delivery_id: int | None = None) -> State | None:
    """Deliver as a worker does, with the test's own transaction out of the way."""
    delivery_id = delivery_id or only_delivery(session).id
    session.rollback()
    return dispatcher_with(carrier).deliver(delivery_id)


def carry(session: Session, *outcomes: Answer | CarrierError) -> tuple[ScriptedCarrier, Delivery]:
    """Deliver with these answers; gives the carrier and the delivery as it is then."""
    carrier = ScriptedCarrier(list(outcomes))
    run(session, carrier)
    return carrier, only_delivery(session)


def lapse(own: Session) -> None:
    """The worker that sends is taken for dead."""
    own.execute(update(Delivery).where(Delivery.state == State.sending).values(lease_until=database_now(-1)))
    assert release_lapsed(own, Delivery)


def list_kinds(session: Session, inquiry: Inquiry) -> list[str]:
    """What the history of the inquiry tells, in order."""
    return [event.kind for event in read_history(session, Subject.inquiry, inquiry.id)]


def find_notice(session: Session) -> Delivery | None:
    """The notice of a withdrawal, if there is one."""
    session.rollback()
    return session.scalars(select(Delivery).where(Delivery.about == About.withdrawal)).one_or_none()
