"""Which lines of a school's history are about one record, and which of them is the last."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.directory.records import Noun
from leadgen.models import Endpoint, Event, Subject

# as far back as is looked for who was first; what happened at the same time stands near the end
LOOKED_AT = 100


def name_endpoint(endpoint: Endpoint) -> frozenset[str]:
    """The names under which lines tell of an endpoint: its number, and what an import calls it."""
    return frozenset((str(endpoint.id), f"{endpoint.kind} {endpoint.takes}"))


def is_about(event: Event, noun: Noun, names: Collection[str]) -> bool:
    """Whether a line tells of this record: of a school's or an offering's id, a campus's name, or an endpoint."""
    if not event.kind.startswith(f"{noun}."):
        return False
    if noun is Noun.school:
        return True
    data: dict[str, Any] = event.data
    what = data.get("what") or []
    told = {str(data.get("endpoint")), *(data.get("changes") or {}), *([what] if isinstance(what, str) else what)}
    return not told.isdisjoint(names)


def find_last(
    session: Session,
    school_id: str,
    noun: Noun,
    names: Collection[str],
    kinds: Collection[str] = (),
    *,
    field: str = "",
) -> Event | None:
    """The newest line about this record: of these kinds, and about this field, where some are given."""
    query = select(Event).where(Event.subject == Subject.school, Event.subject_id == school_id)
    if kinds:
        query = query.where(Event.kind.in_(kinds))
    newest = session.scalars(query.order_by(Event.number.desc()).limit(LOOKED_AT))
    mine = (event for event in newest if is_about(event, noun, names))
    return next((event for event in mine if not field or field in (event.data.get("fields") or {})), None)
