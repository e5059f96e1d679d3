"""Nudges a worker once a row is really there. A nudge may be lost: the row is the queue, the sweeper looks.

A request never waits for the broker. Nudges go to a thread of this process through a bounded queue;
with the broker frozen the queue fills, further nudges are dropped, and the sweeper finds the rows.
"""

import os
import threading
from queue import Full, Queue

import structlog
from celery import Celery
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from leadgen.crash import crash_here
from leadgen.extensions import celery

DELIVER = "leadgen.deliver"
SEND_LETTER = "leadgen.send_letter"
QUEUE_LENGTH = 1_000

log = structlog.get_logger()


def after_commit(session: Session, task: str, row_id: int) -> None:
    """Nudge ``task`` with ``row_id`` when this transaction has been committed; never when it is not."""
    session.info.setdefault("nudges", []).append((task, row_id))


class Publisher:
    """One daemon thread per process, started at the first nudge (so after any fork)."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._pid = 0
        self._queue: Queue[tuple[str, int]] = Queue(QUEUE_LENGTH)

    def put(self, task: str, row_id: int) -> bool:
        """Hand over a nudge without waiting; False when the queue is full."""
        self._start_in_this_process()
        try:
            self._queue.put_nowait((task, row_id))
        except Full:
            return False
        return True

    def _start_in_this_process(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._queue = os.getpid(), Queue(QUEUE_LENGTH)
                threading.Thread(target=self._run, args=(self._queue,), daemon=True, name="nudges").start()

    def _run(self, queue: Queue[tuple[str, int]]) -> None:
        while True:
            task, row_id = queue.get()
            try:
                publish(self._app, task, row_id)
            except Exception as error:  # the sweeper will find the row
                log.warning("nudge.lost", task=task, row=row_id, error=type(error).__name__)


def publish(app: Celery, task: str, row_id: int) -> None:
    """Send one nudge now. Raises what the broker's client raises; waits at most a few seconds."""
    app.send_task(task, args=[row_id], ignore_result=True)


_publisher = Publisher(celery)


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("savepoints", []).append(len(session.info.get("nudges", ())))


@event.listens_for(Session, "after_commit")
def _send_nudges(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released: nobody else sees the rows yet
    nudges = session.info.pop("nudges", ())
    if nudges:
        crash_here("committed")
    for task, row_id in nudges:
        _publisher.put(task, row_id)


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
