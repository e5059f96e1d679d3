"""Directories of any size: campuses clustered as ZIP codes are, six programs each, made inside the database.

Everything follows from the number of a campus by arithmetic, so that SQLite and PostgreSQL hold the same rows.
"""

import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import zipcodes
from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, MetaData, Table, insert, literal, select, text
from sqlalchemy.types import Float, Text

from leadgen.models import Campus, Credential, Education, Format, Offering, School

SEED = 20_261_126
PROGRAMS = (
    "medical-billing-and-coding",
    "medical-assistant",
    "dental-assistant",
    "pharmacy-technician",
    "phlebotomy",
    "nursing-assistant",
)
SPOTS = 50_000
KINDS = 20_000
CAMPUSES_PER_SCHOOL = 4
# of all schools: paused, at their cap, and with a cap that leaves room
PAUSED, FULL, CAPPED = 100, 400, 50
CERTIFICATIONS = ("CPC", "CCS", "CPB", "CMRS", "CMC", "CCA", "CCS-P", "RHIT")
SHARED = ("credential", "format", "service_miles", "length_months", "tuition_usd", "certifications")
SHARED += ("min_age", "education", "online_states", "next_start", "schedule")

_offering, _campus, _school = (each.__table__ for each in (Offering, Campus, School))
_metadata = MetaData()
_spots = Table(
    "bench_spot",
    _metadata,
    Column("n", Integer, primary_key=True),
    *(Column(name, Text) for name in ("city", "state", "zip")),
    *(Column(name, Float(53)) for name in ("latitude", "longitude")),
)
_kinds = Table(
    "bench_kind",
    _metadata,
    Column("n", Integer, primary_key=True),
    *(Column(name, _offering.c[name].type) for name in SHARED),
)
_programs = Table("bench_program", _metadata, Column("n", Integer, primary_key=True), Column("program", Text))


