"""Carry one delivery, or one letter. A message holds only the row's id, and may come twice or never."""

from celery import Celery

from leadgen.delivery.dispatch import open_dispatcher
from leadgen.outbox import DELIVER, SEND_LETTER


def register(celery: Celery) -> None:
    """Name the two tasks as the outbox knows them."""
    celery.task(name=DELIVER)(deliver)
    celery.task(name=SEND_LETTER)(send_letter)


def deliver(delivery_id: int) -> None:
    """Carry the delivery with this id, if it is due and nobody else has it."""
    open_dispatcher().deliver(delivery_id)


def send_letter(letter_id: int) -> None:
    """Carry the letter with this id, if it is due and nobody else has it."""
    open_dispatcher().send_letter(letter_id)
