"""A chain shows every line that was changed, cut or put in."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.models import Chain, Event, Subject


def write_three_lines(session: Session) -> None:
    history.append(session, Subject.inquiry, 7, history.Line("received", "prospect"))
    history.append(
        session, Subject.inquiry, 7, history.Line("held", "rule", {"reasons": ["too_fast"]}), history.Line("seen", "x")
    )
    session.commit()


def faults(session: Session) -> list[str]:
    session.expire_all()
    head = session.scalar(select(Chain))
    return list(history.verify(history.read_history(session, Subject.inquiry, 7), head))


def test_an_untouched_chain_is_whole(session: Session) -> None:
    write_three_lines(session)
    assert [event.number for event in history.read_history(session, Subject.inquiry, 7)] == [1, 2, 3]
    assert faults(session) == []


@pytest.mark.parametrize(
    "tampering",
    [
        update(Event).where(Event.number == 2).values(actor="somebody else"),
        update(Event).where(Event.number == 2).values(data={}),
        delete(Event).where(Event.number == 2),
        delete(Event).where(Event.number == 3),
        update(Chain).values(number=2),
    ],
)
def test_tampering_shows(session: Session, tampering) -> None:
    write_three_lines(session)
    session.execute(tampering)
    session.commit()
    assert faults(session) != []


def test_many_chains_grow_at_once_as_they_would_one_by_one(session: Session) -> None:
    history.append(session, Subject.school, "b", history.Line("school.created", "directory"))
    lines = [history.Line("school.changed", "directory", {"fields": {}}), history.Line("offering.created", "directory")]
    history.append_each(session, Subject.school, {"a": lines, "b": lines, "c": []}, at=now(session))
    session.commit()
    for subject_id, numbers in (("a", [1, 2]), ("b", [1, 2, 3]), ("c", [])):
        events = history.read_history(session, Subject.school, subject_id)
        head = session.scalar(select(Chain).where(Chain.subject_id == subject_id))
        assert [event.number for event in events] == numbers
        assert head is None if not numbers else list(history.verify(events, head)) == []
