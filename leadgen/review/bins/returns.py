"""Returns to judge: leads that a school gave back, and of which no staff member said yet whether rightly."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, null, select

from leadgen.models import Disposition, DispositionReport, Inquiry, Lead, School
from leadgen.review.bins.columns import INQUIRY, INQUIRY_CLAIM, is_value, make_key, say_nothing
from leadgen.review.wanted import Wanted


def select_returns(_wanted: Wanted, _at: datetime) -> Select[*tuple[Any, ...]]:
    """One line for each return that waits for a judgment."""
    report = DispositionReport
    query = select(
        *make_key("report", report.id),
        report.reported_at.label("since"),
        *INQUIRY,
        INQUIRY_CLAIM.label("claim"),
        Lead.school_id.label("school_id"),
        School.name.label("school"),
        Lead.reference.label("subject"),
        report.reason.label("reason"),
        say_nothing("state"),
        cast(null(), Integer).label("waiting"),
    )
    query = query.select_from(report).join(Lead, Lead.id == report.lead_id)
    query = query.join(Inquiry, Inquiry.id == Lead.inquiry_id).join(School, School.id == Lead.school_id)
    return query.where(is_to_judge())


def is_to_judge() -> ColumnElement[bool]:
    """A return that waits for a judgment."""
    returned = is_value(DispositionReport.disposition, Disposition.returned)
    return and_(returned, DispositionReport.judgment.is_(None))
