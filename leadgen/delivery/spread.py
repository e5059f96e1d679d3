"""Make the deliveries of a lead: one to each endpoint, or to the first and then the next."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from leadgen import outbox
from leadgen.clock import now
from leadgen.delivery.endpoints import find_lead_endpoints, find_notice_endpoint
from leadgen.models import About, Delivery, Endpoint, Lead, Route, School, State


def spread_lead(session: Session, lead: Lead, at: datetime) -> list[int]:
    """Deliveries of a fresh lead, due now; gives their ids. None where the school has no endpoint."""
    endpoints = find_lead_endpoints(session, lead.school_id)
    school = session.get_one(School, lead.school_id)
    chosen = endpoints[:1] if school.route is Route.first else endpoints
    return [make_delivery(session, lead, endpoint, About.lead, at) for endpoint in chosen]


def deliver_to_next(session: Session, lead: Lead, failed: Endpoint) -> int | None:
    """After a definite failure at ``failed``: the school's next endpoint, where it wants the first that accepts."""
    if session.get_one(School, lead.school_id).route is not Route.first:
        return None
    later = [
        endpoint
        for endpoint in find_lead_endpoints(session, lead.school_id)
        if (endpoint.position, endpoint.id) > (failed.position, failed.id)
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
    known = select(Delivery.endpoint_id, Delivery.state).where(
        Delivery.lead_id == lead.id, Delivery.about == delivery.about, Delivery.version == delivery.version
    )
    states = {row.endpoint_id: row.state for row in session.execute(known)}
    free = [endpoint for endpoint in free if endpoint.id not in states]
    if session.get_one(School, lead.school_id).route is Route.first:
        # her lead goes to one endpoint at a time
        free = [] if set(states.values()) - {State.failed, State.cancelled} else free[:1]
    at = now(session)
    return [make_delivery(session, lead, endpoint, delivery.about, at, delivery.version) for endpoint in free]


def make_delivery(
    session: Session, lead: Lead, endpoint: Endpoint, about: About, at: datetime, version: int = 1
) -> int:
    """One delivery, due now; a worker is nudged after the commit. Gives its id.

    The key is the same for every attempt, so that a receiver can tell a repeat from news."""
    row = {
        "lead_id": lead.id,
        "school_id": lead.school_id,
        "endpoint_id": endpoint.id,
        "about": about,
        "version": version,
        "key": f"msg_{lead.reference.replace('-', '')}_{endpoint.id}_{about}_{version}",
        "state": State.pending,
        "due_at": at,
        "created_at": at,
    }
    delivery_id = session.execute(insert(Delivery).values(row).returning(Delivery.id)).scalar_one()
    outbox.after_commit(session, outbox.DELIVER, delivery_id)
    return delivery_id
