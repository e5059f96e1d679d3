"""The sweeper looks for what is due or lapsed, every two seconds, whatever became of the nudges.

It needs the database alone. With the broker gone, or no worker carrying, it carries by itself.
"""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from leadgen.accounts.challenges import forget_challenges
from leadgen.accounts.sign_ins import forget_sign_ins
from leadgen.clock import now
from leadgen.database import insert_unless_there
from leadgen.delivery.due import BATCH, Row, find_due, is_overdue, release_lapsed
from leadgen.delivery.trial import find_waiting_tests
from leadgen.extensions import celery, current_settings, db
from leadgen.intake.draft import forget_expired
from leadgen.journey.alarm import tell_late
from leadgen.models import Delivery, Heartbeat, Letter
from leadgen.outbox import Carried, Nudge, publish
from leadgen.review.claims import forget_lapsed
from leadgen.review.jobs import find_due_jobs, is_job_stuck
from leadgen.signals import StopSignals
from leadgen.tasks.carry import carry_row

NUDGE_AGAIN_SECONDS = 10.0
PATIENCE = timedelta(seconds=15)
OWN_HANDS = 4
FORGET_EVERY_SECONDS = 600.0
ALARM_EVERY_SECONDS = 30.0
HEARTBEAT = "sweeper"

log = structlog.get_logger()


class Sweeper:
    """One process's sweeper. Any number may run: claims decide who carries."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._nudged: dict[Nudge, float] = {}
        self._hands = ThreadPoolExecutor(OWN_HANDS, thread_name_prefix="carry")
        self._carrying: set[Nudge] = set()
        self._forgot_at = 0.0
        self._alarmed_at = float("-inf")
        self._broker_down_until = 0.0
        with app.app_context():
            # whoever got a nudge and died had the row for no longer than a lease
            self._nudge_again = min(NUDGE_AGAIN_SECONDS, current_settings().lease_seconds or NUDGE_AGAIN_SECONDS)

    def look(self) -> int:
        """One look: free what lapsed, nudge what is due; gives how many rows were due."""
        with self._app.app_context():
            session = db.session
            due = self._read(session)
            stuck = is_overdue(session, PATIENCE) or is_job_stuck(session, PATIENCE)
            session.close()
            for nudge in due:
                self._pass_on(nudge, stuck)
        return len(due)

    def close(self) -> None:
        """Finish what is being carried."""
        self._hands.shutdown(wait=True)

    def _read(self, session: Session) -> list[Nudge]:
        for model in (Delivery, Letter):
            freed = self._free_lapsed(session, model)
            if freed:
                log.warning("sweeper.freed", count=freed, task=model.__tablename__)
        self._beat(session)
        self._raise_alarms(session)
        due: list[Nudge] = [(Carried.delivery, row) for row in find_due(session, Delivery)]
        due += [(Carried.letter, row) for row in find_due(session, Letter)]
        due += [(Carried.job, row) for row in find_due_jobs(session)]
        due += [(Carried.test, row) for row in find_waiting_tests(session)]
        session.rollback()
        return due

    def _free_lapsed(self, session: Session, model: Row) -> int:
        freed = 0
        while freed < BATCH and release_lapsed(session, model):
            session.commit()
            freed += 1
        session.rollback()
        return freed

    def _beat(self, session: Session) -> None:
        insert_unless_there(session, Heartbeat, {"name": HEARTBEAT, "beat_at": now(session)})
        session.get_one(Heartbeat, HEARTBEAT).beat_at = now(session)
        if time.monotonic() - self._forgot_at > FORGET_EVERY_SECONDS:
            self._forgot_at = time.monotonic()
            forget_expired(session)
            forget_lapsed(session)
            forget_sign_ins(session)
            forget_challenges(session)
        session.commit()

    def _raise_alarms(self, session: Session) -> None:
        if time.monotonic() - self._alarmed_at < ALARM_EVERY_SECONDS:
            return
        self._alarmed_at = time.monotonic()
        if told := tell_late(session):
            log.warning("sweeper.alarms", count=told)
        session.commit()

    def _pass_on(self, nudge: Nudge, stuck: bool) -> None:
        if stuck or time.monotonic() < self._broker_down_until:
            self._carry(nudge)
            return
        last = self._nudged.get(nudge, float("-inf"))
        if time.monotonic() - last < self._nudge_again:
            return
        try:
            publish(celery, nudge)
        except Exception as error:  # any failure of the broker's client means the same: carry it here
            log.warning("sweeper.broker_down", error=type(error).__name__)
            self._broker_down_until = time.monotonic() + NUDGE_AGAIN_SECONDS
            self._carry(nudge)
            return
        self._remember(nudge)

    def _remember(self, nudge: Nudge) -> None:
        moment = time.monotonic()
        self._nudged[nudge] = moment
        if len(self._nudged) > 10_000:
            recent = {key: at for key, at in self._nudged.items() if moment - at < self._nudge_again}
            self._nudged = recent

    def _carry(self, nudge: Nudge) -> None:
        if nudge in self._carrying or len(self._carrying) >= OWN_HANDS * 4:
            return
        self._carrying.add(nudge)
        self._hands.submit(self._carry_here, nudge)

    def _carry_here(self, nudge: Nudge) -> None:
        try:
            with self._app.app_context():
                carry_row(*nudge)
        except Exception as error:  # the row stays in the queue, and this hand must be free for the next
            log.warning("sweeper.carry_failed", row=nudge[1], error=type(error).__name__)
        finally:
            self._carrying.discard(nudge)


def run(app: Flask) -> None:
    """Look until told to stop by SIGTERM or SIGINT. A database that is away is waited for."""
    signals = StopSignals(signal.SIGTERM, signal.SIGINT)
    with app.app_context():
        pause = current_settings().sweep_seconds
    sweeper = Sweeper(app)
    asked_to_stop = False
    while not asked_to_stop:
        try:
            sweeper.look()
        except SQLAlchemyError as error:
            log.warning("sweeper.database_away", error=type(error).__name__)
        asked_to_stop = signals.wait(pause)
    sweeper.close()
