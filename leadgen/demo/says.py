"""What a school says of a lead later on."""

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.demo.story import SCHOOL
from leadgen.models import Disposition, DispositionReport, Lead, Subject


def say(session: Session, lead: Lead, disposition: Disposition) -> None:
    """Report how it went: contacted, an appointment, enrolled, not interested, not reached."""
    at = now(session)
    mine = DispositionReport.lead_id == lead.id
    last = session.scalar(select(func.max(DispositionReport.number)).where(mine)) or 0
    report = {"lead_id": lead.id, "number": last + 1, "disposition": disposition, "actor": SCHOOL, "reported_at": at}
    session.execute(insert(DispositionReport).values(report))
    lead.disposition, lead.disposition_at = disposition, at
    session.flush()
    line = history.Line(f"lead.{disposition}", SCHOOL, {"school": lead.school_id, "lead": lead.reference})
    history.append(session, Subject.inquiry, lead.inquiry_id, line, at=at)
