"""Leads that were held leave two a second for each school, so that nobody is flooded when a pause or a night ends."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.database import insert_unless_there
from leadgen.models import Pace

TURN = "turn"  # why such a lead waits a moment longer
APART = timedelta(seconds=0.5)


def take_turn(session: Session, school_id: str, at: datetime) -> datetime | None:
    """Take the next turn of this school. None where it is now; else when it is. Whoever waits for one has it then."""
    insert_unless_there(session, Pace, {"school_id": school_id, "next_at": at})
    pace = session.scalars(
        select(Pace).where(Pace.school_id == school_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    turn = max(pace.next_at, at)
    pace.next_at = turn + APART
    return turn if turn > at else None
