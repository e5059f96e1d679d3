"""Writes the rows of a plan, many at once."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from leadgen.directory.plan import Action, Change, Plan
from leadgen.directory.records import Key, Noun, Record
from leadgen.directory.stored import read_campus_ids
from leadgen.models import Base, Campus, Endpoint, EndpointState, Offering, Origin, School

Row = dict[str, Any]


def write_rows(session: Session, plan: Plan, version_id: int, at: datetime) -> None:
    """Write schools before what refers to them. Changed schools carry the version that changed them last."""
    _write_schools(session, plan, version_id, at)
    _write(session, Campus, plan, Noun.campus, at)
    _write(session, Endpoint, plan, Noun.endpoint, at)
    _forget_old_addresses(session, plan)
    _write_offerings(session, plan)


def forget_edits(session: Session) -> None:
    """Nothing counts as changed at the desk any more: every column is the file's again. Listed schools, which the
    file does not speak of, are left alone."""
    own = select(School.id).where(School.origin == Origin.file)
    for model, whose in ((School, School.id), (Campus, Campus.school_id), (Offering, Offering.school_id)):
        statement = update(model).where(model.edited != (), whose.in_(own)).values(edited=())
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def _write_schools(session: Session, plan: Plan, version_id: int, at: datetime) -> None:
    mark = {"version_id": version_id}
    _insert(session, School, (_as_row(c.record) | mark for c in plan.select(Noun.school, Action.created)))
    back = plan.select(Noun.school, Action.changed, Action.restored)
    _update(session, School, (_as_row(change.record) | mark | {"retired_at": None} for change in back))
    _update(session, School, ({"id": c.name, "retired_at": at} for c in plan.select(Noun.school, Action.retired)))
    new = {change.name for change in plan.select(Noun.school, Action.created)}
    touched = dict.fromkeys(change.record.school_id for change in plan.changes)
    _update(session, School, ({"id": school_id} | mark for school_id in touched if school_id not in new))


def _write(session: Session, model: type[Base], plan: Plan, noun: Noun, at: datetime) -> None:
    """Campuses and endpoints: rows with a number of their own that are retired at a time."""
    _insert(session, model, (_as_row(change.record) for change in plan.select(noun, Action.created)))
    back = plan.select(noun, Action.changed, Action.restored)
    here = {"retired_at": None}
    _update(session, model, (_as_row(c.record) | here | {"id": plan.ids[noun, c.record.key]} for c in back))
    if model is Endpoint:  # a lead released while it was away has no delivery to it
        again = plan.select(noun, Action.restored)
        _update(session, model, ({"id": plan.ids[noun, c.record.key], "added_at": at} for c in again))
    gone = plan.select(noun, Action.retired)
    _update(session, model, ({"id": plan.ids[noun, c.record.key], "retired_at": at} for c in gone))


def _write_offerings(session: Session, plan: Plan) -> None:
    campus_ids = read_campus_ids(session)
    new = plan.select(Noun.offering, Action.created)
    _insert(session, Offering, (_make_offering_row(change, campus_ids) for change in new))
    back = plan.select(Noun.offering, Action.changed, Action.restored)
    _update(session, Offering, (_make_offering_row(change, campus_ids) for change in back))
    gone = plan.select(Noun.offering, Action.retired)
    _update(session, Offering, ({"id": change.name, "retired": True} for change in gone))


def _make_offering_row(change: Change, campus_ids: dict[Key, int]) -> Row:
    row = _as_row(change.record)
    return row | {"campus_id": campus_ids[row["school_id"], row.pop("campus")], "retired": False}


def _forget_old_addresses(session: Session, plan: Plan) -> None:
    """What was learnt about an address does not hold for the next one, and its fault may be mended."""
    moved = [
        plan.ids[Noun.endpoint, change.record.key]
        for change in plan.select(Noun.endpoint, Action.changed, Action.restored)
        if "address" in change.fields or change.action is Action.restored
    ]
    mended = case((Endpoint.state == EndpointState.broken, EndpointState.live), else_=Endpoint.state)
    statement = update(Endpoint).where(Endpoint.id.in_(moved)).execution_options(synchronize_session=False)
    session.execute(
        statement.values(
            version=Endpoint.version + 1,
            state=mended,
            broken_reason=None,
            dedupes=False,
            conflict_means_received=False,
            failures_in_a_row=0,
            open_until=None,
        )
    )


def _as_row(record: Record) -> Row:
    # dataclasses.asdict copies every value deeply, which takes a fifth of an import's time
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _insert(session: Session, model: type[Base], rows: Iterable[Row]) -> None:
    if listed := list(rows):
        session.execute(insert(model), listed)


def _update(session: Session, model: type[Base], rows: Iterable[Row]) -> None:
    if listed := list(rows):
        session.execute(update(model), listed)
