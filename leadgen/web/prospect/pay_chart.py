"""Bars of the pay chart. Widths are shares of the chart, so that it fits a phone without losing its type size."""

from dataclasses import dataclass

from leadgen.guides.program import Pay

# the longest bar leaves room for its figure at the width of a phone
LONGEST_PERCENT = 74
ROLE_HEIGHT = 94


@dataclass(frozen=True)
class Bars:
    """The two bars of one role: where they start, in pixels from the top, and how long they are, in percent."""

    role: str
    top: int
    average_usd: int
    average_percent: float
    high_usd: int
    high_percent: float


def draw_pay(pay: Pay) -> tuple[Bars, ...]:
    """Every role's bars on one scale from zero to the highest figure."""
    highest = max(row.high_usd for row in pay.rows)

    def share(usd: int) -> float:
        return round(usd / highest * LONGEST_PERCENT, 1)

    return tuple(
        Bars(row.role, at * ROLE_HEIGHT, row.average_usd, share(row.average_usd), row.high_usd, share(row.high_usd))
        for at, row in enumerate(pay.rows)
    )
