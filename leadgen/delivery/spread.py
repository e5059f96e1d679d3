"""Make the deliveries of a lead: one to each endpoint, or to the first and then the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.clock import now
from leadgen.database import insert_rows
from leadgen.delivery.endpoints import Receivers, find_first_endpoints, find_lead_endpoints, find_notice_endpoint
from leadgen.marks import say
from leadgen.models import About, Delivery, Endpoint, Lead, Route, State
from leadgen.models.lead import FreshLead

# what may not have it, and gets it no more
GIVEN_UP = {State.failed, State.cancelled}


class NoEndpointError(Exception):
    """The school has no endpoint that takes leads: a lead would go nowhere."""


def find_receivers(session: Session, school_id: str) -> dict[str, Receivers]:
    """The endpoints to which a lead of this school goes, for `spread_lead`. Raises NoEndpointError.

    Look before the lead is made: one that is retired in that very moment keeps its delivery, which staff see fail."""
    found = find_first_endpoints(session, [school_id])
    if not found[school_id].ids:
        raise NoEndpointError(say("The school has no endpoint, so nothing would be sent."))
    return found


def spread_lead(session: Session, lead: Lead, at: datetime, by_school: Mapping[str, Receivers]) -> list[int]:
    """Deliveries of a fresh lead, due now, to the endpoints that `find_receivers` found; gives their ids."""
    return spread_leads(session, [lead], at, by_school)[lead.id]


def spread_leads(
    session: Session, leads: Sequence[Lead | FreshLead], at: datetime, by_school: Mapping[str, Receivers]
) -> dict[int, list[int]]:
    """Deliveries of fresh leads, due now, in one statement for all of them, and another where a school wants the first
    that accepts; gives their ids by lead. ``by_school`` is where each school's go, as
    `leadgen.delivery.endpoints.find_first_endpoints` found it."""
    if not leads:
        return {}
    _note_route(session, [lead.id for lead in leads if by_school[lead.school_id].route is Route.first])
    rows = [_describe(lead, each, About.lead, at) for lead in leads for each in by_school[lead.school_id].ids]
    made: dict[int, list[int]] = {lead.id: [] for lead in leads}
    for delivery_id, lead_id in _insert(session, rows):
        made[lead_id].append(delivery_id)
    return made


def deliver_to_next(session: Session, lead: Lead, failed: Endpoint) -> int | None:
    """After a definite failure at ``failed``: the school's next endpoint, where it wants the first that accepts. None
    where there is no next, or where that one has or had the lead: a person sent it to ``failed`` once more."""
    if lead.route is not Route.first:
        return None
    known = _find_known(session, lead, About.lead)
    if set(known.values()) - GIVEN_UP:
        return None
    later = [
        endpoint
        for endpoint in find_lead_endpoints(session, lead.school_id)
        if (endpoint.position, endpoint.id) > (failed.position, failed.id) and endpoint.id not in known
    ]
    return make_delivery(session, lead, later[0], About.lead, now(session)) if later else None


def replace_delivery(session: Session, delivery: Delivery, lead: Lead, retired: Endpoint) -> list[int]:
    """Instead of a delivery to an endpoint that the school no longer uses: those to the endpoints that it uses now.

    Gives their ids; none where the school has no other, or the others have theirs already."""
    if delivery.about is About.lead:
        free = find_lead_endpoints(session, lead.school_id)
    else:
        other = find_notice_endpoint(session, retired)
        free = [other] if other else []
    known = _find_known(session, lead, delivery.about, delivery.version)
    free = [endpoint for endpoint in free if endpoint.id not in known]
    if lead.route is Route.first:
        # her lead goes to one endpoint at a time
        free = [] if set(known.values()) - GIVEN_UP else free[:1]
    at = now(session)
    return [make_delivery(session, lead, endpoint, delivery.about, at, delivery.version) for endpoint in free]


def make_delivery(
    session: Session, lead: Lead, endpoint: Endpoint, about: About, at: datetime, version: int = 1
) -> int:
    """One delivery, due now; a worker is nudged after the commit. Gives its id.

    The key is the same for every attempt, so that a receiver can tell a repeat from news."""
    ((delivery_id, _),) = _insert(session, [_describe(lead, endpoint.id, about, at, version)])
    return delivery_id


def _note_route(session: Session, lead_ids: Sequence[int]) -> None:
    """Where the school changes its mind later, it does so for later leads."""
    if lead_ids:
        noted = update(Lead).where(Lead.id.in_(lead_ids)).values(route=Route.first)
        session.execute(noted.execution_options(synchronize_session="fetch"))


def _find_known(session: Session, lead: Lead, about: About, version: int = 1) -> dict[int, State]:
    """How the deliveries of a lead stand, by endpoint."""
    rows = select(Delivery.endpoint_id, Delivery.state).where(
        Delivery.lead_id == lead.id, Delivery.about == about, Delivery.version == version
    )
    return {row.endpoint_id: row.state for row in session.execute(rows)}


def _describe(lead: Lead | FreshLead, endpoint_id: int, about: About, at: datetime, version: int = 1) -> dict[str, Any]:
    return {
        "lead_id": lead.id,
        "school_id": lead.school_id,
        "endpoint_id": endpoint_id,
        "about": about,
        "version": version,
        "key": f"msg_{lead.reference.replace('-', '')}_{endpoint_id}_{about}_{version}",
        "state": State.pending,
        "due_at": at,
        "created_at": at,
    }


def _insert(session: Session, rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Insert deliveries, and nudge a worker for each once it is really there; gives (delivery, lead) in id order."""
    pairs = sorted((row.id, row.lead_id) for row in insert_rows(session, Delivery, rows, "id", "lead_id"))
    for delivery_id, _ in pairs:
        outbox.after_commit(session, outbox.Carried.delivery, delivery_id)
    return pairs
