"""Carry deliveries and letters, and work on jobs. A message says which few rows, and may come twice or never."""

import structlog
from celery import Celery

from leadgen.delivery.batch.recover import look_at_batch
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.outbox import CARRY, Carried
from leadgen.tasks.bulk import run_job

log = structlog.get_logger()


def register(celery: Celery) -> None:
    """Name the task as the outbox knows it."""
    celery.task(name=CARRY)(carry)


def carry(*rows: tuple[str, int]) -> None:
    """Carry these rows one after the other, each if it is due and nobody else has it. One that cannot be carried
    now keeps none of the others waiting: its lease lapses, and the sweeper finds it."""
    for kind, row_id in rows:
        try:
            carry_row(Carried(kind), row_id)
        except Exception as error:
            log.error("carry.failed", row=row_id, error=type(error).__name__)


def carry_row(kind: Carried, row_id: int) -> None:
    """Carry one delivery, letter or test of an endpoint here and now, or work on a job, if it is due and nobody else
    has it."""
    dispatcher = open_dispatcher()
    match kind:
        case Carried.delivery:
            dispatcher.deliver(row_id)
        case Carried.letter:
            dispatcher.send_letter(row_id)
        case Carried.test:
            carry_test(dispatcher, row_id)
        case Carried.batch:
            look_at_batch(dispatcher, row_id)
        case Carried.job:
            run_job(row_id)
