"""What a reviewer looks at, and how often: every bin, an inquiry, the search, a school."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from leadgen.review.worklist import Bin
from tests.benchmarks.someone import Someone

BINS = tuple(Bin)
# after each look at a bin: one inquiry always, and one of these
THEN = ("inquiry", "search by reference", "search by email", "search by facts", "inquiries", "school", "schools")


@dataclass(frozen=True)
class Visit:
    """One page: its kind, and the form that is posted, if any."""

    kind: str
    path: str
    form: dict[str, str] | None = None


@dataclass(frozen=True)
class Known:
    """What there is to ask for. ``people`` is how many inquired."""

    references: Sequence[str]
    schools: Sequence[str]
    states: Sequence[str]
    people: int

    @classmethod
    def from_filled(cls, filled: dict[str, Any]) -> "Known":
        return cls(filled["references"], filled["schools"], filled["states"], filled["rows"]["inquiry"])

    def list_kinds(self, dice: Random) -> list[Visit]:
        """One visit of each kind."""
        return [self.look_at(which) for which in BINS] + [self.make(kind, dice) for kind in THEN]

    def look_at(self, which: Bin) -> Visit:
        """A bin of the worklist."""
        return Visit(f"worklist: {which}", f"/desk?bin={which}")

    def make(self, kind: str, dice: Random) -> Visit:
        """A visit of that kind."""
        match kind:
            case "inquiry":
                return Visit(kind, f"/desk/inquiries/{dice.choice(self.references)}")
            case "search by reference":
                return Visit(kind, "/desk/search", {"q": dice.choice(self.references)})
            case "search by email":
                return Visit(kind, "/desk/search", {"q": Someone(dice.randrange(self.people)).email})
            case "search by facts":
                school, state = dice.choice(self.schools), dice.choice(self.states)
                since = datetime.now(UTC).date() - timedelta(days=dice.choice((7, 30, 180)))
                return Visit(kind, f"/desk/inquiries?school={school}&state={state}&since={since}")
            case "inquiries":
                return Visit(kind, "/desk/inquiries")
            case "school":
                return Visit(kind, f"/desk/schools/{dice.choice(self.schools)}")
        return Visit(kind, "/desk/schools")
