"""Alarms: lines of the worklist that wait too long, and endpoints that broke, each told of once. One that left and came
back is told of again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import Session

from leadgen.database import insert_or_change
from leadgen.letters.kinds import ALARM
from leadgen.models import Alarm, Letter
from leadgen.review.wanted import ALARM_AFTER, Bin, Wanted
from leadgen.review.worklist import select_lines

MOST_AT_ONCE = 500
# a broken endpoint gets nothing until somebody mends it: that is told at once. Others of its bin were paused or are
# being tested by somebody, or wait for their caps
AFTER = ALARM_AFTER | {Bin.endpoints: timedelta()}


@dataclass(frozen=True)
class LateLine:
    """A line that waits too long, or an endpoint that is broken since then, of which nobody was told since it came."""

    bin: Bin
    key: str
    reference: str | None
    since: datetime


def find_late(session: Session, at: datetime) -> list[LateLine]:
    """The lines to tell of, the oldest of each bin first. A letter that tells of alarms raises none itself."""
    return [line for which in AFTER for line in _find_in(session, which, at)]


def raise_alarms(session: Session, lines: Sequence[LateLine], at: datetime) -> list[LateLine]:
    """Note that these are told of; gives those that are ours to tell. Two at once share them out: each is told of by
    one."""
    # in one order for everybody, so that two never wait for each other in a ring
    ordered = sorted(lines, key=lambda line: (line.bin, line.key))
    return [line for line in ordered if _note(session, line, at)]


def _find_in(session: Session, which: Bin, at: datetime) -> list[LateLine]:
    line = select_lines(Wanted(which), at).subquery("waiting").c
    ours = select(Letter.id).where(Letter.kind.startswith(f"{ALARM}:", autoescape=True))
    since = line.broken_since if which is Bin.endpoints else line.since
    query = select(line.key, line.reference, since)
    query = query.outerjoin(Alarm, (Alarm.bin == which) & (Alarm.subject == line.key))
    query = query.where(
        since <= at - AFTER[which],
        or_(Alarm.id.is_(None), Alarm.raised_at < since),
        not_((line.subject == "letter") & line.subject_id.in_(ours)),
    )
    rows = session.execute(query.order_by(since).limit(MOST_AT_ONCE))
    return [LateLine(which, *row) for row in rows]


def _note(session: Session, line: LateLine, at: datetime) -> bool:
    row: dict[str, Any] = {"bin": line.bin, "subject": line.key, "reference": line.reference, "raised_at": at}
    older = Alarm.raised_at < line.since
    return insert_or_change(session, Alarm, row, ("bin", "subject"), ("reference", "raised_at"), older)
