"""One transaction per request: safe methods only read, and a view that writes says so with `writes`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g, request
from sqlalchemy import text

from leadgen.database import BUSY_MILLISECONDS, reading
from leadgen.extensions import db

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def writes(view: View) -> View:
    """Commit what the view did once it returned; roll back when it raised."""

    @wraps(view)
    def commit_after(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        db.session.commit()
        return response

    return cast(View, commit_after)


@contextmanager
def reading_first() -> Iterator[None]:
    """Read what a post needs before it writes. On SQLite in a transaction of its own: while she waits for answers to
    be opened and a page to be drawn, nobody else waits for the one write lock. What was read may have changed when
    the writing begins, so the writing has to say what it was read as."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    with reading():
        yield
        db.session.rollback()


def register(app: Flask) -> None:
    """Let safe requests share the database: they cannot write."""
    # before all others: the check of the audience loads the user, and that too must only read
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.teardown_request(_end)


def begin_again() -> None:
    """Take back what this request has written so far; what is read from here on is as it is now."""
    db.session.rollback()
    if request.method not in SAFE:
        _wait_no_longer()


def _begin() -> None:
    if request.method in SAFE:
        g.reading = reading()
        g.reading.__enter__()
    else:
        _wait_no_longer()


def _wait_no_longer() -> None:
    if db.engine.dialect.name == "postgresql":
        # SQLite has a time-out of its own; without one here, a post would wait for a lock as long as it is held
        db.session.execute(text(f"SET LOCAL lock_timeout = {BUSY_MILLISECONDS}"))


def _end(_error: BaseException | None) -> None:
    if held := g.pop("reading", None):
        held.__exit__(None, None, None)
