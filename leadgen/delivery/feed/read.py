"""A page of a school's feed, built from the rows as they are now: who withdrew, or was erased, is in it no more."""

from typing import Any

import structlog
from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from leadgen.database import table_of
from leadgen.delivery.events import EVENTS
from leadgen.delivery.facts import select_lead_facts
from leadgen.delivery.feed.forms import FeedItem, FeedPage, Gone
from leadgen.delivery.parcel import name_lead, tell, write_moment
from leadgen.models import PERSONAL, FeedEntry
from leadgen.vault import Vault

log = structlog.get_logger()

_entry = table_of(FeedEntry).c
_IS_OWN = (_entry.school_id == bindparam("school"), _entry.number.is_not(None))
_FIND_PLACE = select(_entry.number).where(*_IS_OWN, _entry.key == bindparam("cursor"))
_READ: Select[Any] = (
    select_lead_facts(_entry.about, _entry.key, _entry.said_at.label("created_at"), table=table_of(FeedEntry))
    .where(*_IS_OWN, _entry.number > bindparam("place"))
    .order_by(_entry.number)
    .limit(bindparam("most"))
)


class CursorError(Exception):
    """This school's feed has no such item. The message names the way out."""


def read_page(session: Session, vault: Vault, school_id: str, after: str | None, limit: int) -> FeedPage:
    """At most ``limit`` items after the one with the id ``after``, or from the beginning. Raises CursorError."""
    place = find_place(session, school_id, after) if after is not None else 0
    rows = session.execute(_READ, {"school": school_id, "place": place, "most": limit + 1}).all()
    items = [_describe(vault, row) for row in rows[:limit]]
    return {"items": items, "next": items[-1]["id"] if items else after, "more": len(rows) > limit}


def find_place(session: Session, school_id: str, cursor: str) -> int:
    """Where an item stands. Raises CursorError where the school has none of this id."""
    place = session.scalar(_FIND_PLACE, {"school": school_id, "cursor": cursor})
    if place is None:
        raise CursorError("Your feed has no item with this id. Give the id of an item that you got from it.")
    return int(place)


def _describe(vault: Vault, row: Row[Any]) -> FeedItem:
    gone, data = _tell(vault, row)
    said: Any = EVENTS[row.about]
    return {"id": row.key, "type": said, "timestamp": write_moment(row.created_at), "gone": gone, "data": data}


def _tell(vault: Vault, row: Row[Any]) -> tuple[Gone | None, Any]:
    if gone := _find_gone(row):
        return gone, name_lead(row)
    try:
        return None, tell(vault, row)
    except Exception as error:  # one person who cannot be opened keeps nobody else out of the feed
        log.error("feed.unreadable", reference=row.lead_reference, error=type(error).__name__)
        return "unreadable", name_lead(row)


def _find_gone(row: Row[Any]) -> Gone | None:
    """Why the person of this item is not told: what is said of a withdrawal names nobody and stays."""
    if row.about not in PERSONAL:
        return None
    if row.wrapped_key is None:
        return "erased"
    return "withdrawn" if row.withdrawn_at else None
