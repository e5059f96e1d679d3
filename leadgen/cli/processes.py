"""`leadgen web` and `leadgen worker`: one process each, as production runs them."""

import gc
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from leadgen.app import create_app, create_worker_app
from leadgen.config import Settings, read_settings
from leadgen.extensions import db
from leadgen.matching.index.keeper import keep_beside

WEB_GRACE_SECONDS = 20
OBJECTS_PER_COLLECTION = 20_000
SILENT_WEB_WORKER_SECONDS = 60
SQLITE_WEB_THREADS, POSTGRESQL_WEB_THREADS = 1, 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to listen on.")
def web(host: str, port: int) -> None:
    """Serve the site with gunicorn. Ends on SIGTERM, when the requests under way are answered."""
    WebServer(read_settings(), host, port).run()


@click.command()
def worker() -> None:
    """Carry deliveries with Celery, in threads. Ends on SIGTERM, when the sends under way are done."""
    threads = read_settings().threads_of_worker
    celery = create_worker_app()
    settle_memory()
    process = celery.Worker(
        pool_cls="threads",
        concurrency=threads,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    process.start()
    raise SystemExit(process.exitcode)


def choose_web_threads(settings: Settings) -> int:
    """Threads of each web process. One on SQLite, whose busy handler is unfair to threads that wait."""
    return settings.web_threads or (SQLITE_WEB_THREADS if settings.is_sqlite else POSTGRESQL_WEB_THREADS)


def settle_memory() -> None:
    """Leave what start-up made out of the garbage collector's rounds, since it stays, and start rounds less often.

    Looking through it again and again took a sixth of the time of a web process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_COLLECTION)


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and none of its own sources (no file, no arguments, no environment)."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self._options = make_gunicorn_options(settings, host, port)
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called by gunicorn in each of its processes, after the fork: no connection is shared."""
        app = create_app()
        settle_memory()
        with app.app_context():
            keep_beside(db.engine)
        return app


def make_gunicorn_options(settings: Settings, host: str, port: int) -> dict[str, Any]:
    """The options by gunicorn's own names."""
    threads = choose_web_threads(settings)
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": settings.web_workers,
        "worker_class": "gthread" if threads > 1 else "sync",
        "threads": threads,
        "timeout": SILENT_WEB_WORKER_SECONDS,
        "graceful_timeout": WEB_GRACE_SECONDS,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "preload_app": False,
        "max_requests": 0,
        "control_socket_disable": True,
    }
