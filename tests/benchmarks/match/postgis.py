"""PostGIS: distance, rules, score, order and count in one statement, on geography with a GiST index."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from leadgen.geo.zips import find_place
from leadgen.matching.criteria import Criteria, FormatWish
from leadgen.matching.facts import Candidate, OfferingFacts
from leadgen.matching.find import DEFAULT_LIMIT
from leadgen.models import Credential, Education, Format
from leadgen.models.base import Usd, Words
from tests.benchmarks.match.answer import Answer, show
from tests.benchmarks.match.town import PROGRAMS
from tests.fleet import find_free_port

METERS = 1609.344
PACKAGE = "postgresql-postgis"
_POSTGRES = Path("/usr/lib/postgresql")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=1GB", "max_wal_size=8GB")

# the offerings of one program alone, those that are near each other side by side, as one would lay them out for speed
_LAY_OUT = f"""
CREATE TABLE bench_geo AS
SELECT o.*, ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geography AS place
FROM offering o WHERE NOT retired AND NOT covered AND program = '{PROGRAMS[0]}'
ORDER BY ST_GeoHash(ST_SetSRID(ST_MakePoint(longitude, latitude), 4326));
CREATE INDEX ON bench_geo USING gist (place) WHERE format <> 'online';
CREATE INDEX ON bench_geo (format);
"""
_RULES = """
    o.program = :program AND s.status = 'taking' AND s.retired_at IS NULL AND coalesce(s.daily_cap, 1) > 0
    AND (CAST(:credential AS text) IS NULL OR o.credential = :credential)
    AND (CAST(:certification AS text) IS NULL OR o.certifications LIKE :certification)
    AND (CAST(:age AS int) IS NULL OR coalesce(o.min_age, 18) <= :age)
    AND (CAST(:diploma AS int) IS NULL OR
         CASE coalesce(o.education, 'ged') WHEN 'none' THEN 0 WHEN 'ged' THEN 1 ELSE 2 END <= :diploma)
    AND (o.format = 'campus' OR o.online_states LIKE '%;*;%' OR o.online_states LIKE :state)"""
_IN_PERSON = f"""
SELECT o.*, ST_Distance(o.place, h.here) / {METERS} AS miles
FROM bench_geo o JOIN school s ON s.id = o.school_id, here h
WHERE o.format <> 'online' AND ST_DWithin(o.place, h.here, :within * {METERS})
  AND (o.service_miles IS NULL OR ST_DWithin(o.place, h.here, o.service_miles * {METERS})) AND {_RULES}"""
_ONLINE = f"""
UNION ALL SELECT o.*, NULL AS miles FROM bench_geo o JOIN school s ON s.id = o.school_id
WHERE o.format = 'online' AND {_RULES}"""
_FIND = """
WITH here AS (SELECT ST_SetSRID(ST_MakePoint(:longitude, :latitude), 4326)::geography AS here),
fits AS ({fits}),
scored AS (SELECT *, round(CAST(
    60 * CASE WHEN miles IS NULL THEN 0.5
         ELSE greatest(0, 1 - miles / least(:within, coalesce(service_miles, :within))) END
    + 25 * CASE WHEN CAST(:certification AS text) IS NOT NULL OR coalesce(certifications, ';') <> ';' THEN 1
           ELSE 0.5 END
    + 5 * ((cost_usd IS NOT NULL)::int + (length_months IS NOT NULL)::int + (next_start IS NOT NULL)::int)
    AS numeric), 2) AS score FROM fits)
SELECT score, miles, total, first.*, school.name, campus.name, campus.city, campus.state
FROM (SELECT *, count(*) OVER () AS total FROM scored ORDER BY score DESC, id COLLATE "C" LIMIT :limit) first
JOIN school ON school.id = first.school_id JOIN campus ON campus.id = first.campus_id
ORDER BY score DESC, first.id COLLATE "C" """
_FIND_ALL, _FIND_CAMPUS = text(_FIND.format(fits=_IN_PERSON + _ONLINE)), text(_FIND.format(fits=_IN_PERSON))


class PostGis:
    """Rules and order as SQL; the words are made by the same functions as ours."""

    name = "postgis"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, criteria: Criteria) -> Answer:
        place = find_place(criteria.zip)
        statement = _FIND_CAMPUS if criteria.format is FormatWish.campus else _FIND_ALL
        values = {
            "program": criteria.program,
            "within": criteria.within_miles,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "state": f"%;{place.state};%",
            "credential": criteria.credential,
            "certification": f"%;{criteria.certifications[0]};%" if criteria.certifications else None,
            "age": criteria.age,
            "diploma": None if criteria.education is None else [*Education].index(criteria.education),
            "limit": DEFAULT_LIMIT,
        }
        rows = self._connection.execute(statement, values).mappings().all()
        self._connection.commit()  # as ours: each search in a transaction of its own, as a request has it
        first = tuple(
            show(Candidate(_read(row), criteria, place.state, row["miles"]), float(row["score"])) for row in rows
        )
        return Answer(rows[0]["total"] if rows else 0, first)


def lay_out(url: str) -> float:
    """Make the table and its indexes in a filled database; gives how many seconds that took."""
    started, engine = time.monotonic(), create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (
            "CREATE EXTENSION IF NOT EXISTS postgis",
            *_LAY_OUT.split(";")[:-1],
            "VACUUM ANALYZE bench_geo",
        ):
            connection.execute(text(statement.replace(":", r"\:")))
    engine.dispose()
    return round(time.monotonic() - started, 1)


def is_installed() -> bool:
    """Whether Debian's packages are there."""
    return any(Path("/usr/share/postgresql").glob("*/extension/postgis.control")) and _POSTGRES.is_dir()


@contextmanager
def start_debian_postgresql(folder: Path) -> Iterator[str]:
    """Debian's PostgreSQL, which has PostGIS, with a fresh cluster in a folder; gives its URL."""
    version = max(Path("/usr/share/postgresql").glob("*/extension/postgis.control")).parts[-3]
    programs, port = _POSTGRES / version / "bin", find_free_port()
    folder.mkdir(parents=True)
    # PostgreSQL refuses to run as root
    who: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres", "postgres")
    cluster = folder / "data"
    made = [str(programs / "initdb"), "-D", str(cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **who)
    settings = [word for setting in FAST for word in ("-c", setting)]
    command = [str(programs / "postgres"), "-D", str(cluster), "-p", str(port), "-k", str(folder), *settings]
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
    try:
        _wait_until_answers(port)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres?connect_timeout=10"
    finally:
        server.send_signal(signal.SIGINT)  # ends connections too
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_answers(port: int) -> None:
    engine = create_engine(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
    deadline = time.monotonic() + 60
    while True:
        try:
            engine.connect().close()
            break
        except OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL does not start"
            time.sleep(0.2)
    engine.dispose()


def _read(row: Any) -> OfferingFacts:
    """A row as the rules read it."""
    words, usd, dialect = Words(), Usd(), None
    raw = {name: row[name] for name in OfferingFacts._fields}
    for name in ("certifications", "online_states", "schedule", "languages"):
        if name in raw:
            raw[name] = words.process_result_value(raw[name], dialect)  # type: ignore[arg-type]
    cents: Decimal | None = usd.process_result_value(raw["cost_usd"], dialect)  # type: ignore[arg-type]
    education = Education(raw["education"]) if raw["education"] else None
    kinds = {"credential": Credential(raw["credential"]), "format": Format(raw["format"]), "education": education}
    return OfferingFacts(**raw | kinds | {"cost_usd": cents})
