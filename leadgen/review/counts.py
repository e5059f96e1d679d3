"""How many lines each bin has: the same conditions, without the tables that only the lines' words come from.

The rail stands on every page of the worklist, so this is the most frequent question of the desk.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import Choice, Consent, Delivery, DispositionReport, Lead, Letter, State
from leadgen.review.bins.columns import SAME_CONSENT, is_value
from leadgen.review.bins.deliveries import asks_for_somebody
from leadgen.review.bins.endpoints import select_endpoints
from leadgen.review.bins.held import is_held
from leadgen.review.bins.returns import is_to_judge
from leadgen.review.bins.withdrawals import is_not_acknowledged, is_untold_change, is_untold_withdrawal
from leadgen.review.wanted import Bin, Wanted


def count_bins(session: Session, at: datetime | None = None) -> dict[Bin, int]:
    """How many lines each bin holds now, or ``at`` a time that was asked for before, in the order of the rail. One
    statement."""
    at = at or now(session)
    counts = (_COUNTS[each](at).label(each) for each in Bin)
    return {Bin(name): count for name, count in session.execute(select(*counts)).mappings().one().items()}


def _count_held(_at: datetime) -> ColumnElement[int]:
    return select(func.count(distinct(Choice.inquiry_id))).where(is_held()).scalar_subquery()


def _count_uncertain(_at: datetime) -> ColumnElement[int]:
    deliveries, letters = (
        _count(model).where(is_value(model.state, State.uncertain)).scalar_subquery() for model in (Delivery, Letter)
    )
    return deliveries + letters


def _count_failed(_at: datetime) -> ColumnElement[int]:
    deliveries = _count(Delivery).join(Lead, Lead.id == Delivery.lead_id).join(Consent, SAME_CONSENT)
    deliveries = deliveries.where(is_value(Delivery.state, State.failed), asks_for_somebody())
    letters = _count(Letter).where(is_value(Letter.state, State.failed), Letter.set_aside.is_(None))
    return deliveries.scalar_subquery() + letters.scalar_subquery()


def _count_endpoints(at: datetime) -> ColumnElement[int]:
    lines = select_endpoints(Wanted(Bin.endpoints), at).subquery()
    return select(func.count()).select_from(lines).scalar_subquery()


def _count_withdrawals(at: datetime) -> ColumnElement[int]:
    untold = _count(Lead).join(Consent, SAME_CONSENT).where(is_untold_withdrawal()).scalar_subquery()
    return untold + _count(Delivery).where(is_not_acknowledged(at)).scalar_subquery()


def _count_changes(_at: datetime) -> ColumnElement[int]:
    return _count(Lead).join(Consent, SAME_CONSENT).where(is_untold_change()).scalar_subquery()


def _count_returns(_at: datetime) -> ColumnElement[int]:
    return _count(DispositionReport).where(is_to_judge()).scalar_subquery()


def _count(model: Any) -> Select[int]:
    return select(func.count()).select_from(model)


_COUNTS: dict[Bin, Callable[[datetime], ColumnElement[int]]] = {
    Bin.held: _count_held,
    Bin.uncertain: _count_uncertain,
    Bin.failed: _count_failed,
    Bin.endpoints: _count_endpoints,
    Bin.withdrawals: _count_withdrawals,
    Bin.changes: _count_changes,
    Bin.returns: _count_returns,
}
