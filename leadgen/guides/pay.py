"""What the work pays and how many do it later, each of a stated time and from a stated source."""

from dataclasses import dataclass
from enum import StrEnum

from leadgen.guides.shape import STRICT


class Measure(StrEnum):
    """What the figure in the middle is: the sum shared out evenly, or the pay that half earn more than."""

    average = "average"
    median = "median"


@dataclass(frozen=True)
class PayRow:
    """Yearly pay of one role in US dollars: the middle, and what the highest-paid tenth reach where it was read."""

    __pydantic_config__ = STRICT

    role: str
    usd: int
    high_usd: int | None = None


@dataclass(frozen=True)
class Pay:
    """Pay figures of one year from one source."""

    __pydantic_config__ = STRICT

    year: int
    source: str
    rows: tuple[PayRow, ...]
    measure: Measure = Measure.average

    @property
    def has_high(self) -> bool:
        return any(row.high_usd for row in self.rows)


@dataclass(frozen=True)
class Outlook:
    """How the number of workers is expected to change. ``words`` are the source's scale, as in mid-sentence;
    ``since`` is None where only the end was told."""

    __pydantic_config__ = STRICT

    words: str
    until: int
    source: str
    since: int | None = None
    percent: int | None = None
