"""Carry deliveries, or letters. A message holds only the ids of a few rows, and may come twice or never."""

from celery import Celery

from leadgen.delivery.dispatch import open_dispatcher
from leadgen.outbox import DELIVER, SEND_LETTER


def register(celery: Celery) -> None:
    """Name the two tasks as the outbox knows them."""
    celery.task(name=DELIVER)(deliver)
    celery.task(name=SEND_LETTER)(send_letter)


def deliver(*delivery_ids: int) -> None:
    """Carry the deliveries with these ids, each if it is due and nobody else has it."""
    for delivery_id in delivery_ids:
        open_dispatcher().deliver(delivery_id)


def send_letter(*letter_ids: int) -> None:
    """Carry the letters with these ids, each if it is due and nobody else has it."""
    for letter_id in letter_ids:
        open_dispatcher().send_letter(letter_id)
