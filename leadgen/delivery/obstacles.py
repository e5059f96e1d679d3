"""What keeps a due delivery from leaving, and what becomes of it then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import database_now, now
from leadgen.database import table_of
from leadgen.delivery import circuit
from leadgen.delivery.change import change_state
from leadgen.delivery.lanes import add_lanes_taken
from leadgen.delivery.pace import TURN
from leadgen.delivery.retry import is_too_old
from leadgen.delivery.spread import replace_delivery
from leadgen.hours import find_opening, is_open
from leadgen.letters.kinds import FULL, TOO_OLD
from leadgen.letters.undelivered import tell_full, tell_not_delivered
from leadgen.models import (
    PERSONAL,
    About,
    Consent,
    Delivery,
    Endpoint,
    EndpointKind,
    EndpointState,
    FeedEntry,
    Lead,
    School,
    SchoolStatus,
    State,
    Subject,
    is_taking,
)

ENDPOINT_RETIRED = "endpoint_retired"
LOOK_AGAIN = timedelta(minutes=10)
# a school that stays full is waited for no longer
LONGEST_FULL = timedelta(hours=48)
CAP = "cap"
TROUBLE = (circuit.OPEN, f"endpoint_{EndpointState.broken}")
LONGEST_CLOSED = timedelta(hours=1)
NOTICE_WAIT = timedelta(seconds=2)


@dataclass(frozen=True)
class Case:
    """A delivery with all that decides whether it may leave now, as it was ``read_at`` the database's clock."""

    delivery_id: int
    about: About
    state: State
    reason: str | None
    due_at: datetime
    fence: int
    lead_id: int
    inquiry_id: int
    released_at: datetime
    withdrawn_at: datetime | None
    endpoint_id: int
    kind: EndpointKind
    endpoint_state: EndpointState
    endpoint_retired_at: datetime | None
    open_until: datetime | None
    lanes_taken: int
    school_id: str
    school_status: SchoolStatus
    school_retired_at: datetime | None
    paused_until: date | None
    timezone: str
    opening_hours: tuple[str, ...] | None
    is_capped: bool
    full_since: datetime | None
    read_at: datetime


@dataclass(frozen=True)
class Obstacle:
    """Why a delivery does not leave now: the state it gets instead, and when to look again."""

    state: State
    reason: str
    until: datetime | None = None


_delivery, _lead, _consent = table_of(Delivery).c, table_of(Lead).c, table_of(Consent).c
_endpoint, _school = table_of(Endpoint).c, table_of(School).c
_CAPS = (_school.daily_cap, _school.weekly_cap, _school.monthly_cap, _school.total_cap, _school.part_caps)
_FIND_CASE = (
    select(
        _delivery.id.label("delivery_id"),
        _delivery.about,
        _delivery.state,
        _delivery.reason,
        _delivery.due_at,
        _delivery.fence,
        _delivery.lead_id,
        _lead.inquiry_id,
        _lead.released_at,
        _consent.withdrawn_at,
        _delivery.endpoint_id,
        _endpoint.kind,
        _endpoint.state.label("endpoint_state"),
        _endpoint.retired_at.label("endpoint_retired_at"),
        _endpoint.open_until,
        add_lanes_taken(_delivery.school_id).label("lanes_taken"),
        _delivery.school_id,
        _school.status.label("school_status"),
        _school.retired_at.label("school_retired_at"),
        _school.paused_until,
        _school.timezone,
        _school.opening_hours,
        or_(*(cap.is_not(None) for cap in _CAPS)).label("is_capped"),
        _delivery.full_since,
        database_now().label("read_at"),
    )
    .join_from(table_of(Delivery), table_of(Lead), _lead.id == _delivery.lead_id)
    .join(table_of(Consent), (_consent.inquiry_id == _lead.inquiry_id) & (_consent.school_id == _lead.school_id))
    .join(table_of(Endpoint), _endpoint.id == _delivery.endpoint_id)
    .join(table_of(School), _school.id == _delivery.school_id)
    .where(_delivery.id == bindparam("wanted"))
)


def find_case(session: Session, delivery_id: int) -> Case | None:
    """The delivery with what its lead, consent, endpoint and school say, or None where there is no such delivery."""
    found = session.execute(_FIND_CASE, {"wanted": delivery_id}).mappings().one_or_none()
    return Case(**found) if found else None


def find_obstacle(session: Session, case: Case) -> Obstacle | None:
    """What keeps a due delivery from leaving, if anything. A pause stops leads, never notices."""
    at = case.read_at
    if case.about is About.lead and is_too_old(at - case.released_at):
        return Obstacle(State.failed, TOO_OLD)
    if case.endpoint_retired_at is not None:
        # to whom it goes instead, if to anybody, is settled with the change of state
        return Obstacle(State.failed, ENDPOINT_RETIRED)
    if case.endpoint_state in (EndpointState.broken, EndpointState.testing):
        return Obstacle(State.held, f"endpoint_{case.endpoint_state}", at + LOOK_AGAIN)
    if case.open_until is not None and case.open_until > at:
        return Obstacle(State.held, circuit.OPEN, case.open_until)
    if case.about is About.change and case.withdrawn_at is not None:
        return Obstacle(State.cancelled, "withdrawn")
    if case.about is not About.lead:
        waiting = _is_person_under_way(session, case)
        return Obstacle(State.pending, "after_its_lead", at + NOTICE_WAIT) if waiting else None
    return _find_lead_obstacle(case)


