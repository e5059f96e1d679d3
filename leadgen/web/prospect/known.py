"""What the directory knows of the programs, kept in memory for as long as its version holds.

Guides are for reading: where the database does not answer, they are shown with what was known last, or without. A
large directory, as of a million campuses, takes longer to count than anybody waits: a thread does it beside the
requests, and not anew at every edit: at most a hundredth of the time is spent on it."""

import logging
import threading
import time
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import URL, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from leadgen.directory.taught import Taught, read_taught
from leadgen.extensions import db
from leadgen.matching.index.keeper import MANY_OFFERINGS
from leadgen.matching.index.memory import give_memory_back
from leadgen.matching.index.snapshot import has_more_offerings, open_snapshot
from leadgen.matching.kept import Stamp, read_stamp
from leadgen.models import DirectoryVersion

log = logging.getLogger(__name__)

NAME, READER = "leadgen.known", "leadgen.known.reader"
QUICK_SECONDS = 0.2
REST = 100
_IMPORTED_AT = select(DirectoryVersion.imported_at).order_by(DirectoryVersion.id.desc()).limit(1)


EMPTY = Stamp(None, 0)


@dataclass(frozen=True)
class Known:
    """``day`` is that of the directory's newest version; None while there is none."""

    stamp: Stamp = EMPTY
    day: date | None = None
    programs: dict[str, Taught] = field(default_factory=dict)
    holds_until: float = 0.0

    @property
    def is_read(self) -> bool:
        """Whether anything is known: not yet, while a large directory is counted."""
        return self.stamp != EMPTY

    @property
    def version(self) -> str:
        """Tells one state of the directory from another, for what is kept of a page."""
        return f"{self.stamp.newest}/{self.stamp.versions}"

    def find(self, slug: str) -> Taught:
        """What is known of a program; of one that nobody teaches, nothing."""
        return self.programs.get(slug, Taught())


def find_known() -> Known:
    """The newest that can be had at once."""
    kept: Known = current_app.extensions.setdefault(NAME, Known())
    try:
        stamp = read_stamp(db.session)
        if stamp != kept.stamp and time.monotonic() >= kept.holds_until:
            kept = _renew(kept)
    except SQLAlchemyError:
        db.session.rollback()
    return kept


def _renew(kept: Known) -> Known:
    shelf = current_app.extensions
    if _is_reading(shelf):
        return kept
    if has_more_offerings(db.session, MANY_OFFERINGS):
        shelf[READER] = reader = threading.Thread(
            target=_read_beside, args=(shelf, db.engine.url), name="known", daemon=True
        )
        reader.start()
        return kept
    shelf[NAME] = known = _read(db.session)
    return known


def _is_reading(shelf: MutableMapping[str, Any]) -> bool:
    reader: threading.Thread | None = shelf.get(READER)
    return reader is not None and reader.is_alive()


def _read_beside(shelf: MutableMapping[str, Any], url: URL) -> None:
    try:
        with open_snapshot(url) as session:
            shelf[NAME] = _read(session)
    except SQLAlchemyError as error:  # the next request has it tried again
        log.warning("What the directory knows could not be read: %s", type(error).__name__)
    give_memory_back()


def _read(session: Session) -> Known:
    began, stamp = time.monotonic(), read_stamp(session)
    imported_at, programs = session.scalar(_IMPORTED_AT), read_taught(session)
    took = time.monotonic() - began
    holds_until = time.monotonic() + took * REST if took > QUICK_SECONDS else 0.0
    return Known(stamp, imported_at.date() if imported_at else None, programs, holds_until)
