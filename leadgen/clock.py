"""Time as the database tells it: one clock for every process, aware UTC everywhere.

Leases compare times written by one process with the clock of another. Only the database's clock is
the same for all of them, so leases, due times and expiries use the expressions here.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, String, cast, literal, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. Naive values are refused; SQLite keeps text of fixed width, so it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(String(26) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: times are aware UTC")
        value = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        result: datetime = value.astimezone(UTC)
        return result


class _DatabaseNow(FunctionElement[datetime]):
    """The database's clock at this statement, moved by a bound number of seconds."""

    type = UtcDateTime()
    inherit_cache = True
    name = "database_now"


@compiles(_DatabaseNow, "sqlite")
def _sqlite_now(element: _DatabaseNow, compiler: Any, **kw: Any) -> str:
    (seconds,) = element.clauses
    moved = compiler.process(cast(seconds, String).concat(" seconds"), **kw)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {moved}) || '000')"


@compiles(_DatabaseNow, "postgresql")
def _postgresql_now(element: _DatabaseNow, compiler: Any, **kw: Any) -> str:
    (seconds,) = element.clauses
    return f"(clock_timestamp() + {compiler.process(seconds, **kw)} * interval '1 second')"


def database_now(plus_seconds: float | ColumnElement[float] = 0) -> ColumnElement[datetime]:
    """The SQL expression for the database's clock, ``plus_seconds`` later (or earlier when negative)."""
    bound = plus_seconds if isinstance(plus_seconds, ColumnElement) else literal(float(plus_seconds))
    return _DatabaseNow(bound)


_NOW = select(database_now())


def now(session: Session) -> datetime:
    """What the database's clock says now, as aware UTC. Begins the transaction, so that a wait for the turn to write
    lies before it."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # it runs in this process, by this machine's clock, to the millisecond
        at = datetime.now(UTC)
        return at.replace(microsecond=at.microsecond // 1000 * 1000)
    value = connection.scalar(_NOW)
    assert isinstance(value, datetime)
    return value


def find_periods(timezone: str, at: datetime) -> tuple[str, str]:
    """The day and the month of a moment in a zone, as `CapUse` names them: ``2027-03-04`` and ``2027-03``."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    return day.isoformat(), f"{day:%Y-%m}"
