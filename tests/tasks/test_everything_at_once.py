"""Everything that changes an inquiry, at the same moment, on few rows: no deadlock, and no promise broken."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import is_busy
from leadgen.delivery import endpoints, resolve
from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Destination,
    Line,
    Misconfigured,
    Parcel,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.dispatch import Dispatcher, open_dispatcher
from leadgen.delivery.due import release_lapsed
from leadgen.dispositions.report import DispositionError, ReturnReason, accept_lead, return_lead
from leadgen.extensions import db
from leadgen.invariants import find_breaches
from leadgen.journey.release import lock_choices, release_choice
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Choice,
    Consent,
    Delivery,
    Endpoint,
    EndpointKind,
    Inquiry,
    Lead,
    Outcome,
    Route,
    School,
    State,
)
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry

SECONDS = 5.0
INQUIRIES = 8
HANDLED = (resolve.ResolveError, DispositionError, ReleaseError, IntegrityError)


@dataclass
class MoodyCarrier:
    """Answers in every way there is, and sometimes dies or comes after its lease."""

    dice: random.Random
    lapse: Callable[[], None]

    def __call__(self, parcel: Parcel, destination: Destination, line: Line) -> Answer:
        mood = self.dice.random()
        if mood < 0.3:
            self.lapse()
        outcomes: list[Answer | CarrierError] = [
            Answer("200", reference="S-1"),
            DefiniteNo("refused"),
            DefiniteNo("503", status="503"),
            Unknown("504", status="504"),
            Misconfigured("401", status="401"),
            PermanentNo("422", status="422"),
        ]
        outcome = self.dice.choices(outcomes, weights=(2, 4, 4, 4, 1, 1))[0]
        if isinstance(outcome, CarrierError):
            raise outcome
        return outcome


@dataclass
class Crowd:
    """Actors that work until the time is up; what goes wrong is kept."""

    app: Flask
    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def run(self, actors: list[Callable[[random.Random], None]]) -> None:
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(len(actors)) as pool:
            for future in [pool.submit(self._act, actor, until, seed) for seed, actor in enumerate(actors)]:
                future.result()

    def _act(self, actor: Callable[[random.Random], None], until: float, seed: int) -> None:
        dice = random.Random(seed)
        while time.monotonic() < until:
            try:
                with self.app.app_context():
                    actor(dice)
                self.done[actor.__name__] += 1
            except HANDLED:
                self.done[f"{actor.__name__} refused"] += 1
            except OperationalError as error:
                if "deadlock" in str(error) or not is_busy(error):
                    self.faults.append(f"{actor.__name__}: {str(error.orig)[:900]}")
            except Exception as error:
                self.faults.append(f"{actor.__name__}: {error!r}"[:900])
            time.sleep(0.001)


def pick(dice: random.Random, query: object) -> int | None:
    ids = list(db.session.scalars(query))  # type: ignore[call-overload]
    db.session.rollback()
    return dice.choice(ids) if ids else None


def lapse_leases() -> None:
    with db.sessionmaker() as own:
        own.execute(
            update(Delivery)
            .where(Delivery.id == select(Delivery.id).where(Delivery.state == State.sending).limit(1).scalar_subquery())
            .values(lease_until=database_now(-1))
        )
        own.commit()


def carry(dice: random.Random) -> None:
    waiting = select(Delivery.id).where(Delivery.state.in_((State.pending, State.held)))
    delivery_id = pick(dice, waiting)
    if delivery_id is None:
        return
    db.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(due_at=database_now(-1)))
    db.session.commit()
    running = open_dispatcher()
    carriers = dict.fromkeys(EndpointKind, MoodyCarrier(dice, lapse_leases))
    Dispatcher(running.sessions, running.vault, running.line, 30, carriers).deliver(delivery_id)


def sweep(dice: random.Random) -> None:
    release_lapsed(db.session, Delivery)
    db.session.commit()
    time.sleep(0.02)


def withdraw(dice: random.Random) -> None:
    time.sleep(SECONDS / INQUIRIES / 2 * dice.random())
    consent_id = pick(dice, select(Consent.id).where(Consent.withdrawn_at.is_(None)))
    if consent_id is None:
        return
    consent = db.session.get_one(Consent, consent_id)
    inquiry_id, school = consent.inquiry_id, consent.school_id
    db.session.rollback()
    withdraw_inquiry(db.session, inquiry_id, [school] if dice.random() < 0.5 else None, "prospect")
    db.session.commit()


def settle(dice: random.Random) -> None:
    delivery_id = pick(dice, select(Delivery.id).where(Delivery.state.in_((State.uncertain, State.failed))))
    if delivery_id is None:
        return
    delivery = db.session.get_one(Delivery, delivery_id)
    if delivery.state is State.failed:
        resolve.redeliver(db.session, delivery, "user:1", "school_asked")
    elif dice.random() < 0.9:
        resolve.resolve_not_received(db.session, delivery, "user:1", "school_said")
    else:
        resolve.resolve_received(db.session, delivery, "user:1", "school_said")
    db.session.commit()


def mend(dice: random.Random) -> None:
    endpoint = db.session.get_one(Endpoint, pick(dice, select(Endpoint.id)))
    if dice.random() < 0.3:
        endpoints.pause_endpoint(db.session, endpoint, "user:1")
    else:
        endpoints.resume_endpoint(db.session, endpoint, "user:1")
    db.session.commit()
    time.sleep(0.01)


def report(dice: random.Random) -> None:
    lead_id = pick(
        dice, select(Lead.id).join(Delivery).where(Delivery.state.in_((State.uncertain, State.delivered))).distinct()
    )
    if lead_id is None:
        return
    lead = db.session.get_one(Lead, lead_id)
    if dice.random() < 0.8:
        accept_lead(db.session, lead, "user:2")
    else:
        return_lead(db.session, open_vault(), lead, ReturnReason.other, None, "user:2")
    db.session.commit()
    time.sleep(0.01)


def tell(dice: random.Random) -> None:
    lead_id = pick(dice, select(Lead.id))
    if lead_id is not None:
        tell_by_hand(db.session, db.session.get_one(Lead, lead_id), "user:1", "called_school")
        db.session.commit()
    time.sleep(0.02)


def release(dice: random.Random) -> None:
    """All held choices of one inquiry in one transaction, as the desk's button does."""
    inquiry_id = pick(dice, select(Choice.inquiry_id).where(Choice.outcome == Outcome.hold))
    if inquiry_id is None:
        return
    for choice in lock_choices(db.session, inquiry_id):
        if choice.outcome is Outcome.hold:
            release_choice(db.session, open_vault(), choice, "user:1", Reason("checked"))
    db.session.commit()
    time.sleep(SECONDS / INQUIRIES / 2 * dice.random())


