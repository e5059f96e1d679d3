"""What a bin can be narrowed by: the reasons, schools, programs and states that stand in it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, distinct, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import Choice, Inquiry
from leadgen.review.bins.held import REASONS, is_wanted, select_held_schools
from leadgen.review.wanted import Bin, Wanted
from leadgen.review.worklist import select_lines

MOST_REASONS = 12


@dataclass(frozen=True)
class Facets:
    """Reasons with the number of lines, most first; schools, programs and states as pairs of a value and a name."""

    reasons: list[tuple[str, int]]
    schools: list[tuple[str, str]]
    programs: list[tuple[str, str]]
    states: list[tuple[str, str]]


def read_facets(session: Session, wanted: Wanted, at: datetime | None = None) -> Facets:
    """The facets of the wanted bin, now or ``at`` a time that was asked for before; the reasons are counted among what
    the other filters let pass."""
    at = at or now(session)
    names: dict[str, list[tuple[str, str]]] = {"school": [], "program": [], "state": []}
    for kind, value, name in session.execute(_select_names(wanted.bin, at)):
        names[kind].append((value, name))
    ordered = (sorted(names[kind], key=lambda pair: pair[1]) for kind in names)
    return Facets(_count_reasons(session, replace(wanted, reason=None), at), *ordered)


def _select_names(which: Bin, at: datetime) -> Any:
    line = select_lines(Wanted(which), at).order_by(None).cte("every")
    schools = select_held_schools() if which is Bin.held else _select_distinct(line.c.school_id, line.c.school)
    parts = {
        "school": schools,
        "program": _select_distinct(line.c.slug, line.c.program),
        "state": _select_distinct(line.c.us_state, line.c.us_state),
    }
    return union_all(*(_tell_kind(kind, part) for kind, part in parts.items()))


def _select_distinct(value: Any, name: Any) -> Select[*tuple[Any, ...]]:
    return select(value.label("id"), name.label("name")).where(value.is_not(None)).distinct()


def _tell_kind(kind: str, part: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    inner = part.subquery()
    return select(literal(kind).label("kind"), inner.c.id, inner.c.name)


def _count_reasons(session: Session, wanted: Wanted, at: datetime) -> list[tuple[str, int]]:
    line = select_lines(wanted, at).order_by(None).subquery()
    if wanted.bin is Bin.held:
        query = _count_held_reasons(session, wanted, select(line.c.subject_id))
    else:
        count = func.count()
        query = select(line.c.reason, count).where(line.c.reason.is_not(None)).group_by(line.c.reason)
        query = query.order_by(count.desc(), line.c.reason)
    return [(str(reason), count) for reason, count in session.execute(query.limit(MOST_REASONS))]


def _count_held_reasons(session: Session, wanted: Wanted, inquiries: Any) -> Select[*tuple[Any, ...]]:
    """A held choice has several reasons, and an inquiry several choices: each inquiry counts once for each reason."""
    held = select(Choice.inquiry_id, REASONS.label("reasons")).join(Inquiry, Inquiry.id == Choice.inquiry_id)
    if not replace(wanted, school=None).is_whole:
        held = held.where(Choice.inquiry_id.in_(inquiries))  # twice the work, so only where something else narrows
    held_rows = held.where(is_wanted(wanted)).subquery()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    spread = func.json_each if is_sqlite else func.json_array_elements_text
    each = spread(held_rows.c.reasons).table_valued("value", name="each")
    count = func.count(distinct(held_rows.c.inquiry_id))
    query = select(each.c.value, count).select_from(held_rows).join(each, true())
    return query.group_by(each.c.value).order_by(count.desc(), each.c.value)
