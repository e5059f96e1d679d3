"""Carry one delivery, or one letter."""

from celery import Celery


def register(celery: Celery) -> None:
    """Name the two tasks as the outbox knows them."""
