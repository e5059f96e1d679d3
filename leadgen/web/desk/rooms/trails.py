"""The history of one campus, offering or endpoint: the lines of its school's history that are about it."""

from dataclasses import replace

from leadgen.extensions import db
from leadgen.models import Campus, Endpoint, Event, Offering, Subject
from leadgen.review.dossier import Trail, read_trail


def read_own_trail(row: Campus | Offering | Endpoint) -> Trail:
    """Those lines, newest first. The chain is checked as a whole."""
    whole = read_trail(db.session, Subject.school, row.school_id)
    return replace(whole, events=[event for event in whole.events if is_about(event, row)])


def is_about(event: Event, row: Campus | Offering | Endpoint) -> bool:
    """Whether a line of the school's history names this record."""
    if not event.kind.startswith(f"{row.__tablename__}."):
        return False
    if isinstance(row, Endpoint):
        return event.data.get("endpoint") == row.id or event.data.get("what") == f"{row.kind} {row.takes}"
    name = row.name if isinstance(row, Campus) else row.id
    what = event.data.get("what") or []
    return name in (event.data.get("changes") or {}) or name in ([what] if isinstance(what, str) else what)
