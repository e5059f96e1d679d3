"""Inquiries as staff look through them: by school, program, state and date, newest first. No personal data is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from leadgen.models import Choice, Consent, Inquiry, Lead, School

# further pages are reached by narrowing the search: counting all of a large table would cost more than the page
MOST_COUNTED = 5_000
LAST_DAY = date.max - timedelta(days=1)
WITHDRAWN, RELEASED = "withdrawn", "released"


@dataclass(frozen=True)
class Sought:
    """What inquiries are looked for. Days are UTC, both included; ``school`` is an id or letters of a name."""

    school: str = ""
    program: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class InquiryLine:
    """One inquiry. ``schools`` are those she chose, each with what became of it: the outcome, released or withdrawn."""

    reference: str
    received_at: datetime
    program: str
    place: str
    schools: tuple[tuple[str, str], ...]


def count_inquiries(session: Session, sought: Sought) -> int:
    """How many there are, counted up to 5,000."""
    some = select(Inquiry.id).where(*_match(session, sought)).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def list_inquiries(session: Session, sought: Sought, *, limit: int, offset: int = 0) -> list[InquiryLine]:
    """A page of them, newest first."""
    query = select(Inquiry.id, Inquiry.reference, Inquiry.received_at, Inquiry.program, Inquiry.city, Inquiry.state)
    query = query.where(*_match(session, sought)).order_by(Inquiry.received_at.desc(), Inquiry.id.desc())
    rows = session.execute(query.limit(limit).offset(offset)).all()
    schools = find_standings(session, [row.id for row in rows])
    return [
        InquiryLine(row.reference, row.received_at, row.program, f"{row.city}, {row.state}", schools.get(row.id, ()))
        for row in rows
    ]


def find_standings(session: Session, inquiries: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """The schools that were chosen in these inquiries, in the order of the list, with what became of each."""
    same = (Consent.inquiry_id == Choice.inquiry_id, Consent.school_id == Choice.school_id)
    lead = and_(Lead.inquiry_id == Choice.inquiry_id, Lead.school_id == Choice.school_id)
    query = (
        select(Choice.inquiry_id, School.name, Choice.outcome, Consent.withdrawn_at, Lead.id)
        .join(School, School.id == Choice.school_id)
        .outerjoin(Consent, and_(*same))
        .outerjoin(Lead, lead)
        .where(Choice.inquiry_id.in_(inquiries), Choice.ticked)
        .order_by(Choice.inquiry_id, Choice.rank)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for inquiry_id, school, outcome, withdrawn_at, lead_id in session.execute(query):
        standing = WITHDRAWN if withdrawn_at else RELEASED if lead_id else str(outcome or "hold")
        found.setdefault(inquiry_id, []).append((school, standing))
    return {inquiry_id: tuple(schools) for inquiry_id, schools in found.items()}


def _match(session: Session, sought: Sought) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if sought.program:
        wanted.append(Inquiry.program == sought.program)
    if sought.state:
        wanted.append(Inquiry.state == sought.state)
    if sought.since:
        wanted.append(Inquiry.received_at >= _begin(sought.since))
    if sought.until:
        wanted.append(Inquiry.received_at < _begin(min(sought.until, LAST_DAY) + timedelta(days=1)))
    if sought.school:
        chosen = select(Choice.inquiry_id).where(Choice.ticked, Choice.school_id.in_(_find_schools(session, sought)))
        wanted.append(Inquiry.id.in_(chosen))
    return wanted


def _find_schools(session: Session, sought: Sought) -> list[str]:
    """The schools that are meant. Found first, so that the database knows how many inquiries to expect of them."""
    named = or_(School.id == sought.school, School.name.icontains(sought.school, autoescape=True))
    return list(session.scalars(select(School.id).where(named)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
