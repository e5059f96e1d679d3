"""Put what a school should have into its feed, and give it its place there.

A place is a number that only grows, and a reader remembers the last one it saw. A number drawn while writing would be
seen out of order: who drew the lower one may commit later, and the reader has passed it by then. So an entry is written
without one, in the transaction that sends the thing, and gets it afterwards, once everybody can see it, from one hand
at a time: whoever sees a number sees all below it.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from leadgen.database import insert_unless_there, table_of
from leadgen.models import About, Delivery, FeedEntry, Lead

LOCK = 7_261_001  # of PostgreSQL's advisory locks: who numbers. SQLite has one writer anyway

_delivery, _entry = table_of(Delivery).c, table_of(FeedEntry).c
_COPIED = ("key", "school_id", "lead_id", "about", "version")
_THING = select(*(_delivery[name] for name in _COPIED), _delivery.created_at).where(_delivery.id == bindparam("row_id"))
_WAITS = select(_entry.id).where(_entry.number.is_(None)).limit(1)
_last = select(func.coalesce(func.max(_entry.number), 0)).scalar_subquery()
_place = func.row_number().over(order_by=_entry.id)
_next = select(_entry.id, (_last + _place).label("number")).where(_entry.number.is_(None)).subquery()
_NUMBER = update(table_of(FeedEntry)).where(_entry.id == _next.c.id).values(number=_next.c.number)


def offer(session: Session, delivery_id: int) -> None:
    """Put what a delivery carries into its school's feed, unless it stands there already."""
    session.execute(_offer(session.get_bind().dialect.name), {"row_id": delivery_id})


def offer_news(session: Session, lead: Lead, about: About, at: datetime, version: int = 1) -> None:
    """Tell by the feed what happened to a lead that stands there, at once: its school may have read it, whether or not
    anything was sent. Under the key of the notice that is sent too, where one is."""
    known = select(FeedEntry.id).where(FeedEntry.lead_id == lead.id, FeedEntry.about == About.lead)
    if session.scalar(known) is None:
        return
    notice = (Delivery.lead_id == lead.id, Delivery.about == about, Delivery.version == version)
    key = session.scalar(select(Delivery.key).where(*notice).order_by(Delivery.id).limit(1))
    made = f"msg_{lead.reference.replace('-', '')}_feed_{about}_{version}"
    row: dict[str, Any] = {"key": key or made, "school_id": lead.school_id, "lead_id": lead.id}
    insert_unless_there(session, FeedEntry, row | {"about": about, "version": version, "said_at": at})


def find_last_change(session: Session, lead: Lead) -> int:
    """The version of the last change of which the feed tells; 0 where it tells of none."""
    changes = (FeedEntry.lead_id == lead.id, FeedEntry.about == About.change)
    return session.scalar(select(func.max(FeedEntry.version)).where(*changes)) or 0


def number_entries(session: Session) -> None:
    """Give their places to the entries that everybody can see and that have none yet. The caller commits at once:
    until then nobody else numbers."""
    if session.scalar(_WAITS) is None:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    session.execute(_NUMBER, execution_options={"synchronize_session": False})


def is_offered(session: Session, lead_id: int) -> bool:
    """Whether something about this lead stands in the feed, so that the school may have read it."""
    return session.scalar(select(FeedEntry.id).where(FeedEntry.lead_id == lead_id).limit(1)) is not None


@cache
def _offer(dialect: str) -> Executable:
    insert: Any = postgresql_insert if dialect == "postgresql" else sqlite_insert
    columns = [*_COPIED, "said_at"]
    offered: Executable = insert(table_of(FeedEntry)).from_select(columns, _THING).on_conflict_do_nothing()
    return offered
