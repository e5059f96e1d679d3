"""Which schools contact people too often, as some lately said. They come later among equals; a score outweighs it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.models import Complaint

RECENT_DAYS = 90

_complaint: Any = Complaint.__table__
_RECENT = select(_complaint.c.school_id).distinct().where(_complaint.c.made_at > database_now(-RECENT_DAYS * 86_400))


def find_complained_of(session: Session) -> frozenset[str]:
    """The schools with a complaint of the last 90 days. One person counts once for a school, however often she says
    so; how many complained makes no difference."""
    return frozenset(session.scalars(_RECENT))