def _find_lead_obstacle(case: Case) -> Obstacle | None:
    if case.withdrawn_at is not None:
        return Obstacle(State.cancelled, "withdrawn")
    if case.school_status is SchoolStatus.closed or case.school_retired_at is not None:
        return Obstacle(State.cancelled, "school_closed")
    if not is_taking(case.school_status, case.paused_until, case.timezone, case.read_at):
        return Obstacle(State.held, "school_paused", case.read_at + LOOK_AGAIN)
    if case.endpoint_state is EndpointState.paused:
        return Obstacle(State.held, "endpoint_paused", case.read_at + LOOK_AGAIN)
    return _find_closed_hours(case)


def _find_closed_hours(case: Case) -> Obstacle | None:
    if case.kind is EndpointKind.batch:
        return None  # a daily file has a time of its own
    if not case.opening_hours or is_open(case.opening_hours, case.timezone, case.read_at):
        return None
    # hours are changed, too: what waits is looked at every hour
    latest = case.read_at + LONGEST_CLOSED
    opens_at = find_opening(case.opening_hours, case.timezone, case.read_at) or latest
    return Obstacle(State.held, "not_open", min(opens_at, latest))


def may_be_fetched(case: Case, obstacle: Obstacle) -> bool:
    """Whether nothing but trouble with the endpoint keeps it back, so that the school may read it from its feed. A lead
    that counts under a cap may not: it takes its place when it leaves."""
    if obstacle.reason not in TROUBLE:
        return False
    return case.about is not About.lead or (not case.is_capped and _find_lead_obstacle(case) is None)


def say_full(case: Case, until: datetime) -> Obstacle:
    """What becomes of a lead that has met a reached cap, where there may be room again at ``until``."""
    given_up_at = (case.full_since or case.read_at) + LONGEST_FULL
    if case.read_at >= given_up_at:
        return Obstacle(State.cancelled, FULL)
    return Obstacle(State.held, CAP, min(until, given_up_at))


def note_room(session: Session, case: Case) -> None:
    """No cap keeps it back now. Where it does not arrive, and the school is full later, that is another time of being
    full."""
    if case.full_since is not None:
        anew = update(Delivery).where(Delivery.id == case.delivery_id).values(full_since=None)
        session.execute(anew.execution_options(synchronize_session="fetch"))


def note_obstacle(session: Session, case: Case, obstacle: Obstacle) -> None:
    """Give the delivery the state that the obstacle asks for, and do what follows from it.

    Nothing where its state or its fence are no longer those of the case."""
    delivery = session.get_one(Delivery, case.delivery_id, populate_existing=True)
    if (delivery.state, delivery.fence) != (case.state, case.fence):
        return
    due_at = obstacle.until or delivery.due_at
    same = (delivery.state, delivery.reason) == (obstacle.state, obstacle.reason)
    if obstacle.reason == CAP and delivery.full_since is None:
        delivery.full_since = case.read_at
    if not change_state(session, delivery, obstacle.state, obstacle.reason, due_at=due_at) or same:
        return
    _follow_up(session, delivery, obstacle)
    if obstacle.state is not State.pending and obstacle.reason != TURN:
        data = {"delivery": delivery.id, "school": delivery.school_id, "about": case.about, "reason": obstacle.reason}
        line = history.Line(f"delivery.{delivery.state}", "worker", data)
        history.append(session, Subject.inquiry, case.inquiry_id, line)


def _follow_up(session: Session, delivery: Delivery, obstacle: Obstacle) -> None:
    lead = session.get_one(Lead, delivery.lead_id, populate_existing=True)
    endpoint = session.get_one(Endpoint, delivery.endpoint_id, populate_existing=True)
    if obstacle.reason == ENDPOINT_RETIRED and replace_delivery(session, delivery, lead, endpoint):
        change_state(session, delivery, State.cancelled, ENDPOINT_RETIRED)
    elif obstacle.reason == TOO_OLD and not _has_reached(session, lead):
        tell_not_delivered(session, lead, now(session))
    elif obstacle.reason == FULL and not _has_reached(session, lead):
        tell_full(session, lead, now(session))


def _has_reached(session: Session, lead: Lead) -> bool:
    """Whether another endpoint of the school has the lead, may have it or still may, or its system fetched it."""
    fetched = (FeedEntry.lead_id == lead.id, FeedEntry.about == About.lead, FeedEntry.fetched_at.is_not(None))
    if session.scalar(select(FeedEntry.id).where(*fetched).limit(1)) is not None:
        return True
    given_up = (State.failed, State.cancelled)
    query = select(Delivery.id).where(
        Delivery.lead_id == lead.id, Delivery.about == About.lead, Delivery.state.not_in(given_up)
    )
    return session.scalar(query.limit(1)) is not None


def _is_person_under_way(session: Session, case: Case) -> bool:
    """Whether the lead, or an earlier change of it, is with a worker: what is said later must not arrive before it."""
    busy = (State.claimed, State.sending)
    others = (Delivery.lead_id == case.lead_id, Delivery.about.in_(PERSONAL), Delivery.id != case.delivery_id)
    return session.scalar(select(Delivery.id).where(*others, Delivery.state.in_(busy)).limit(1)) is not None
