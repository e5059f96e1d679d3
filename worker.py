"""Celery's entry point: ``celery --app worker worker``. It carries ids of deliveries; the rows are the queue."""

from leadgen.app import create_worker_app

app = create_worker_app()