def fill_directory(engine: Engine, campuses: int) -> dict[str, Any]:
    """Write so many campuses with their schools and offerings into a migrated, empty database."""
    started = time.monotonic()
    with engine.begin() as connection:
        _trust(connection)
        connection.execute(
            text(
                "INSERT INTO directory_version (id, imported_at, source, sha256, created, changed, retired)"
                " VALUES (1, '2026-11-25 00:00:00', 'bench', '0', 0, 0, 0)"
            )
        )
        _lay_out(connection)
        connection.execute(text(_SCHOOLS), {"count": -(-campuses // CAMPUSES_PER_SCHOOL)})
        connection.execute(text(_CAMPUSES), {"count": campuses})
        _write_offerings(connection)
        counts = {
            table.name: connection.scalar(text(f"SELECT count(*) FROM {table.name}"))
            for table in (_school, _campus, _offering)
        }
        _metadata.drop_all(connection)
    _analyze(engine)
    return counts | {"fill_seconds": round(time.monotonic() - started, 1)}


def list_spots() -> list[dict[str, Any]]:
    """Where campuses are, and those who search: ZIP codes, some of which count many times what others do."""
    dice = Random(SEED)
    standing = [
        each
        for each in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if each["zip_code_type"] == "STANDARD" and each["active"] and float(each["lat"])
    ]
    weights = [dice.paretovariate(1.2) for _ in standing]
    return [
        {
            "n": number,
            "city": each["city"],
            "state": each["state"],
            "zip": each["zip_code"],
            "latitude": float(each["lat"]),
            "longitude": float(each["long"]),
        }
        for number, each in enumerate(dice.choices(standing, weights, k=SPOTS))
    ]


# a number between 0 and 1 that follows from the campus's
_DICE = "((n.i * {factor} + 12345) % 2147483647) / 2147483647.0"
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
_SCHOOLS = f"""
INSERT INTO school (id, name, timezone, status, daily_cap, route, version_id)
{_NUMBERS}
SELECT 's' || (1000000 + i), 'School ' || i, 'America/Chicago',
  CASE WHEN i % {PAUSED} = 7 THEN 'paused' ELSE 'taking' END,
  CASE WHEN i % {FULL} = 11 THEN 0 WHEN i % {CAPPED} = 13 THEN 100 END, 'all', 1
FROM n"""
_CAMPUSES = f"""
INSERT INTO campus (id, school_id, name, city, state, zip, latitude, longitude)
{_NUMBERS}
SELECT i, 's' || (1000000 + (i + {CAMPUSES_PER_SCHOOL - 1}) / {CAMPUSES_PER_SCHOOL}), 'Campus ' || i, city, state, zip,
  latitude + 0.08 * ({_DICE.format(factor=48271)} - 0.5), longitude + 0.08 * ({_DICE.format(factor=69621)} - 0.5)
FROM n JOIN bench_spot s ON s.n = (n.i * 40692) % {SPOTS}"""


def _lay_out(connection: Connection) -> None:
    _metadata.create_all(connection)
    dice = Random(SEED)
    connection.execute(insert(_spots), list_spots())
    connection.execute(insert(_programs), [{"n": n, "program": name} for n, name in enumerate(PROGRAMS)])
    connection.execute(insert(_kinds), [{"n": n} | _make_kind(dice) for n in range(KINDS)])


def _make_kind(dice: Random) -> Mapping[str, Any]:
    taught = dice.choices((Format.campus, Format.hybrid, Format.online), (90, 7, 3))[0]
    online = None if taught is Format.campus or dice.random() < 0.1 else _pick_states(dice)
    return {
        "credential": dice.choices([*Credential], (6, 3, 1))[0],
        "format": taught,
        "service_miles": None if dice.random() < 0.8 else dice.choice((25, 50, 100)),
        "length_months": None if dice.random() < 0.3 else dice.choice((4, 6, 9, 12, 18, 24)),
        "tuition_usd": None if dice.random() < 0.3 else Decimal(dice.randrange(1_500, 24_000, 50)),
        "certifications": None if dice.random() < 0.4 else _pick_certifications(dice),
        "min_age": dice.choice((None, None, 16, 17, 18)),
        "education": dice.choice((None, None, *Education)),
        "online_states": online,
        "next_start": None if dice.random() < 0.5 else date(2027, dice.randrange(1, 13), 4),
        "schedule": None if dice.random() < 0.5 else ("evening",),
    }


def _pick_certifications(dice: Random) -> tuple[str, ...]:
    return tuple(sorted(dice.sample(CERTIFICATIONS, dice.randrange(4))))


def _pick_states(dice: Random) -> tuple[str, ...]:
    return ("*",) if dice.random() < 0.4 else tuple(sorted(dice.sample(("IL", "NY", "CA", "TX", "PA", "FL", "OH"), 3)))


def _write_offerings(connection: Connection) -> None:
    """All offerings in one statement; the indexes are made afterwards, which is faster."""
    for index in _offering.indexes:
        index.drop(connection)
    number = _campus.c.id.cast(BigInteger) * len(PROGRAMS) + _programs.c.n
    values: dict[str, Any] = {
        "id": literal("o") + (10_000_000 + number).cast(Text),
        "school_id": _campus.c.school_id,
        "campus_id": _campus.c.id,
        "program": _programs.c.program,
        "latitude": _campus.c.latitude,
        "longitude": _campus.c.longitude,
        "retired": literal(False),
        **{name: _kinds.c[name] for name in SHARED},
    }
    taught = select(*(value.label(name) for name, value in values.items())).select_from(
        _campus.join(_programs, literal(1) == literal(1)).join(_kinds, _kinds.c.n == (number * 7919) % KINDS)
    )
    connection.execute(insert(_offering).from_select([*values], taught.order_by(number), include_defaults=False))
    for index in _offering.indexes:
        index.create(connection)


def _trust(connection: Connection) -> None:
    """The rows refer to each other rightly because they are made so: to look each reference up would take long."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        connection.execute(text("SET work_mem = '256MB'"))


def _analyze(engine: Engine) -> None:
    statement = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(statement))
