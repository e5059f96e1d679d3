"""The figures of `/metrics`, read from the database when they are asked for. Counts and ages, never a person."""

import math

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import BounceTally, Choice, Delivery, Heartbeat, Letter, State
from leadgen.review.bins import is_held

Row = type[Delivery] | type[Letter]


def write_figures(session: Session) -> bytes:
    """The figures as Prometheus reads them (text format)."""
    registry = CollectorRegistry()
    for name, model in (("deliveries", Delivery), ("letters", Letter)):
        gauge = Gauge(f"leadgen_{name}", f"{name.title()} by state", ["state"], registry=registry)
        counts = _count_states(session, model)
        for state in State:
            gauge.labels(state.value).set(counts.get(state, 0))
    bounces = Gauge(
        "leadgen_bounces", "Messages on the return path by what came of them", ["outcome"], registry=registry
    )
    for tally in session.scalars(select(BounceTally)):
        bounces.labels(tally.outcome).set(tally.count)
    _add(registry, "held_choices", "Ticked schools that wait for a verdict of staff", _count_held(session))
    oldest = max(_find_oldest_due(session, model) for model in (Delivery, Letter))
    _add(registry, "oldest_due_age_seconds", "How long the oldest delivery or letter has been due; 0 if none", oldest)
    _add(registry, "sweeper_heartbeat_age_seconds", "Since the sweeper last looked", _find_heartbeat_age(session))
    return generate_latest(registry)


def _add(registry: CollectorRegistry, name: str, meaning: str, value: float) -> None:
    Gauge(f"leadgen_{name}", meaning, registry=registry).set(value)


def _count_states(session: Session, model: Row) -> dict[State, int]:
    return dict(session.execute(select(model.state, func.count()).group_by(model.state)).all())


def _count_held(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Choice).where(is_held())) or 0


def _find_oldest_due(session: Session, model: Row) -> float:
    due_at = session.scalar(select(func.min(model.due_at)).where(model.state == State.pending))
    return max(0.0, (now(session) - due_at).total_seconds()) if due_at else 0.0


def _find_heartbeat_age(session: Session) -> float:
    beat = session.get(Heartbeat, "sweeper")
    # never seen is the worst age, so that one alarm covers both
    return (now(session) - beat.beat_at).total_seconds() if beat else math.inf
