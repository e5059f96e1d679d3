"""The sweeper's work beside the carrying: whatever goes wrong there, what is due is still passed on."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.models import Contact, Delivery, Inquiry, Lead
from leadgen.outbox import Carried, Nudge
from leadgen.tasks import sweeper
from leadgen.tasks.sweeper import Sweeper, look_once
from tests.inquiries import Prospect, add_school, send_inquiry

PHONES = count(142)  # of one number only the first inquiry is released at once
SPOILED: list[dict[str, bytes]] = [
    {"sealed": b"\0" * 60},
    {"sealed": b""},
    {"wrapped_key": b"gone:" + b"\0" * 60},
    {"wrapped_key": b"\xff"},
]


class Log:
    """What would have been logged, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def error(self, event: str, **fields: object) -> None:
        self.lines.append(f"{event} {fields}")

    info = warning = error


class Watched(Sweeper):
    """A sweeper whose nudges are only written down."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.nudged: list[Nudge] = []
        self.nudger.pass_on = self._note  # type: ignore[method-assign]

    def _note(self, due: Sequence[Nudge], **_: object) -> None:
        self.nudged += due


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log()
    monkeypatch.setattr(sweeper, "log", made)
    return made


@pytest.fixture
def sweeping(app: Flask, session: Session) -> Iterator[Watched]:
    made = Watched(app)
    yield made
    made.close()


def send(session: Session, email: str, days_ago: int = 0) -> Inquiry:
    inquiry = send_inquiry(session, ["larkspur"], Prospect(email=email, phone=f"+1312555{next(PHONES):04}"))
    came = now(session) - timedelta(days=days_ago)
    session.execute(update(Inquiry).where(Inquiry.id == inquiry.id).values(received_at=came))
    session.commit()
    return inquiry


def find_due(session: Session, inquiry: Inquiry) -> Nudge:
    mine = select(Delivery.id).join(Lead, Lead.id == Delivery.lead_id).where(Lead.inquiry_id == inquiry.id)
    return Carried.delivery, session.scalars(mine).one()


def fail(error: Exception) -> object:
    def step(_session: Session) -> NoReturn:
        raise error

    return step


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_contact_that_does_not_open_keeps_neither_deliveries_nor_erasures_waiting(
    session: Session, sweeping: Watched, log: Log, spoiled: dict[str, bytes]
) -> None:
    add_school(session)
    unreadable, old = send(session, "zephyrine@mail.example", 800), send(session, "b@mail.example", 790)
    young = send(session, "c@mail.example")
    session.execute(update(Contact).where(Contact.inquiry_id == unreadable.id).values(**spoiled))
    session.commit()
    numbers, reference, due = (unreadable.id, old.id, young.id), unreadable.reference, find_due(session, young)
    session.close()
    sweeping.look()
    assert due in sweeping.nudged
    erased = {each.inquiry_id: each.erased_at is not None for each in db.session.scalars(select(Contact))}
    assert [erased[number] for number in numbers] == [False, True, False]
    assert find_breaches(db.session) == []
    db.session.rollback()
    assert log.lines.count(f"sweeper.does_not_open {{'reference': '{reference}'}}") == 1


def test_many_that_do_not_open_keep_the_next_old_one_from_nothing(
    session: Session, sweeping: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadgen.journey.erase.OLD_AT_ONCE", 2)
    add_school(session)
    spoiled = [send(session, f"a{number}@mail.example", 800).id for number in range(5)]
    old = send(session, "b@mail.example", 790).id
    session.execute(update(Contact).where(Contact.inquiry_id.in_(spoiled)).values(sealed=b"\0" * 60))
    session.commit()
    session.close()
    sweeping.look()
    assert db.session.get_one(Contact, old).erased_at is not None
    db.session.rollback()


def test_a_step_that_fails_keeps_no_other_and_no_delivery_waiting(
    session: Session, sweeping: Watched, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_school(session)
    due = find_due(session, send(session, "a@mail.example"))
    session.close()
    done: list[str] = []
    steps = (fail(ValueError("zephyrine@mail.example")), lambda _session: done.append("next"))
    monkeypatch.setattr(sweeper, "_HOUSEKEEPING", steps)
    monkeypatch.setattr(sweeper, "tell_late", fail(OSError("zephyrine@mail.example")))
    sweeping.look()
    assert (due in sweeping.nudged, done) == (True, ["next"])
    assert [line.split(" ", 1)[0] for line in log.lines] == ["sweeper.step_failed"] * 2
    assert "zephyrine" not in str(log.lines)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("zephyrine", {}, Exception("away")), "sweeper.database_away {'error': 'OperationalError'}"),
        (RuntimeError("zephyrine"), "sweeper.look_failed {'error': 'RuntimeError'}"),
    ],
)
def test_a_look_that_fails_is_told_by_its_kind_and_the_next_goes_on(
    session: Session, sweeping: Watched, log: Log, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    add_school(session)
    due = find_due(session, send(session, "a@mail.example"))
    session.close()
    with monkeypatch.context() as broken:
        broken.setattr(sweeper, "find_due_jobs", fail(error))
        look_once(sweeping)
    assert (log.lines, sweeping.nudged) == ([said], [])
    look_once(sweeping)
    assert due in sweeping.nudged


def test_a_fault_of_the_database_ends_the_look(
    session: Session, sweeping: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.close()
    monkeypatch.setattr(sweeper, "_HOUSEKEEPING", (fail(OperationalError("x", {}, Exception("away"))),))
    with pytest.raises(OperationalError):
        sweeping.look()
