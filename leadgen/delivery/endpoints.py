"""Where a school receives what: its endpoints for leads and for notices, and their secrets."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import database_now
from leadgen.delivery.carriers.contract import Destination
from leadgen.delivery.events import EVENTS, EventType
from leadgen.delivery.pace import TURN
from leadgen.delivery.posting.keep import open_posting
from leadgen.delivery.posting.request import OpenPosting, choose_message, write_address, write_headers
from leadgen.models import About, Delivery, Endpoint, EndpointKind, EndpointState, Route, School, State, Subject, Takes
from leadgen.vault import Vault

WAITING = (State.pending, State.held)

_endpoint, _school = Endpoint.__table__.c, School.__table__.c
_FOR_LEADS = (
    select(_endpoint.id, _endpoint.school_id, _school.route)
    .join(School.__table__, _school.id == _endpoint.school_id)
    .where(
        _endpoint.school_id.in_(bindparam("schools", expanding=True)),
        _endpoint.takes != Takes.notices,
        _endpoint.retired_at.is_(None),
    )
    .order_by(_endpoint.position, _endpoint.id)
)


def find_lead_endpoints(session: Session, school_id: str) -> list[Endpoint]:
    """The endpoints that take a school's leads, in order."""
    query = select(Endpoint).where(
        Endpoint.school_id == school_id, Endpoint.takes != Takes.notices, Endpoint.retired_at.is_(None)
    )
    return list(session.scalars(query.order_by(Endpoint.position, Endpoint.id)))


class Receivers(NamedTuple):
    """The endpoints of a school that get a fresh lead: all that take leads, or the first, as its route says."""

    route: Route
    ids: list[int]


def find_first_endpoints(session: Session, schools: Sequence[str]) -> dict[str, Receivers]:
    """Where a fresh lead of each school goes."""
    found = {school: Receivers(Route.all, []) for school in schools}
    for endpoint_id, school, route in session.execute(_FOR_LEADS, {"schools": schools}):
        ids = found[school].ids
        found[school] = Receivers(route, ids if route is Route.first and ids else [*ids, endpoint_id])
    return found


def find_notice_endpoint(session: Session, endpoint: Endpoint) -> Endpoint | None:
    """Where news about a lead goes that went to ``endpoint``: there, or to the school's notice box, or nowhere.

    Where the school no longer uses that endpoint: to any that it uses now and that takes notices."""
    is_used = endpoint.retired_at is None
    if is_used and endpoint.takes is not Takes.notices and takes_notices(endpoint):
        return endpoint
    query = select(Endpoint).where(Endpoint.school_id == endpoint.school_id, Endpoint.retired_at.is_(None))
    others = session.scalars(query.order_by(Endpoint.takes.desc(), Endpoint.position))
    return next((each for each in others if each.takes is Takes.notices or (not is_used and takes_notices(each))), None)


def takes_notices(endpoint: Endpoint) -> bool:
    """Whether notices go there: a form post takes them by a second map alone."""
    return endpoint.takes is not Takes.leads or bool(endpoint.posting and endpoint.posting.get("notice"))


def list_in_use(session: Session, school_id: str) -> list[Endpoint]:
    """The endpoints of a school that are not retired, in their order."""
    mine = select(Endpoint).where(Endpoint.school_id == school_id, Endpoint.retired_at.is_(None))
    return list(session.scalars(mine.order_by(Endpoint.position, Endpoint.id)))


def find_destination(
    vault: Vault, facts: Row[Any], deadline_seconds: float, *, event: EventType | None = None
) -> Destination:
    """Where the delivery of these facts (facts.find_facts) goes, with the endpoint's secrets opened. ``event``: what it
    tells, where that does not follow from what it is about."""
    row = secret_row(facts.school_id, facts.kind)
    sealed = [secret for secret in (facts.secret_sealed, facts.old_secret_sealed) if secret]
    destination = Destination(
        address=facts.address or "",
        key=facts.key,
        deadline_seconds=deadline_seconds,
        secrets=tuple(vault.open_secret(secret, row) for secret in sealed),
        conflict_means_received=facts.conflict_means_received,
    )
    opened = open_posting(vault, facts)
    return destination if opened is None else _aim_by_map(destination, opened, facts, event or EVENTS[facts.about])


def _aim_by_map(destination: Destination, opened: OpenPosting, facts: Row[Any], event: EventType) -> Destination:
    message = choose_message(opened.posting, is_lead=facts.about is About.lead)
    address = (message.address if message else "") or destination.address
    plain = {"key": facts.key, "lead_id": facts.lead_reference, "event": event}
    return replace(
        destination,
        address=write_address(opened, address, plain),
        headers=write_headers(opened, plain),
        opened=opened,
    )


def secret_row(school_id: str, kind: EndpointKind) -> str:
    """The name under which an endpoint's secret is sealed."""
    return f"endpoint:{school_id}:{kind}"


def pause_endpoint(session: Session, endpoint: Endpoint, actor: str, reason: str = "") -> None:
    """Stop leads to this endpoint; notices still go."""
    endpoint.state = EndpointState.paused
    _tell(session, endpoint, "endpoint.paused", actor, reason)


def resume_endpoint(session: Session, endpoint: Endpoint, actor: str, reason: str = "") -> int:
    """Put a tested, paused or broken endpoint into use; gives how many held deliveries are due again."""
    kind = "endpoint.live" if endpoint.state is EndpointState.testing else "endpoint.resumed"
    endpoint.state, endpoint.broken_reason = EndpointState.live, None
    endpoint.failures_in_a_row, endpoint.open_until = 0, None
    _tell(session, endpoint, kind, actor, reason)
    return release_held(session, Delivery.endpoint_id == endpoint.id)


def release_held(session: Session, *where: ColumnElement[bool]) -> int:
    """Make what is held due now, but for what has its turn already. Gives how many deliveries."""
    return look_again(session, *where, Delivery.reason.is_distinct_from(TURN), states=(State.held,))


def look_again(session: Session, *where: ColumnElement[bool], states: Sequence[State] = WAITING) -> int:
    """Make what waits due now, so that the rules decide anew: sent, held, or cancelled where the school closed. Gives
    how many deliveries."""
    due = update(Delivery).where(*where, Delivery.state.in_(states)).values(due_at=database_now())
    result = session.execute(due.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))


def _tell(session: Session, endpoint: Endpoint, kind: str, actor: str, reason: str) -> None:
    data = {"endpoint": endpoint.id} | ({"reason": reason} if reason else {})
    history.append(session, Subject.school, endpoint.school_id, history.Line(kind, actor, data))
