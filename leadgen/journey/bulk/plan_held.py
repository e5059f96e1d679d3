"""What a decision on many held inquiries would do: one item for each choice that waits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from leadgen.journey.bulk.keys import read_ids
from leadgen.journey.bulk.kinds import JobKind
from leadgen.marks import say
from leadgen.models import Choice, Consent, Contact, Endpoint, Inquiry, School, SchoolStatus, Takes
from leadgen.review.bins.held import is_wanted
from leadgen.review.jobs import Planned
from leadgen.review.overtaken import say_latest_of
from leadgen.review.wanted import Wanted

NOTHING_HELD = "Nothing is held here any more."


def plan_held(session: Session, kind: JobKind, wanted: Wanted, keys: Sequence[str]) -> list[tuple[Planned, str]]:
    """The held choices of these inquiries to the school and with the reason that are wanted."""
    ids = read_ids(keys, "inquiry")
    held: dict[int, list[Planned]] = {}
    for row in session.execute(_select_choices(wanted, ids)):
        obstacle = _find_obstacle(kind, row)
        held.setdefault(row.inquiry_id, []).append(Planned(f"choice:{row.id}", row.school, row.reference, obstacle))
    names = dict(session.execute(select(Inquiry.id, Inquiry.reference).where(Inquiry.id.in_(ids))).all())
    return [
        (item, f"inquiry:{number}")
        for number in ids
        if number in names
        for item in held.get(number) or [_pass_over(session, number, names[number])]
    ]


def _pass_over(session: Session, inquiry_id: int, reference: str) -> Planned:
    """An inquiry that was ticked while something was held in it: what became of it since."""
    mine = (Consent.inquiry_id == inquiry_id, Consent.withdrawn_at.is_(None))
    stands = session.scalar(select(Consent.id).where(*mine).limit(1)) is not None
    choices = session.scalars(select(Choice).where(Choice.inquiry_id == inquiry_id, Choice.ticked)).all()
    why = say_latest_of(session, choices) if stands else say("The consent was withdrawn.")
    return Planned(f"inquiry:{inquiry_id}", "", reference, f"{NOTHING_HELD} {why}".strip())


def _select_choices(wanted: Wanted, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    takes = (Endpoint.school_id == School.id, Endpoint.takes != Takes.notices, Endpoint.retired_at.is_(None))
    return (
        select(
            Choice.id,
            Choice.inquiry_id,
            Inquiry.reference,
            School.name.label("school"),
            School.status,
            School.retired_at,
            Contact.wrapped_key.is_(None).label("is_erased"),
            exists().where(*takes).correlate(School).label("is_reachable"),
        )
        .join(Inquiry, Inquiry.id == Choice.inquiry_id)
        .join(Contact, Contact.inquiry_id == Inquiry.id)
        .join(School, School.id == Choice.school_id)
        .where(Choice.inquiry_id.in_(ids), is_wanted(wanted))
        .order_by(Choice.inquiry_id, Choice.rank)
    )


def _find_obstacle(kind: JobKind, row: Any) -> str | None:
    if row.is_erased:
        return say("The personal data was erased.")
    if kind is not JobKind.release:
        return None
    if row.status is SchoolStatus.closed or row.retired_at is not None:
        return say("The school is closed.")
    return None if row.is_reachable else say("The school has no endpoint, so nothing would be sent.")
