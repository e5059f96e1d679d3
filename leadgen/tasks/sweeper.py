"""The sweeper looks for what is due or lapsed, every two seconds, whatever became of the nudges.

It needs the database alone. With the broker gone, or no worker carrying, it carries by itself.
"""

import signal
import time
from collections.abc import Callable
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
from leadgen.delivery.batch.recover import find_batches_to_look_at
from leadgen.delivery.due import BATCH, Row, find_due, is_overdue, release_lapsed
from leadgen.delivery.feed.offer import number_entries
from leadgen.delivery.trial import find_waiting_tests
from leadgen.extensions import current_settings, db
from leadgen.intake.draft import forget_expired
from leadgen.journey.alarm import tell_late
from leadgen.journey.erase import erase_old
from leadgen.letters.write import forget_recipients
from leadgen.models import Delivery, Heartbeat, Letter
from leadgen.outbox import Carried, Nudge
from leadgen.privacy.entry import forget_entries
from leadgen.privacy.erase import forget_evidence
from leadgen.review.claims import forget_lapsed
from leadgen.review.jobs import find_due_jobs, is_job_stuck
from leadgen.signals import StopSignals
from leadgen.tasks.bounces import look_for_bounces
from leadgen.tasks.nudger import Nudger
from leadgen.vault import open_vault

NUDGE_AGAIN_SECONDS = 10.0
PATIENCE = timedelta(seconds=15)
FORGET_EVERY_SECONDS = 600.0
ALARM_EVERY_SECONDS = 30.0
BOUNCES_EVERY_SECONDS = 60.0
HEARTBEAT = "sweeper"

log = structlog.get_logger()


class Sweeper:
    """One process's sweeper. Any number may run: claims decide who carries."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="bounces")
        self._forgot_at = 0.0
        self._alarmed_at = float("-inf")
        self._bounces_at = float("-inf")
        self._reading_bounces = False
        with app.app_context():
            # whoever got a nudge and died had the row for no longer than a lease
            lease = current_settings().lease_seconds or NUDGE_AGAIN_SECONDS
        self.nudger = Nudger(app, min(NUDGE_AGAIN_SECONDS, lease))

    def look(self) -> int:
        """One look: free what lapsed, nudge what is due; gives how many rows were due."""
        with self._app.app_context():
            session = db.session
            due = self._read(session)
            stuck = is_overdue(session, PATIENCE) or is_job_stuck(session, PATIENCE)
            session.close()
            self._read_bounces()
            self.nudger.pass_on(due, is_stuck=stuck)
        return len(due)

    def close(self) -> None:
        """Finish what is being carried."""
        self.nudger.close()
        self._reader.shutdown(wait=True)

    def _read(self, session: Session) -> list[Nudge]:
        for model in (Delivery, Letter):
            freed = self._free_lapsed(session, model)
            if freed:
                log.warning("sweeper.freed", count=freed, task=model.__tablename__)
        self._beat(session)
        self._try(session, number_entries)
        self._keep_house(session)
        self._raise_alarms(session)
        due: list[Nudge] = [(Carried.delivery, row) for row in find_due(session, Delivery)]
        due += [(Carried.letter, row) for row in find_due(session, Letter)]
        due += [(Carried.job, row) for row in find_due_jobs(session)]
        due += [(Carried.test, row) for row in find_waiting_tests(session)]
        due += [(Carried.batch, row) for row in find_batches_to_look_at(session)]
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
        session.commit()

    def _keep_house(self, session: Session) -> None:
        if time.monotonic() - self._forgot_at <= FORGET_EVERY_SECONDS:
            return
        self._forgot_at = time.monotonic()
        for step in _HOUSEKEEPING:
            self._try(session, step)

    def _raise_alarms(self, session: Session) -> None:
        if time.monotonic() - self._alarmed_at < ALARM_EVERY_SECONDS:
            return
        self._alarmed_at = time.monotonic()
        self._try(session, _tell_late)

    def _try(self, session: Session, step: Callable[[Session], object]) -> None:
        """One step beside the carrying, committed. Whatever its fault, deliveries go on: it is tried again next time.
        A fault of the database is no fault of the step."""
        try:
            step(session)
            session.commit()
        except SQLAlchemyError:
            raise
        except Exception as error:  # only its kind: its words may hold what nobody should read in a log
            session.rollback()
            log.error("sweeper.step_failed", name=step.__name__, error=type(error).__name__)

    def _read_bounces(self) -> None:
        """In a hand of its own: a mail server may think for long."""
        is_time = time.monotonic() - self._bounces_at > BOUNCES_EVERY_SECONDS
        if self._reading_bounces or not is_time or not current_settings().bounce_mailbox:
            return
        self._bounces_at, self._reading_bounces = time.monotonic(), True
        self._reader.submit(self._read_bounces_here)

    def _read_bounces_here(self) -> None:
        try:
            with self._app.app_context():
                look_for_bounces()
        except Exception as error:  # the messages are still in the mailbox
            log.warning("bounces.not_read", error=type(error).__name__)
        finally:
            self._reading_bounces = False


def _forget_recipients(session: Session) -> None:
    forget_recipients(session, current_settings().keep_saved_days)


def _erase_old(session: Session) -> None:
    erased = erase_old(session, open_vault(), current_settings())
    if erased.count:
        log.info("sweeper.erased", count=erased.count)
    for reference in erased.unreadable:
        log.error("sweeper.does_not_open", reference=reference)


def _tell_late(session: Session) -> None:
    if told := tell_late(session):
        log.warning("sweeper.alarms", count=told)


_HOUSEKEEPING: tuple[Callable[[Session], object], ...] = (
    forget_expired,
    _forget_recipients,
    forget_lapsed,
    forget_sign_ins,
    forget_challenges,
    forget_entries,
    forget_evidence,
    _erase_old,
)


def look_once(sweeper: Sweeper) -> None:
    """One look, whatever becomes of it: a fault is logged by its kind alone, and the next look goes on."""
    try:
        sweeper.look()
    except SQLAlchemyError as error:
        log.warning("sweeper.database_away", error=type(error).__name__)
    except Exception as error:
        log.error("sweeper.look_failed", error=type(error).__name__)


def run(app: Flask) -> None:
    """Look until told to stop by SIGTERM or SIGINT. A database that is away is waited for."""
    signals = StopSignals(signal.SIGTERM, signal.SIGINT)
    with app.app_context():
        pause = current_settings().sweep_seconds
    sweeper = Sweeper(app)
    asked_to_stop = False
    while not asked_to_stop:
        look_once(sweeper)
        asked_to_stop = signals.wait(pause)
    sweeper.close()
