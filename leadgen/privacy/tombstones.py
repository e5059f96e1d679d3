"""Tombstones outside of the database: who was erased is erased again after a backup from before is put back.

One line for each erasure, reference and time, in a file beside the data. It names nobody.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.models import Contact, Erasure, Inquiry

FILE = "tombstones.txt"


def write_tombstone(folder: Path, reference: str, at: datetime) -> None:
    """Add one line, on the disk before this returns. Raises OSError where it cannot: then nobody counts as erased."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(f"{reference} {at.isoformat(timespec='seconds')}\n")
        file.flush()
        os.fsync(descriptor)


def read_tombstones(lines: Iterable[str]) -> list[str]:
    """The references of a file of tombstones, each once, in their order."""
    return list(dict.fromkeys(line.split()[0] for line in lines if line.strip()))


def list_tombstones(session: Session) -> list[tuple[str, datetime]]:
    """Every erasure that this database knows of, oldest first."""
    rows = session.execute(select(Erasure.reference, Erasure.erased_at).order_by(Erasure.erased_at, Erasure.inquiry_id))
    return [(row.reference, row.erased_at) for row in rows]


def find_risen(session: Session, references: Iterable[str]) -> list[Inquiry]:
    """The inquiries of these references whose person is there, although she was erased."""
    query = select(Inquiry).join(Contact).where(Inquiry.reference.in_(list(references)), Contact.erased_at.is_(None))
    return list(session.scalars(query.order_by(Inquiry.id)))
