"""What a fault cost: counted after each case from our database, from what the prospects were told, and from the
schools' own log."""

import os
from collections import Counter
from dataclasses import asdict, dataclass

import pytest

from tests.conftest import DATABASES, TEST_ALL
from tests.fleet import Fleet

# the same faults at the same moments, as far as processes allow
SEED = int(os.environ.get("LEADGEN_FAULT_SEED", "20270304"))
LONG = os.environ.get("LEADGEN_FAULTS") == "long"


def run_on(database: str) -> pytest.MarkDecorator:
    """Each database in the long form; in the bounded one this alone, where there is a server for it."""
    only = [database] if database == "sqlite" or TEST_ALL else ["sqlite"]
    return pytest.mark.parametrize("fleet", DATABASES if LONG else only, indirect=True)


@dataclass(frozen=True)
class Tally:
    """One case. ``lost``: thanked inquiries that are not there, and deliveries said to be done that no school has.
    ``twice``: leads that a school counts more than once."""

    case: str
    database: str
    inquiries: int
    deliveries: int
    delivered: int
    uncertain: int
    other: int
    lost: int
    twice: int
    seconds: float

    def spell(self) -> dict[str, object]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Mark:
    """Where a case begins."""

    inquiry: int
    delivery: int
    thanked: int


def mark(fleet: Fleet) -> Mark:
    """Remember what was there before."""
    ((inquiry, delivery),) = fleet.query(
        "SELECT coalesce((SELECT max(id) FROM inquiry), 0), coalesce((SELECT max(id) FROM delivery), 0)"
    )
    return Mark(inquiry, delivery, len(fleet.thanked))


def count_since(fleet: Fleet, begin: Mark, case: str, database: str, seconds: float) -> Tally:
    """Count what became of all that came since."""
    rows = fleet.query(
        "SELECT d.key, d.state, e.kind, l.reference FROM delivery d JOIN endpoint e ON e.id = d.endpoint_id"
        " JOIN lead l ON l.id = d.lead_id WHERE d.id > :first",
        first=begin.delivery,
    )
    states = [state for _, state, *_ in rows]
    taken, filed = _count_taken(fleet), Counter(fleet.filed)
    sent = [
        (filed[lead] if kind == "batch" else taken[key], state) for key, state, kind, lead in rows if kind != "portal"
    ]
    return Tally(
        case=case,
        database=database,
        inquiries=fleet.query("SELECT count(*) FROM inquiry WHERE id > :first", first=begin.inquiry)[0][0],
        deliveries=len(rows),
        delivered=states.count("delivered"),
        uncertain=states.count("uncertain"),
        other=len(rows) - states.count("delivered") - states.count("uncertain"),
        lost=_count_forgotten(fleet, begin) + sum(state == "delivered" and not copies for copies, state in sent),
        twice=sum(copies > 1 for copies, _ in sent),
        seconds=round(seconds, 1),
    )


def _count_taken(fleet: Fleet) -> Counter[str]:
    """How often the schools count each key as received. A mail's key is its Message-ID, which holds ours and a mark."""
    taken = [arrival["key"] for arrival in fleet.school_arrivals() if arrival["taken"]]
    return Counter(key.strip("<>").partition("@")[0].partition(".")[0] for key in taken)


def _count_forgotten(fleet: Fleet, begin: Mark) -> int:
    """Inquiries that somebody was thanked for and that are not there exactly once (I7)."""
    known = Counter(reference for (reference,) in fleet.query("SELECT reference FROM inquiry"))
    return sum(known[reference] != 1 for reference in fleet.thanked[begin.thanked :])


HEAD = ("case", "database", "inquiries", "deliveries", "delivered", "uncertain", "other", "lost", "twice", "seconds")


def draw_table(tallies: list[dict[str, object]]) -> list[str]:
    """The table that is printed at the end and stands in the README."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    return lines + ["| " + " | ".join(str(tally[name]) for name in HEAD) + " |" for tally in tallies]
