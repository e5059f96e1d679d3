"""What would become of many deliveries and letters that are uncertain or failed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.retry import MAX_AGE, is_too_old
from leadgen.journey.bulk.keys import read_ids
from leadgen.journey.bulk.kinds import JobKind
from leadgen.marks import say
from leadgen.models import About, Consent, Delivery, Inquiry, Lead, Letter, School, State
from leadgen.review.bins.columns import SAME_CONSENT
from leadgen.review.jobs import Planned
from leadgen.review.wanted import Wanted

EXPECTED = {
    JobKind.received: State.uncertain,
    JobKind.not_received: State.uncertain,
    JobKind.send_again: State.failed,
    JobKind.set_aside: State.failed,
}


def plan_carried(session: Session, kind: JobKind, _wanted: Wanted, keys: Sequence[str]) -> list[tuple[Planned, str]]:
    """Deliveries first in the order of their lines, letters likewise."""
    found = dict((*_plan_deliveries(session, kind, keys), *_plan_letters(session, kind, keys)))
    return [found[key] for key in keys if key in found]


def _plan_deliveries(session: Session, kind: JobKind, keys: Sequence[str]) -> list[tuple[str, tuple[Planned, str]]]:
    columns = (Delivery.id, Delivery.state, Delivery.about, Delivery.set_aside, Lead.inquiry_id, Lead.released_at)
    query = select(*columns, Consent.withdrawn_at, Inquiry.reference, School.name.label("school"))
    query = query.select_from(Delivery).join(Lead, Lead.id == Delivery.lead_id).join(Consent, SAME_CONSENT)
    query = query.join(Inquiry, Inquiry.id == Lead.inquiry_id).join(School, School.id == Delivery.school_id)
    at, pairs = now(session), []
    for row in session.execute(query.where(Delivery.id.in_(read_ids(keys, "delivery")))):
        obstacle = _find_state(kind, row, say("delivery")) or _find_lead_obstacle(kind, row, at)
        item = Planned(f"delivery:{row.id}", f"{row.about.capitalize()} to {row.school}", row.reference, obstacle)
        pairs.append((item.subject, (item, f"inquiry:{row.inquiry_id}")))
    return pairs


def _plan_letters(session: Session, kind: JobKind, keys: Sequence[str]) -> list[tuple[str, tuple[Planned, str]]]:
    query = select(Letter.id, Letter.state, Letter.kind, Letter.set_aside, Letter.inquiry_id, Inquiry.reference)
    query = query.outerjoin(Inquiry, Inquiry.id == Letter.inquiry_id)
    pairs = []
    for row in session.execute(query.where(Letter.id.in_(read_ids(keys, "letter")))):
        is_settled = kind in (JobKind.received, JobKind.not_received)
        obstacle = say("A letter of ours is sent again on its page, one by one.") if is_settled else None
        label = f"Letter: {row.kind.replace('_', ' ')}"
        item = Planned(f"letter:{row.id}", label, row.reference, obstacle or _find_state(kind, row, say("letter")))
        claim = f"inquiry:{row.inquiry_id}" if row.inquiry_id else item.subject
        pairs.append((item.subject, (item, claim)))
    return pairs


def _find_state(kind: JobKind, row: Any, what: str) -> str | None:
    if row.state is not EXPECTED[kind]:
        return say("This %(what)s is %(state)s by now.", what=what, state=row.state)
    is_set_aside = kind is JobKind.set_aside and row.set_aside
    return say("This %(what)s is set aside already.", what=what) if is_set_aside else None


def _find_lead_obstacle(kind: JobKind, row: Any, at: datetime) -> str | None:
    if kind is not JobKind.send_again or row.about is not About.lead:
        return None
    if row.withdrawn_at:
        return say("The consent was withdrawn.")
    is_old = is_too_old(at - row.released_at)
    return say("The lead is older than %(days)s days.", days=MAX_AGE.days) if is_old else None
