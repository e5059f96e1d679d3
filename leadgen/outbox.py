"""Nudges a worker once a row is really there. A nudge may be lost: the row is the queue, the sweeper looks.

A request never waits for the broker. Nudges go to a thread of this process through a bounded queue;
with the broker frozen the queue fills, further nudges are dropped, and the sweeper finds the rows.
"""

import os
import threading
from collections.abc import Sequence
from enum import StrEnum
from queue import Full, Queue

import structlog
from celery import Celery
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from leadgen.crash import crash_here
from leadgen.extensions import celery

CARRY = "leadgen.carry"
QUEUE_LENGTH = 1_000
# as many as a worker can carry one after the other, each at its slowest, within the time limit of a task
ROWS_IN_A_MESSAGE = 4


class Carried(StrEnum):
    """What a worker carries."""

    delivery = "delivery"
    letter = "letter"
    job = "job"
    test = "test"
    batch = "batch"


Nudge = tuple[Carried, int]

log = structlog.get_logger()


def after_commit(session: Session, kind: Carried, row_id: int) -> None:
    """Nudge a worker to carry this row when the transaction has been committed; never when it is not."""
    session.info.setdefault("nudges", []).append((kind, row_id))


class Publisher:
    """One daemon thread per process, started at the first nudge (so after any fork)."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._pid = 0
        self._queue: Queue[Sequence[Nudge]] = Queue(QUEUE_LENGTH)

    def put(self, nudges: Sequence[Nudge]) -> bool:
        """Hand over one message's nudges without waiting; False when the queue is full."""
        self._start_in_this_process()
        try:
            self._queue.put_nowait(nudges)
        except Full:
            return False
        return True

    def _start_in_this_process(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._queue = os.getpid(), Queue(QUEUE_LENGTH)
                threading.Thread(target=self._run, args=(self._queue,), daemon=True, name="nudges").start()

    def _run(self, queue: Queue[Sequence[Nudge]]) -> None:
        while True:
            nudges = queue.get()
            try:
                publish(self._app, *nudges)
            except Exception as error:  # the sweeper will find the rows
                log.warning("nudge.lost", row=nudges[0][1], count=len(nudges), error=type(error).__name__)


def publish(app: Celery, *nudges: Nudge) -> None:
    """Send one message now. Raises what the broker's client raises; waits at most a few seconds."""
    app.send_task(CARRY, args=nudges, ignore_result=True)


_publisher = Publisher(celery)


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("savepoints", []).append(len(session.info.get("nudges", ())))


@event.listens_for(Session, "before_commit")
def _pass_point(session: Session) -> None:
    if session.info.get("nudges") and not session.in_nested_transaction():
        crash_here("committing")


@event.listens_for(Session, "after_commit")
def _send_nudges(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released: nobody else sees the rows yet
    nudges = session.info.pop("nudges", ())
    if nudges:
        crash_here("committed")
    # a message costs more than what it carries
    for start in range(0, len(nudges), ROWS_IN_A_MESSAGE):
        _publisher.put(nudges[start : start + ROWS_IN_A_MESSAGE])


@event.listens_for(Session, "after_rollback")
def _forget_nudges(session: Session) -> None:
    kept = session.info["savepoints"][-1] if session.in_nested_transaction() else 0
    del session.info.get("nudges", [])[kept:]


@event.listens_for(Session, "after_transaction_end")
def _leave_transaction(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info["savepoints"].pop()
    elif transaction.parent is None:  # a session closed without a word rolls back too
        session.info.pop("nudges", None)
