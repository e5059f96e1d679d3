"""Make an inquiry older: every time on its rows moves back, and at the end its history is chained anew.

Only a demo may do that, before its rows are committed: to anybody else an inquiry's history is append-only.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.caps import counts_cents, is_place_of, list_school_caps, name_place
from leadgen.clock import UtcDateTime
from leadgen.database import insert_unless_there, table_of
from leadgen.demo.rows import HANGING
from leadgen.models import CapUse, Chain, Event, Inquiry, Lead, School, Subject

_WANTED = select(Inquiry.id).where(Inquiry.id == bindparam("wanted"))


def make_older(session: Session, inquiry_id: int, by: timedelta) -> None:
    """Move all times of the inquiry and of what hangs on it back by so much."""
    session.flush()
    for select_mine, move, times in _build_moves():
        rows = session.execute(select_mine, {"wanted": inquiry_id}).mappings().all()
        older = [_move_back(dict(row), times, by) for row in rows]
        if older:
            session.connection().execute(move, older)
    session.expire_all()


def chain_anew(session: Session, inquiry_id: int) -> None:
    """Hash the lines of the inquiry's history again, in their order."""
    head = session.get_one(Chain, (Subject.inquiry, str(inquiry_id)))
    previous = history.START
    for event in history.read_history(session, Subject.inquiry, inquiry_id):
        row = {column.name: getattr(event, column.name) for column in table_of(Event).c}
        event.previous_hash = previous
        event.hash = previous = history.hash_line(row | {"previous_hash": previous})
    head.hash = previous
    session.flush()


def move_places(session: Session, inquiry_id: int) -> None:
    """Give back the places under caps that its leads hold today, for the days on which they were released."""
    query = select(Lead, School).join(School, School.id == Lead.school_id).where(Lead.inquiry_id == inquiry_id)
    for lead, school in session.execute(query):
        lead.slots = tuple(_move(session, school, lead, held) for held in lead.slots)
    session.flush()


def _move(session: Session, school: School, lead: Lead, held: str) -> str:
    at, caps = lead.released_at, list_school_caps(school)
    place = next((name_place(cap, school.timezone, at) for cap in caps if is_place_of(cap, held)), held)
    amount = lead.reserved_cents if counts_cents(held) else 1
    if place != held:
        _count(session, school.id, held, -amount)
        _count(session, school.id, place, amount)
    return place


def _count(session: Session, school_id: str, period: str, more: int) -> None:
    insert_unless_there(session, CapUse, {"school_id": school_id, "period": period, "used": 0})
    one = (CapUse.school_id == school_id, CapUse.period == period)
    raised = update(CapUse).where(*one).values(used=CapUse.used + more)
    session.execute(raised.execution_options(synchronize_session=False))


def _move_back(row: dict[str, Any], times: tuple[str, ...], by: timedelta) -> dict[str, Any]:
    keys = {f"at_{name}": value for name, value in row.items() if name not in times}
    return keys | {name: None if row[name] is None else row[name] - by for name in times}


@cache
def _build_moves() -> list[tuple[Any, Any, tuple[str, ...]]]:
    """For each table with times: the statement that reads those of one inquiry, the one that writes them, the times."""
    moves = []
    for model, is_mine in HANGING:
        table = table_of(model)
        times = tuple(column.name for column in table.c if isinstance(column.type, UtcDateTime))
        keys = tuple(table.primary_key)
        read = select(*keys, *(table.c[name] for name in times)).where(is_mine(_WANTED))
        where = [key == bindparam(f"at_{key.name}") for key in keys]
        values: dict[str, Any] = {name: bindparam(name) for name in times}
        if times:
            moves.append((read, update(table).where(*where).values(values), times))
    return moves
