"""The directory as the generator needs it: schools with their weight, offerings and endpoints."""

from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg

# of a school's size: the largest gets some hundred times the leads of the smallest
SKEW = 0.9
# of the largest schools, so many receive in their portal too: two deliveries a lead
RECEIVE_TWICE = 4
OUT_OF_USE = {3: "paused", 17: "broken", 29: "paused", 41: "broken", 52: "paused"}


@dataclass(frozen=True)
class Receiver:
    """A school that receives. ``endpoints`` are ids with whether they take notices."""

    school_id: str
    name: str
    offerings: tuple[str, ...]
    endpoints: tuple[tuple[int, bool], ...]
    is_out: str


@dataclass(frozen=True)
class Place:
    zip: str
    city: str
    state: str


@dataclass(frozen=True)
class Town:
    """Where everything happens."""

    receivers: tuple[Receiver, ...]
    weights: tuple[float, ...]
    places: tuple[Place, ...]
    programs: tuple[str, ...]
    version_id: int

    def pick_schools(self, dice: Random, count: int) -> list[Receiver]:
        """So many different schools, the large ones more often."""
        picked: dict[str, Receiver] = {}
        while len(picked) < count:
            for each in dice.choices(self.receivers, self.weights, k=count):
                picked.setdefault(each.school_id, each)
        return list(picked.values())[:count]


def build_town(connection: psycopg.Connection[Any], dice: Random) -> Town:
    """Read the imported directory, give the large schools a second endpoint, and put some endpoints out of use."""
    schools = connection.execute("SELECT id, name FROM school WHERE status <> 'closed' ORDER BY id").fetchall()
    dice.shuffle(schools)
    _add_portals(connection, [school for school, _ in schools[:RECEIVE_TWICE]])
    receivers = tuple(_read_school(connection, rank, *school) for rank, school in enumerate(schools))
    for receiver in receivers:
        if receiver.is_out:
            why = "the certificate has expired" if receiver.is_out == "broken" else None
            first = receiver.endpoints[0][0]
            statement = "UPDATE endpoint SET state = %s, broken_reason = %s WHERE id = %s"
            connection.execute(statement, (receiver.is_out, why, first))
    places = connection.execute("SELECT DISTINCT zip, city, state FROM campus ORDER BY zip").fetchall()
    programs = connection.execute("SELECT program FROM offering ORDER BY id").fetchall()
    (version,) = connection.execute("SELECT max(id) FROM directory_version").fetchone() or (1,)
    return Town(
        receivers,
        tuple(1 / (rank + 1) ** SKEW for rank in range(len(receivers))),
        tuple(Place(*row) for row in places),
        tuple(program for (program,) in programs),
        version,
    )


def _add_portals(connection: psycopg.Connection[Any], schools: list[str]) -> None:
    connection.execute(
        "INSERT INTO endpoint (school_id, position, kind, takes, state, dedupes, conflict_means_received,"
        " failures_in_a_row, version, added_at)"
        " SELECT id, 9, 'portal', 'leads', 'live', false, false, 0, 1, now() FROM school"
        " WHERE id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM endpoint"
        " WHERE school_id = school.id AND kind = 'portal' AND takes = 'leads')",
        (schools,),
    )


def _read_school(connection: psycopg.Connection[Any], rank: int, school_id: str, name: str) -> Receiver:
    offerings = connection.execute("SELECT id FROM offering WHERE school_id = %s ORDER BY id", (school_id,)).fetchall()
    endpoints = connection.execute(
        "SELECT id, takes = 'everything' FROM endpoint"
        " WHERE school_id = %s AND takes <> 'notices' ORDER BY position, id",
        (school_id,),
    ).fetchall()
    return Receiver(school_id, name, tuple(each for (each,) in offerings), tuple(endpoints), OUT_OF_USE.get(rank, ""))
