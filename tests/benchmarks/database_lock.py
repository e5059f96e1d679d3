"""Somebody holds a lock for longer than a post waits: she is told to try again, her fields are kept, and it works."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine

from leadgen.database import BUSY_MILLISECONDS
from tests.benchmarks.clients import open_check
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Installation
from tests.http_prospect import Answered, find_field

BUSY = 503


def measure_database_lock(installed: Installation, _effort: Effort) -> dict[str, Any]:
    """One last post while a writer holds everything; afterwards the same token once more."""
    fleet = installed.fleet
    installed.run("web")
    (cookie,) = installed.make_drafts(1)
    prospect, token = open_check(fleet.site, cookie)
    with _hold(fleet.database_url):
        refused = prospect.send(token)
    kept = _read_kept(refused, token)
    again = prospect.send(token)
    return {
        "time_out_ms": BUSY_MILLISECONDS,
        "status": refused.status,
        "answered_after_ms": round(refused.seconds * 1000),
        "fields_kept": kept,
        "same_token_afterwards": {"status": again.status, "sent": again.location.startswith("/inquiry/sent/")},
    }


def _read_kept(refused: Answered, token: str) -> bool:
    return refused.status == BUSY and find_field(refused.page, "form_token") == token


@contextmanager
def _hold(database_url: str) -> Iterator[None]:
    engine = create_engine(database_url)
    lock = "BEGIN EXCLUSIVE" if engine.dialect.name == "sqlite" else "LOCK TABLE inquiry IN ACCESS EXCLUSIVE MODE"
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
        connection.exec_driver_sql(lock)
        time.sleep(0.05)
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
    engine.dispose()
