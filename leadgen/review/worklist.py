"""The worklist: what needs a person, in bins with counts, without personal data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from leadgen.business_days import Deadline, find_deadline
from leadgen.clock import now
from leadgen.models import Choice, School
from leadgen.review.bins.deliveries import select_failed, select_uncertain
from leadgen.review.bins.endpoints import select_endpoints
from leadgen.review.bins.held import REASONS, is_held, select_held
from leadgen.review.bins.returns import select_returns
from leadgen.review.bins.withdrawals import select_changes, select_withdrawals
from leadgen.review.claims import Holder, find_holders, holds_some, select_claims
from leadgen.review.counts import count_bins
from leadgen.review.wanted import AGES, ALARM_AFTER, Bin, Sort, Wanted

__all__ = ["Bin", "Item", "count_bins", "count_lines", "list_bin", "list_lines", "select_lines"]


@dataclass(frozen=True)
class Item:
    """One line of a bin. ``reference`` is the inquiry's, ``slug`` its program's. ``reasons`` are codes, ``since`` is
    None where nothing waits. ``subject`` is what a delivery is about (or ``letter``), an endpoint's kind, or a lead's
    reference; ``subject_id`` is the row that an action on the line is about. ``late``: it waits longer than it may.
    ``claim`` is what somebody takes who works on it, and ``holder`` who did. ``due`` is by when the school has to have
    heard of a withdrawal."""

    key: str
    claim: str
    subject_id: int
    since: datetime | None
    reasons: tuple[str, ...] = ()
    reference: str | None = None
    slug: str | None = None
    program: str | None = None
    place: str | None = None
    schools: tuple[str, ...] = ()
    school_id: str | None = None
    subject: str | None = None
    state: str | None = None
    waiting: int | None = None
    late: bool = False
    holder: Holder | None = None
    due: Deadline | None = None


_QUERIES: dict[Bin, Callable[[Wanted, datetime], Select[*tuple[Any, ...]]]] = {
    Bin.held: select_held,
    Bin.uncertain: select_uncertain,
    Bin.failed: select_failed,
    Bin.endpoints: select_endpoints,
    Bin.withdrawals: select_withdrawals,
    Bin.changes: select_changes,
    Bin.returns: select_returns,
}
_ORDERS = {Sort.program: "program", Sort.place: "place", Sort.school: "school", Sort.reason: "reason"}
_NOT_SHOWN = ("us_state", "broken_since")


def count_lines(session: Session, wanted: Wanted, at: datetime | None = None) -> int:
    """How many lines are wanted, now or ``at`` a time that was asked for before."""
    at = at or now(session)
    if wanted.holder and not holds_some(session, wanted.holder, at):
        return 0
    return session.scalar(_count(select_lines(wanted, at))) or 0


def list_bin(session: Session, which: Bin, *, limit: int, offset: int = 0) -> list[Item]:
    """A page of one bin: what waits longest stands first."""
    return list_lines(session, Wanted(which), limit=limit, offset=offset)


def list_lines(
    session: Session, wanted: Wanted, *, limit: int, offset: int = 0, at: datetime | None = None
) -> list[Item]:
    """A page of what is wanted, in the order that is wanted, now or ``at`` a time that was asked for before."""
    at = at or now(session)
    lines = select_lines(wanted, at).limit(limit).offset(offset)
    items = [_read_item(dict(row), wanted.bin, at) for row in session.execute(lines).mappings()]
    if wanted.bin is Bin.held:
        items = _add_schools(session, items)
    holders = find_holders(session, {item.claim for item in items})
    return [replace(item, holder=holders.get(item.claim)) for item in items]


def select_lines(wanted: Wanted, at: datetime) -> Select[*tuple[Any, ...]]:
    """The lines that are wanted, in order."""
    line = _QUERIES[wanted.bin](wanted, at).subquery("line").c
    since = line.since.desc() if wanted.sort is Sort.newest else line.since
    order = [line[_ORDERS[wanted.sort]].nulls_last()] if wanted.sort in _ORDERS else []
    return select(*line).where(*_narrow(line, wanted, at)).order_by(*order, since.nulls_last(), line.subject_id)


def _narrow(line: Any, wanted: Wanted, at: datetime) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.bin is not Bin.held:  # whose lines have several schools and reasons: narrowed where they are found
        conditions += [line.school_id == wanted.school] if wanted.school else []
        conditions += [line.reason == wanted.reason] if wanted.reason else []
    conditions += [line.slug == wanted.program] if wanted.program else []
    conditions += [line.us_state == wanted.state] if wanted.state else []
    conditions += [line.since <= at - AGES[wanted.age]] if wanted.age else []
    conditions += [line.claim.in_(select_claims(wanted.holder, at))] if wanted.holder else []
    return conditions


def _count(query: Select[*tuple[Any, ...]]) -> Select[int]:
    return select(func.count()).select_from(query.order_by(None).subquery())


def _read_item(row: dict[str, Any], which: Bin, at: datetime) -> Item:
    school, reason = row.pop("school"), row.pop("reason")
    withdrawn_at, timezone = row.pop("withdrawn_at", None), row.pop("timezone", "")
    due = find_deadline(withdrawn_at, timezone, at) if withdrawn_at else None
    shown = {name: value for name, value in row.items() if name not in _NOT_SHOWN}
    late = which in ALARM_AFTER and row["since"] < at - ALARM_AFTER[which]
    schools, reasons = (school,) if school else (), (reason,) if reason else ()
    return Item(schools=schools, reasons=reasons, late=late, due=due, **shown)


def _add_schools(session: Session, items: list[Item]) -> list[Item]:
    """The held inquiries with the schools that wait in each, and the reasons of their latest verdicts."""
    query = (
        select(Choice.inquiry_id, School.name, REASONS.label("reasons"))
        .join(School, School.id == Choice.school_id)
        .where(Choice.inquiry_id.in_([item.subject_id for item in items]), is_held())
        .order_by(Choice.inquiry_id, Choice.rank)
    )
    found: dict[int, list[tuple[str, list[str]]]] = {}
    for inquiry_id, school, reasons in session.execute(query):
        found.setdefault(inquiry_id, []).append((school, reasons or []))
    return [_with_schools(item, found.get(item.subject_id, [])) for item in items]


def _with_schools(item: Item, held: list[tuple[str, list[str]]]) -> Item:
    reasons = dict.fromkeys(code for _, codes in held for code in codes)
    return replace(item, reasons=tuple(reasons), schools=tuple(school for school, _ in held))
