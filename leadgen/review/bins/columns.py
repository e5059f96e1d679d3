"""The columns that every line has."""

from typing import Any

from sqlalchemy import ColumnElement, Label, Text, and_, cast, literal, null
from sqlalchemy.orm import InstrumentedAttribute

from leadgen.models import Consent, Inquiry, Lead

Columns = tuple[Label[Any], ...]

INQUIRY: Columns = (
    Inquiry.reference.label("reference"),
    Inquiry.program.label("slug"),
    Inquiry.program_title.label("program"),
    Inquiry.state.label("us_state"),
    (Inquiry.city + ", " + Inquiry.state).label("place"),
)
# what is claimed with a line: the whole inquiry that it is about
INQUIRY_CLAIM = literal("inquiry:").concat(cast(Inquiry.id, Text))
NO_INQUIRY: Columns = tuple(
    cast(null(), Text).label(name) for name in ("reference", "slug", "program", "us_state", "place")
)
SAME_CONSENT = and_(Consent.inquiry_id == Lead.inquiry_id, Consent.school_id == Lead.school_id)


def make_key(kind: str, row_id: InstrumentedAttribute[int]) -> Columns:
    """A line's key, and the number of its row."""
    return (literal(f"{kind}:").concat(cast(row_id, Text)).label("key"), row_id.label("subject_id"))


def is_value(column: Any, value: object) -> ColumnElement[bool]:
    """Equal to a value that stands in the statement itself: a partial index is used for no other."""
    same: ColumnElement[bool] = column == literal(value, column.type, literal_execute=True)
    return same


def say_nothing(name: str) -> Label[Any]:
    """A column without a value, as text."""
    return cast(null(), Text).label(name)
