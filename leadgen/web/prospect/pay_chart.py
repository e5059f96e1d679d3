"""Bars of the pay chart. Widths are shares of the chart, so that it fits a phone without losing its type size."""

from dataclasses import dataclass

from leadgen.guides.pay import Pay

# the longest bar leaves room for its figure at the width of a phone
LONGEST_PERCENT = 74
BAR_HEIGHT = 28
ROLE_HEIGHT = 38


@dataclass(frozen=True)
class Bars:
    """The bars of one role: where they start, in pixels from the top, and how long they are, in percent. The second is
    left out where the source does not tell what the highest-paid tenth reach."""

    role: str
    top: int
    usd: int
    percent: float
    high_usd: int | None
    high_percent: float


@dataclass(frozen=True)
class Chart:
    """All bars, and how tall they are together."""

    bars: tuple[Bars, ...]
    height: int


def draw_pay(pay: Pay) -> Chart:
    """Every role's bars on one scale from zero to the highest figure."""
    highest = max(row.high_usd or row.usd for row in pay.rows)

    def share(usd: int | None) -> float:
        return round((usd or 0) / highest * LONGEST_PERCENT, 1)

    bars, top = [], 0
    for row in pay.rows:
        bars.append(Bars(row.role, top, row.usd, share(row.usd), row.high_usd, share(row.high_usd)))
        top += ROLE_HEIGHT + BAR_HEIGHT * (2 if row.high_usd else 1)
    return Chart(tuple(bars), top - 10)
