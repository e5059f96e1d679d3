"""How an endpoint does: what waits, what came of yesterday's deliveries, and its last tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from leadgen.models import About, Attempt, Delivery, Endpoint, Inquiry, Lead, State

DAY = timedelta(days=1)
SHOWN_TRIES = 10
WAITING = (State.pending, State.held, State.claimed)


@dataclass(frozen=True)
class Health:
    """``share`` is that of deliveries that arrived, among those which came to an end within a day (None: none did).
    ``rests_until``: the circuit is open until then."""

    waiting: int
    oldest_waiting_at: datetime | None
    uncertain: int
    delivered: int
    failed: int
    rests_until: datetime | None

    @property
    def share(self) -> float | None:
        ended = self.delivered + self.failed
        return self.delivered / ended if ended else None


@dataclass(frozen=True)
class TryLine:
    """One try of a delivery, without what was in it."""

    delivery_id: int
    inquiry: str
    lead: str
    about: About
    number: int
    started_at: datetime
    result: str | None
    status: str | None
    latency_ms: int | None
    reason: str | None


def read_health(session: Session, endpoints: list[Endpoint], at: datetime) -> dict[int, Health]:
    """The health of each endpoint now (``at``) by its id, in two queries."""
    ids = [endpoint.id for endpoint in endpoints]
    still = {(row.endpoint_id, row.state): row for row in session.execute(_select_open(ids))}
    ended = {(row.endpoint_id, row.state): row.number for row in session.execute(_select_ended(ids, at - DAY))}
    return {endpoint.id: _judge(endpoint, still, ended, at) for endpoint in endpoints}


def list_tries(session: Session, endpoint_id: int, limit: int = SHOWN_TRIES) -> list[TryLine]:
    """The last tries, newest first: of the deliveries that ended last, and of those that are under way."""
    mine = select(Delivery.id).where(Delivery.endpoint_id == endpoint_id)
    last = mine.where(Delivery.ended_at.is_not(None)).order_by(Delivery.ended_at.desc()).limit(limit)
    tried = mine.where(Delivery.ended_at.is_(None), Delivery.tries > 0).order_by(Delivery.id.desc()).limit(limit)
    ids = [*session.scalars(last), *session.scalars(tried)]
    query = (
        select(
            Delivery.id,
            Inquiry.reference,
            Lead.reference,
            Delivery.about,
            Attempt.number,
            Attempt.started_at,
            Attempt.result,
            Attempt.status,
            Attempt.latency_ms,
            Delivery.reason,
        )
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .join(Lead, Lead.id == Delivery.lead_id)
        .join(Inquiry, Inquiry.id == Lead.inquiry_id)
        .where(Attempt.delivery_id.in_(ids))
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    rows: Sequence[Any] = session.execute(query.limit(limit)).all()
    return [TryLine(*row) for row in rows]


def _select_open(ids: list[int]) -> Any:
    oldest = func.min(Delivery.created_at).label("oldest")
    query = select(Delivery.endpoint_id, Delivery.state, func.count().label("number"), oldest)
    wanted = (Delivery.endpoint_id.in_(ids), Delivery.ended_at.is_(None))
    return query.where(*wanted).group_by(Delivery.endpoint_id, Delivery.state)


def _select_ended(ids: list[int], since: datetime) -> Any:
    query = select(Delivery.endpoint_id, Delivery.state, func.count().label("number"))
    wanted = (Delivery.endpoint_id.in_(ids), Delivery.ended_at > since)
    return query.where(*wanted).group_by(Delivery.endpoint_id, Delivery.state)


def _judge(endpoint: Endpoint, still: dict[Any, Row[Any]], ended: dict[tuple[int, State], int], at: datetime) -> Health:
    waiting = [row for state in WAITING if (row := still.get((endpoint.id, state)))]
    uncertain = still.get((endpoint.id, State.uncertain))
    rests = endpoint.open_until if endpoint.open_until and endpoint.open_until > at else None
    return Health(
        sum(row.number for row in waiting),
        min((row.oldest for row in waiting), default=None),
        uncertain.number if uncertain else 0,
        ended.get((endpoint.id, State.delivered), 0),
        ended.get((endpoint.id, State.failed), 0),
        rests,
    )
