"""The database at one moment, read on a connection of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, create_engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from leadgen.database import prepare_engine, reading
from leadgen.models import Offering


@contextmanager
def open_snapshot(url: URL) -> Iterator[Session]:
    """A session that sees one state throughout. SQLite maps what it reads of the file into memory, and sorts there;
    this reads most of the file and may sort it: here neither."""
    is_sqlite = url.get_backend_name() == "sqlite"
    options = {} if is_sqlite else {"isolation_level": "REPEATABLE READ"}
    engine = prepare_engine(create_engine(url, poolclass=NullPool, hide_parameters=True, **options))
    try:
        with reading(), Session(engine) as session:
            if is_sqlite:
                for pragma in ("mmap_size = 0", "temp_store = FILE"):
                    session.connection().exec_driver_sql(f"PRAGMA {pragma}")
            yield session
    finally:
        engine.dispose()


def has_more_offerings(session: Session, count: int) -> bool:
    """Whether the directory holds more than so many offerings."""
    some = select(Offering.id).limit(count + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > count