ACTORS = [carry, carry, carry, carry, sweep, withdraw, withdraw, settle, settle, mend, report, tell, release, release]


def test_everything_at_once_breaks_no_promise(app: Flask, session: Session) -> None:
    for name in ("larkspur", "bramble"):
        add_school(session, name, daily_cap=6, monthly_cap=7)
        session.add(Endpoint(school_id=name, kind=EndpointKind.portal, position=2))
    session.execute(update(School).where(School.id == "bramble").values(route=Route.first))
    session.commit()
    session.execute(update(School).values(daily_cap=None, monthly_cap=None))
    for number in range(INQUIRIES):
        order = ["larkspur", "bramble"] if number % 2 else ["bramble", "larkspur"]
        person = Prospect(email=f"p{number}@mail.example", phone=f"+1312555{110 + number:04d}")
        send_inquiry(session, order, person, trap="filled" if number % 4 > 1 else "")
    session.execute(update(School).values(daily_cap=6, monthly_cap=7))
    session.commit()
    crowd = Crowd(app)
    crowd.run(ACTORS)
    print(dict(crowd.done))
    assert not crowd.faults, "\n".join(crowd.faults)
    session.rollback()
    assert find_breaches(session) == []
    assert len(session.scalars(select(Inquiry)).all()) == INQUIRIES
