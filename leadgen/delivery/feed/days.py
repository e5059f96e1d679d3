"""What each day of a school's feed holds, as a count and a hash, so that both sides can compare without sending it.

The hash of a day is SHA-256 over its lines, sorted by their bytes, each ``type``, a blank, our reference of the lead
and a newline. A day begins at midnight by the school's own clock; an item belongs to the day of its ``timestamp``.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.events import EVENTS
from leadgen.delivery.feed.forms import FeedDay
from leadgen.models import FeedEntry, Lead


def count_days(session: Session, school_id: str, timezone: str, first: date, last: date) -> list[FeedDay]:
    """Every day from the first to the last, those without anything too."""
    zone = ZoneInfo(timezone)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    lines: dict[date, list[str]] = {day: [] for day in days}
    query = select(FeedEntry.about, Lead.reference, FeedEntry.said_at).join(Lead, Lead.id == FeedEntry.lead_id)
    query = query.where(
        FeedEntry.school_id == school_id,
        FeedEntry.number.is_not(None),
        FeedEntry.said_at >= datetime.combine(first, time(), zone),
        FeedEntry.said_at < datetime.combine(last + timedelta(days=1), time(), zone),
    )
    for about, reference, said_at in session.execute(query):
        lines[said_at.astimezone(zone).date()].append(f"{EVENTS[about]} {reference}\n")
    return [{"day": day.isoformat(), "count": len(lines[day]), "sha256": hash_day(lines[day])} for day in days]


def hash_day(lines: Iterable[str]) -> str:
    """SHA-256 over the sorted lines."""
    return sha256("".join(sorted(lines)).encode()).hexdigest()
