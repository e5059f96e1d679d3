"""How connections behave: SQLite durable and fair enough for several processes, PostgreSQL as it is.

SQLite begins every transaction as a writer (``BEGIN IMMEDIATE``), because a reader that turns writer
fails at once when somebody else wrote. Requests that only read say so with `reading` and share.
"""

import random
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Row, Table, event, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

BUSY_MILLISECONDS = 5_000
PATIENCE_MILLISECONDS = 50
PREPARED_STATEMENTS = 300
PRIMARY_CODE = 0xFF  # SQLite: the low byte of an extended result code
LOOK_AGAIN_SECONDS = (0.0003, 0.0015)
_BUSY_SIGNS = (
    *("locked", "busy", "deadlock", "timeout", "full", "disk", "no space"),
    *("connection", "shutting down", "starting up", "recovery"),
)

_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)
_waits: ContextVar[bool] = ContextVar("waits", default=True)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside take no write lock. On SQLite a write inside is refused."""
    token = _only_reads.set(True)
    try:
        yield
    finally:
        _only_reads.reset(token)


@contextmanager
def writing_if_free(engine: Engine) -> Iterator[Connection]:
    """A small write beside a request that only reads, in a transaction of its own. Raises OperationalError at once,
    or after a moment, where somebody else is writing: whoever asks for this can do without."""
    tokens = _only_reads.set(False), _waits.set(False)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE_MILLISECONDS}")
            yield connection
    finally:
        _only_reads.reset(tokens[0])
        _waits.reset(tokens[1])


def prepare_engine(engine: Engine) -> Engine:
    """Bind the connection settings to an engine; returns it."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _plan_for_many)
    return engine


def table_of(model: Any) -> Table:
    """The table of a model, for statements on plain rows: through the model they take several times as long."""
    table: Table = model.__table__
    return table


def insert_row(session: Session, model: Any, row: Mapping[str, Any]) -> int:
    """Insert one row of a table that numbers its rows; gives the number.

    By the table rather than the class, on the connection rather than the session, and with the values beside the
    statement: the ORM's way takes five times as long, and the last post writes forty rows."""
    return int(session.connection().execute(_insert(model.__table__, ("id",)), row).scalar_one())


def insert_rows(session: Session, model: Any, rows: Sequence[Mapping[str, Any]], *returning: str) -> Sequence[Row[Any]]:
    """Insert rows in one statement, all with the same columns; gives the columns named, in no certain order."""
    if not rows:
        return ()
    result = session.connection().execute(_insert(model.__table__, returning), rows)
    return result.all() if returning else ()


def insert_unless_there(session: Session, table: Any, *rows: dict[str, Any]) -> None:
    """Insert rows, passing over those whose key is taken. Two at once are both content."""
    session.execute(_insert_for(session)(table).on_conflict_do_nothing(), rows)


def insert_first(session: Session, model: Any, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is taken. Says whether it did: of two at once with the same key, one."""
    statement = _insert_for(session)(model.__table__).values(row).on_conflict_do_nothing()
    return session.execute(statement.returning(*model.__table__.primary_key)).first() is not None


def insert_or_change(
    session: Session, model: Any, row: Mapping[str, Any], key: Sequence[str], changed: Sequence[str], where: Any
) -> bool:
    """Insert a row, or change these columns of the one with the same key where ``where`` holds of it. Says whether it
    did either: of two at once with the same row, one."""
    inserted = _insert_for(session)(model.__table__).values(row)
    values = {name: inserted.excluded[name] for name in changed}
    statement = inserted.on_conflict_do_update(index_elements=key, set_=values, where=where)
    return session.execute(statement.returning(model.__table__.c[key[0]])).first() is not None


def count_one_more(session: Session, model: Any, key: Mapping[str, Any], column: str) -> None:
    """Add one to a counter in the row with this key, which is made where it is missing. Two at once both count."""
    session.execute(_count(model.__table__, column, _insert_for(session)), {**key, column: 1})


def is_busy(error: OperationalError) -> bool:
    """Whether the database was locked, out of reach or out of disk for too long, so that trying again may work."""
    text = str(error.orig).lower()
    return any(sign in text for sign in _BUSY_SIGNS)


@cache
def _insert(table: Table, returning: tuple[str, ...]) -> Insert:
    columns = [table.c[name] for name in returning]
    return insert(table).returning(*columns) if columns else insert(table)


@cache
def _count(table: Table, column: str, dialect_insert: Any) -> Insert:
    more = {column: table.c[column] + 1}
    counted: Insert = dialect_insert(table).on_conflict_do_update(index_elements=table.primary_key, set_=more)
    return counted


def _insert_for(session: Session) -> Any:
    """The insert of this database's dialect: only that one knows ON CONFLICT."""
    return postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = FAST",  # what was erased is not left in the free space of its page
        "temp_store = MEMORY",
        "mmap_size = 16777216",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _plan_for_many(connection: Any, _record: object) -> None:
    """PostgreSQL: a request is one of many, and short. To compile its statement, or to start processes that help with
    it, takes longer than to run it, and takes the processors from the others. The same statements come again and
    again: prepared from the second time on, and enough of them kept for every page."""
    connection.prepare_threshold, connection.prepared_max = 1, PREPARED_STATEMENTS
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    connection.commit()  # what is set in a transaction ends with it where that is rolled back


def _begin(connection: Connection) -> None:
    only_reads = _only_reads.get()
    if connection.info.get("only_reads") is not only_reads:
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA query_only = {int(only_reads)}")
        connection.info["only_reads"] = only_reads
    if only_reads:
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    """Begin as the one writer, waiting for the turn by looking every millisecond or so.

    SQLite's own waiting sleeps longer each time, up to 100 ms, and so sleeps past its turn again and again."""
    raw: Any = connection.connection.dbapi_connection
    until = time.monotonic() + (BUSY_MILLISECONDS / 1000 if _waits.get() else 0)
    _set_patience(raw, 0)
    try:
        while _is_taken(raw) and time.monotonic() < until:
            time.sleep(random.uniform(*LOOK_AGAIN_SECONDS))  # noqa: S311 - spreads the waiting, guards nothing
        if not raw.in_transaction:  # once more by SQLAlchemy, which gives the error its own type
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        _set_patience(raw, BUSY_MILLISECONDS)


def _is_taken(raw: Any) -> bool:
    """Begin, unless somebody else is writing."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & PRIMARY_CODE == sqlite3.SQLITE_BUSY
    return False


def _set_patience(raw: Any, milliseconds: int) -> None:
    raw.execute(f"PRAGMA busy_timeout = {milliseconds}")
