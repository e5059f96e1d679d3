"""One size of directory: filled into each database, searched by everybody, and kept in memory by a web process."""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from leadgen.database import reading
from leadgen.matching.criteria import Criteria
from leadgen.matching.index.keeper import Keeper, keep_beside
from tests.benchmarks.databases import make_database_url
from tests.benchmarks.match.answer import Competitor, Ours
from tests.benchmarks.match.libraries import BallTree, GeopyLoop, RedisGeo, Shelf
from tests.benchmarks.match.people import make_searches
from tests.benchmarks.match.postgis import PostGis, lay_out
from tests.benchmarks.match.redis_server import start_redis
from tests.benchmarks.match.rounds import find_ratio, race, time_narrowing
from tests.benchmarks.match.town import fill_directory, list_spots
from tests.benchmarks.match.web import measure_memory
from tests.fleet import Fleet

COMPETITORS = ("postgis", "balltree", "redis", "geopy_loop")
OURS, FROM_DATABASE = "ours", "ours_from_the_database"
# beyond, a geodesic for each campus takes a minute a search
MOST_FOR_LOOP = 10_000
# what judges every campus near by in Python takes long where there are many: it is asked less
SLOW_SEARCHES, SLOW = {7_000: 40, 100_000: 24}, 12
LOOP_SEARCHES = 3


@dataclass(frozen=True)
class Effort:
    """How often each search is made, and how many are."""

    rounds: int
    searches: int


@dataclass(frozen=True)
class Order:
    """What is to be measured of one size."""

    campuses: int
    databases: Sequence[str]
    without: Sequence[str]
    effort: Effort

    def has(self, name: str) -> bool:
        """Whether a competitor takes part."""
        return name not in self.without


def measure_size(folder: Path, server_url: str, order: Order) -> dict[str, Any]:
    """Everything that is told about a directory of that size."""
    told: dict[str, Any] = {"campuses": order.campuses, "databases": {}}
    with ExitStack() as stack:
        beside = []
        # filled first, since PostGIS works beside SQLite too
        for kind in sorted({*order.databases, *(["postgresql"] if order.has(PostGis.name) else [])}):
            _say(f"filling {kind} with {order.campuses:,} campuses")
            fleet, filled = stack.enter_context(_fill(kind, folder / kind, server_url, order.campuses))
            if kind == "postgresql" and order.has(PostGis.name):
                filled |= {"postgis_seconds": lay_out(fleet.database_url)}
                beside.append(PostGis(stack.enter_context(create_engine(fleet.database_url).connect())))
            told["databases"][kind] = {"rows": filled, "fleet": fleet}
        for kind in [kind for kind in told["databases"] if kind not in order.databases]:
            told["postgis_rows"] = told["databases"].pop(kind)["rows"]
        for kind, of in told["databases"].items():
            _say(f"searching {kind}")
            of |= _search(of.pop("fleet"), beside, folder / kind, order)
    return told


def _search(fleet: Fleet, beside: Sequence[Competitor], folder: Path, order: Order) -> dict[str, Any]:
    searches = make_searches(list_spots(), order.effort.searches)
    few = searches[: SLOW_SEARCHES.get(order.campuses, SLOW)]
    with _open(fleet.engine()) as (engine, session):
        told = {"from_the_database": race([Ours(session, FROM_DATABASE)], few, 1)}
        started = time.monotonic()
        _wait_for(keep_beside(engine), session)
        told["read_into_memory_seconds"] = round(time.monotonic() - started, 1)  # type: ignore[assignment]
        ours = Ours(session, OURS)
        told["fast"] = race([ours, *beside], searches, order.effort.rounds)
        if beside:
            told["ratio_to_postgis"] = find_ratio(told["fast"]["times"], OURS, PostGis.name)  # type: ignore[assignment]
        told["libraries"] = _race_libraries(ours, session, folder, few, order)
    told["web_process"] = measure_memory(fleet, searches)
    return told


def _race_libraries(
    ours: Competitor, session: Session, folder: Path, searches: Sequence[Criteria], order: Order
) -> dict[str, Any]:
    shelf = Shelf.read(session)
    session.rollback()
    with ExitStack() as stack:
        rivals: list[BallTree | RedisGeo] = []
        if order.has(BallTree.name):
            rivals.append(BallTree(shelf))
        if order.has(RedisGeo.name):
            rivals.append(RedisGeo(shelf, stack.enter_context(start_redis(folder))))
        told = race([ours, *rivals], searches, 1)
        told["narrowing_alone_ms"] = {each.name: time_narrowing(each.narrow, searches) for each in rivals}
    if order.has(GeopyLoop.name) and order.campuses <= MOST_FOR_LOOP:
        looped = race([ours, GeopyLoop(shelf)], searches[:LOOP_SEARCHES], 1, warm_up=0)
        told["times"][GeopyLoop.name] = looped["times"][GeopyLoop.name]
        told["differences"] += looped["differences"]
    return told


@contextmanager
def _fill(kind: str, folder: Path, server_url: str, campuses: int) -> Iterator[tuple[Fleet, dict[str, Any]]]:
    folder.mkdir(parents=True)
    fleet = Fleet(folder, make_database_url(kind, folder, server_url))
    migrated = fleet.run("db", "upgrade")
    assert migrated.returncode == 0, migrated.stderr
    engine = create_engine(fleet.database_url)
    try:
        filled = fill_directory(engine, campuses)
        yield fleet, filled
    finally:
        fleet.stop_all()
        engine.dispose()
        shutil.rmtree(folder)


@contextmanager
def _open(engine: Engine) -> Iterator[tuple[Engine, Session]]:
    try:
        with reading(), Session(engine) as session:
            yield engine, session
    finally:
        engine.dispose()


def _wait_for(keeper: Keeper, session: Session) -> None:
    while keeper.find(session) is None:
        time.sleep(0.1)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
