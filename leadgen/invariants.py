"""The promises as queries: `leadgen check`, and after every fault test.

I1 each consent with a lead has, per lead endpoint of an *all* school, exactly one delivery of it; at a school that
   wants the first that accepts, one at a time. No lead is without any.
I2 every delivery hangs on a lead, a consent and a ticked choice.
I3 a delivered delivery (or letter) has exactly one accepted attempt, and no other has one.
I4 no attempt of a lead, or of a change of it, starts after its consent was withdrawn.
I5 one unresolved attempt per delivery (or letter) that is sending or uncertain, none in any other state.
I6 nothing open is overdue by over a minute, unless held or uncertain.
I8 each consent counts once (withdrawn, else its latest verdict), and each delivery is in one of eight states.
Caps: each place that is taken is held by a lead.
Chains: the history of every subject is whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, exists, func, literal, not_, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from leadgen import history
from leadgen.caps import MONEY
from leadgen.clock import database_now
from leadgen.models import (
    PERSONAL,
    About,
    Attempt,
    CapUse,
    Chain,
    Choice,
    Consent,
    Delivery,
    Endpoint,
    Event,
    Lead,
    Letter,
    Outcome,
    Result,
    Route,
    State,
    Takes,
    Verdict,
)

Rows = Select[*tuple[Any, ...]]
Model = type[Delivery] | type[Letter]

OVERDUE_SECONDS = 60
CHAIN_BATCH = 2_000


@dataclass(frozen=True)
class Breach:
    """One broken promise: which, and where."""

    invariant: str
    detail: str


def find_breaches(session: Session) -> list[Breach]:
    """All that is broken, in the order of the invariants; empty when every promise holds."""
    breaches = [
        Breach(name, detail.format(*row)) for name, query, detail in _QUERIES for row in session.execute(query()).all()
    ]
    return breaches + [Breach("chain", fault) for fault in find_chain_faults(session)]


def find_chain_faults(session: Session) -> Iterator[str]:
    """Walk every chain, oldest subject first, a batch of subjects at a time."""
    heads = select(Chain).order_by(Chain.subject, Chain.subject_id).execution_options(yield_per=CHAIN_BATCH)
    known = 0
    for head in session.scalars(heads):
        known += head.number
        yield from history.verify(history.read_history(session, head.subject, head.subject_id), head)
    total = session.scalar(select(func.count()).select_from(Event)) or 0
    if total != known:
        yield f"{total} lines are stored, {known} belong to a chain"


def count_open(session: Session) -> int:
    """Deliveries and letters that still have to move by themselves: none when all is quiet."""
    waiting = (State.pending, State.claimed, State.sending)
    return sum(
        session.scalar(select(func.count()).select_from(model).where(model.state.in_(waiting))) or 0
        for model in (Delivery, Letter)
    )


def _each_lead_has_its_deliveries() -> Rows:
    delivery = aliased(Delivery)
    joined = and_(delivery.lead_id == Lead.id, delivery.endpoint_id == Endpoint.id, delivery.about == About.lead)
    return (
        select(Lead.id, Endpoint.id, func.count(delivery.id))
        .join(Endpoint, Endpoint.school_id == Lead.school_id)
        .outerjoin(delivery, joined)
        .where(
            Lead.route == Route.all,
            Endpoint.takes != Takes.notices,
            Endpoint.added_at <= Lead.released_at,
            or_(Endpoint.retired_at.is_(None), Endpoint.retired_at > Lead.released_at),
        )
        .group_by(Lead.id, Endpoint.id)
        .having(func.count(delivery.id) != 1)
    )


def _lead_without_delivery() -> Rows:
    return select(Lead.id).where(~exists().where(Delivery.lead_id == Lead.id, Delivery.about == About.lead))


def _two_at_once_where_the_first_counts() -> Rows:
    given_up = (State.failed, State.cancelled)
    return (
        select(Delivery.lead_id, func.count())
        .join(Lead, Lead.id == Delivery.lead_id)
        .where(Lead.route == Route.first, Delivery.about == About.lead, Delivery.state.not_in(given_up))
        .group_by(Delivery.lead_id)
        .having(func.count() > 1)
    )


def _released_without_lead() -> Rows:
    lead = aliased(Lead)
    joined = and_(lead.inquiry_id == Choice.inquiry_id, lead.school_id == Choice.school_id)
    return (
        select(Choice.inquiry_id, Choice.school_id)
        .outerjoin(lead, joined)
        .where((Choice.outcome == Outcome.release) == lead.id.is_(None), Choice.outcome.is_not(None))
    )


def _delivery_without_tick() -> Rows:
    stands = (
        select(Lead.id)
        .join(Consent, and_(Consent.inquiry_id == Lead.inquiry_id, Consent.school_id == Lead.school_id))
        .join(Choice, and_(Choice.inquiry_id == Lead.inquiry_id, Choice.school_id == Lead.school_id))
        .where(Lead.id == Delivery.lead_id, Lead.school_id == Delivery.school_id, Choice.ticked)
    )
    return select(Delivery.id).where(not_(stands.exists()))


def _count_tries(model: Model, wanted: ColumnElement[bool]) -> ColumnElement[int]:
    column = Attempt.delivery_id if model is Delivery else Attempt.letter_id
    return select(func.count()).where(column == model.id, wanted).correlate(model).scalar_subquery()


def _acceptance_and_state_disagree(model: Model) -> Callable[[], Rows]:
    def query() -> Rows:
        accepted = _count_tries(model, Attempt.result == Result.accepted)
        expected = case((model.state == State.delivered, 1), else_=0)
        return select(model.id, model.state, accepted).where(accepted != expected)

    return query


def _sent_after_withdrawal() -> Rows:
    return (
        select(Attempt.delivery_id, Attempt.number)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .join(Lead, Lead.id == Delivery.lead_id)
        .join(Consent, and_(Consent.inquiry_id == Lead.inquiry_id, Consent.school_id == Lead.school_id))
        .where(Delivery.about.in_(PERSONAL), Attempt.started_at > Consent.withdrawn_at)
    )


def _unresolved_and_state_disagree(model: Model) -> Callable[[], Rows]:
    def query() -> Rows:
        unresolved = _count_tries(model, or_(Attempt.result.is_(None), Attempt.result == Result.unknown))
        expected = case((model.state.in_((State.sending, State.uncertain)), 1), else_=0)
        return select(model.id, model.state, unresolved).where(unresolved != expected)

    return query


def _overdue(model: Model) -> Callable[[], Rows]:
    def query() -> Rows:
        late = database_now(-OVERDUE_SECONDS)
        return select(model.id, model.state).where(
            or_(
                and_(model.state == State.pending, model.due_at < late),
                and_(model.state.in_((State.claimed, State.sending)), model.lease_until < late),
            )
        )

    return query


def _outcome_is_not_the_latest_verdict() -> Rows:
    latest = select(func.max(Verdict.number)).where(Verdict.choice_id == Choice.id).correlate(Choice).scalar_subquery()
    return (
        select(Choice.inquiry_id, Choice.id)
        .outerjoin(Verdict, and_(Verdict.choice_id == Choice.id, Verdict.number == latest))
        .where(Verdict.outcome.is_distinct_from(Choice.outcome))
    )


def _consent_without_verdict() -> Rows:
    return (
        select(Consent.inquiry_id, Consent.school_id)
        .join(Choice, and_(Choice.inquiry_id == Consent.inquiry_id, Choice.school_id == Consent.school_id))
        .where(Choice.outcome.is_(None))
    )


def _place_without_lead() -> Rows:
    slots = type_coerce(Lead.slots, Text)
    is_held = func.replace(slots, literal(";").concat(CapUse.period).concat(";"), "") != slots
    counted = case((CapUse.period.contains(MONEY, autoescape=True), Lead.reserved_cents), else_=1)
    holding = select(func.coalesce(func.sum(counted), 0)).where(Lead.school_id == CapUse.school_id, is_held)
    held = holding.correlate(CapUse).scalar_subquery()
    return select(CapUse.school_id, CapUse.period, CapUse.used, held).where(CapUse.used != held)


_QUERIES: tuple[tuple[str, Callable[[], Rows], str], ...] = (
    ("I1", _each_lead_has_its_deliveries, "lead {0} has {2} deliveries to endpoint {1}"),
    ("I1", _lead_without_delivery, "lead {0} has no delivery"),
    (
        "I1",
        _two_at_once_where_the_first_counts,
        "lead {0} has {1} deliveries at once, though one is enough",
    ),
    ("I1", _released_without_lead, "inquiry {0}, school {1}: verdict and lead disagree"),
    ("I2", _delivery_without_tick, "delivery {0} hangs on no ticked choice"),
    ("I3", _acceptance_and_state_disagree(Delivery), "delivery {0} is {1} with {2} accepted attempts"),
    ("I3", _acceptance_and_state_disagree(Letter), "letter {0} is {1} with {2} accepted attempts"),
    ("I4", _sent_after_withdrawal, "delivery {0}, attempt {1} started after the consent was withdrawn"),
    ("I5", _unresolved_and_state_disagree(Delivery), "delivery {0} is {1} with {2} unresolved attempts"),
    ("I5", _unresolved_and_state_disagree(Letter), "letter {0} is {1} with {2} unresolved attempts"),
    ("I6", _overdue(Delivery), "delivery {0} is overdue ({1})"),
    ("I6", _overdue(Letter), "letter {0} is overdue ({1})"),
    ("I8", _outcome_is_not_the_latest_verdict, "inquiry {0}, choice {1}: outcome is not the latest verdict's"),
    ("I8", _consent_without_verdict, "inquiry {0}, school {1}: a consent without a verdict"),
    ("caps", _place_without_lead, "school {0}, {1}: {2} are taken (leads, or cents), and its leads hold {3}"),
)
