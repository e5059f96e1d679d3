"""Nudges a worker once a row is really there. A nudge may be lost: the row is the queue, the sweeper looks.

A request never waits for the broker. Nudges go to a thread of this process through a bounded queue;
with the broker frozen the queue fills, further nudges are dropped, and the sweeper finds the rows.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
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
# as many as a worker can carry one after the other, each at its slowest, within the time limit of a task
ROWS_IN_A_MESSAGE = 4

Nudge = tuple[str, int]

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
        self._queue: Queue[tuple[str, Sequence[int]]] = Queue(QUEUE_LENGTH)

    def put(self, task: str, row_ids: Sequence[int]) -> bool:
        """Hand over one message's nudges without waiting; False when the queue is full."""
        self._start_in_this_process()
        try:
            self._queue.put_nowait((task, row_ids))
        except Full:
            return False
        return True

    def _start_in_this_process(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._queue = os.getpid(), Queue(QUEUE_LENGTH)
                threading.Thread(target=self._run, args=(self._queue,), daemon=True, name="nudges").start()

    def _run(self, queue: Queue[tuple[str, Sequence[int]]]) -> None:
        while True:
            task, row_ids = queue.get()
            try:
                publish(self._app, task, *row_ids)
            except Exception as error:  # the sweeper will find the rows
                log.warning("nudge.lost", task=task, row=row_ids[0], count=len(row_ids), error=type(error).__name__)


def publish(app: Celery, task: str, *row_ids: int) -> None:
    """Send one message now. Raises what the broker's client raises; waits at most a few seconds."""
    app.send_task(task, args=row_ids, ignore_result=True)


def _share_messages(nudges: Iterable[Nudge]) -> Iterator[tuple[str, list[int]]]:
    """The nudges of one transaction by task, a few to a message: a message costs more than what it carries."""
    rows: dict[str, list[int]] = {}
    for task, row_id in nudges:
        rows.setdefault(task, []).append(row_id)
    for task, ids in rows.items():
        for start in range(0, len(ids), ROWS_IN_A_MESSAGE):
            yield task, ids[start : start + ROWS_IN_A_MESSAGE]


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
    for task, row_ids in _share_messages(nudges):
        _publisher.put(task, row_ids)


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
