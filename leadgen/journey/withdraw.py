"""Withdraw: the consent ends, what has not left is cancelled, who may have the lead is told."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.notices import recall_lead
from leadgen.models import Lead, Subject
from leadgen.privacy.withdraw import withdraw_consents


def withdraw_inquiry(session: Session, inquiry_id: int, schools: Sequence[str] | None, actor: str) -> list[str]:
    """Withdraw from these schools, or from all where None; gives the schools that were withdrawn from."""
    withdrawn = withdraw_consents(session, inquiry_id, schools, actor)
    lines = {}
    # in one order for everybody, so that two who withdraw from the same schools never wait in a ring for a cap's row
    for consent, at in sorted(withdrawn, key=lambda each: each[0].school_id):
        query = select(Lead).where(Lead.inquiry_id == inquiry_id, Lead.school_id == consent.school_id)
        lead = session.scalars(query).one_or_none()
        counts = recall_lead(session, lead, at) if lead else {}
        lines[consent.school_id] = history.Line("consent.withdrawn", actor, {"school": consent.school_id} | counts)
    told = [consent.school_id for consent, _ in withdrawn]
    if told:
        history.append(session, Subject.inquiry, inquiry_id, *(lines[school] for school in told))
    return told
