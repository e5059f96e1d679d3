"""What would become of many endpoints, untold schools and returns."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.journey.bulk.keys import read_ids
from leadgen.journey.bulk.kinds import JobKind
from leadgen.marks import say
from leadgen.models import Delivery, DispositionReport, Endpoint, EndpointState, Inquiry, Lead, School
from leadgen.review.jobs import Planned
from leadgen.review.wanted import Wanted

Found = list[tuple[Planned, str]]
STOPPED = (EndpointState.paused, EndpointState.broken)


def plan_endpoints(session: Session, _kind: JobKind, _wanted: Wanted, keys: Sequence[str]) -> Found:
    """Endpoints that are paused or broken are put back into use."""
    query = select(Endpoint.id, Endpoint.kind, Endpoint.state, Endpoint.retired_at, School.name.label("school"))
    query = query.join(School, School.id == Endpoint.school_id).where(Endpoint.id.in_(read_ids(keys, "endpoint")))
    rows = {f"endpoint:{row.id}": row for row in session.execute(query)}
    found = []
    for key in (key for key in keys if key in rows):
        row, obstacle = rows[key], None
        if row.retired_at:
            obstacle = say("The endpoint is no longer used.")
        elif row.state is EndpointState.testing:
            obstacle = say("Send a test first: leads go there once a test was accepted.")
        elif row.state not in STOPPED:
            obstacle = say("The endpoint is %(state)s. A cap frees by itself.", state=row.state)
        found.append((Planned(key, f"{row.school}: {row.kind.replace('_', ' ')}", None, obstacle), key))
    return found


def plan_untold(session: Session, _kind: JobKind, _wanted: Wanted, keys: Sequence[str]) -> Found:
    """Schools that take no notices were told by staff. A notice on its way needs no telling."""
    query = select(Lead.id, Lead.untold_since, Lead.inquiry_id, Inquiry.reference, School.name.label("school"))
    query = query.join(Inquiry, Inquiry.id == Lead.inquiry_id).join(School, School.id == Lead.school_id)
    leads = {f"lead:{row.id}": row for row in session.execute(query.where(Lead.id.in_(read_ids(keys, "lead"))))}
    notices = query.add_columns(Delivery.id.label("delivery")).join(Delivery, Delivery.lead_id == Lead.id)
    notices = notices.where(Delivery.id.in_(read_ids(keys, "delivery")))
    rows = leads | {f"delivery:{row.delivery}": row for row in session.execute(notices)}
    found = []
    for key in (key for key in keys if key in rows):
        obstacle = None if rows[key].untold_since else say("The school was told already.")
        if key not in leads:
            obstacle = say("A notice is on its way. Settle it, or send it again.")
        item = Planned(key, rows[key].school, rows[key].reference, obstacle)
        found.append((item, f"inquiry:{rows[key].inquiry_id}"))
    return found


def plan_returns(session: Session, _kind: JobKind, _wanted: Wanted, keys: Sequence[str]) -> Found:
    """Returns that nobody judged yet."""
    report = DispositionReport
    query = select(report.id, report.judgment, Lead.inquiry_id, Lead.reference.label("lead"), Inquiry.reference)
    query = query.add_columns(School.name.label("school")).join(Lead, Lead.id == report.lead_id)
    query = query.join(Inquiry, Inquiry.id == Lead.inquiry_id).join(School, School.id == Lead.school_id)
    ids = read_ids(keys, "report")
    rows = {f"report:{row.id}": row for row in session.execute(query.where(report.id.in_(ids)))}
    found = []
    for key in (key for key in keys if key in rows):
        obstacle = say("This return was judged already.") if rows[key].judgment else None
        item = Planned(key, f"{rows[key].lead}, {rows[key].school}", rows[key].reference, obstacle)
        found.append((item, f"inquiry:{rows[key].inquiry_id}"))
    return found
