"""The worklist: what needs a person, in bins with counts, without personal data."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import Choice, School, Verdict
from leadgen.review.bins import (
    is_held,
    select_endpoints,
    select_failed,
    select_held,
    select_returns,
    select_uncertain,
    select_withdrawals,
)


class Bin(StrEnum):
    """The bins, in the order of the rail."""

    held = "held"
    uncertain = "uncertain"
    failed = "failed"
    endpoints = "endpoints"
    withdrawals = "withdrawals"
    returns = "returns"


@dataclass(frozen=True)
class Item:
    """One line of a bin. ``reference`` is the inquiry's, ``reasons`` are codes, ``since`` is None where nothing
    waits. ``subject`` is what a delivery is about (or ``letter``), an endpoint's kind, or a lead's reference;
    ``subject_id`` is the row that an action on the line is about."""

    subject_id: int
    since: datetime | None
    reasons: tuple[str, ...] = ()
    reference: str | None = None
    program: str | None = None
    place: str | None = None
    schools: tuple[str, ...] = ()
    school_id: str | None = None
    subject: str | None = None
    state: str | None = None
    waiting: int | None = None


_QUERIES: dict[Bin, Callable[[datetime], Select[*tuple[Any, ...]]]] = {
    Bin.held: select_held,
    Bin.uncertain: select_uncertain,
    Bin.failed: select_failed,
    Bin.endpoints: select_endpoints,
    Bin.withdrawals: select_withdrawals,
    Bin.returns: select_returns,
}


def count_bins(session: Session) -> dict[Bin, int]:
    """How many items each bin holds, in the order of the rail."""
    at = now(session)
    return {
        each: session.scalar(select(func.count()).select_from(query(at).order_by(None).subquery())) or 0
        for each, query in _QUERIES.items()
    }


def list_bin(session: Session, which: Bin, *, limit: int, offset: int = 0) -> list[Item]:
    """A page of one bin: what waits longest stands first (of the returns, the newest)."""
    rows = session.execute(_QUERIES[which](now(session)).limit(limit).offset(offset)).mappings().all()
    items = [_read_item(dict(row)) for row in rows]
    return _add_schools(session, items) if which is Bin.held else items


def _read_item(row: dict[str, Any]) -> Item:
    school, reason = row.pop("school", None), row.pop("reason", None)
    return Item(schools=(school,) if school else (), reasons=(reason,) if reason else (), **row)


def _add_schools(session: Session, items: list[Item]) -> list[Item]:
    """The held inquiries with the schools that wait in each, and the reasons of their latest verdicts."""
    latest = select(func.max(Verdict.number)).where(Verdict.choice_id == Choice.id).correlate(Choice).scalar_subquery()
    query = (
        select(Choice.inquiry_id, School.name, Verdict.reasons)
        .join(School, School.id == Choice.school_id)
        .join(Verdict, and_(Verdict.choice_id == Choice.id, Verdict.number == latest))
        .where(Choice.inquiry_id.in_([item.subject_id for item in items]), is_held())
        .order_by(Choice.inquiry_id, Choice.rank)
    )
    found: dict[int, list[tuple[str, list[str]]]] = {}
    for inquiry_id, school, reasons in session.execute(query):
        found.setdefault(inquiry_id, []).append((school, reasons))
    return [_with_schools(item, found.get(item.subject_id, [])) for item in items]


def _with_schools(item: Item, held: list[tuple[str, list[str]]]) -> Item:
    reasons = dict.fromkeys(code for _, codes in held for code in codes)
    return replace(item, reasons=tuple(reasons), schools=tuple(school for school, _ in held))
