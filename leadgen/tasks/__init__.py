"""Celery tasks: they carry the ids of rows and may run twice, late or never."""

from celery import Celery

from leadgen.tasks import carry


def register(celery: Celery) -> None:
    """Give the tasks their names, which are all that the outbox knows of them."""
    carry.register(celery)
