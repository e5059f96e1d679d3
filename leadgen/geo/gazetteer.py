"""Which ZIP codes bear a town's name, offline: as the post office's own name for them, or as one that it accepts."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import Any

from leadgen.geo.zips import list_rows

STATE_LETTERS, AREA_DIGITS = 2, 3
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}

# what the post office says of one ZIP code
Row = Mapping[str, Any]


def normalize(name: str) -> str:
    """As names are compared: without marks and case, ``St.`` like ``Saint``."""
    words = re.sub(r"[^\w\s]", " ", name).casefold().split()
    return " ".join(_SHORT.get(word, word) for word in words)


def find_rows(name: str, state: str | None) -> dict[str, list[Row]]:
    """The ZIP codes of a name, by state; a name that is only accepted counts where no town has it as its own."""
    own: dict[str, list[Row]] = defaultdict(list)
    accepted: dict[str, list[Row]] = defaultdict(list)
    for area in _index().get(name, ()):
        if _is_in(area, state):
            for row in _list_civil(area[STATE_LETTERS:]):
                _sort_in(row, name, area[:STATE_LETTERS], own, accepted)
    return {**accepted, **own}


def list_names(state: str | None) -> list[str]:
    """The names in a state, or in all of them."""
    return [name for name, areas in _index().items() if any(_is_in(area, state) for area in areas)]


def is_name(name: str) -> bool:
    """Whether any town is called so."""
    return name in _index()


def _sort_in(row: Row, name: str, state: str, own: dict[str, list[Row]], accepted: dict[str, list[Row]]) -> None:
    if row["state"] != state:
        return
    if normalize(row["city"]) == name:
        own[state].append(row)
    elif name in map(normalize, row["acceptable_cities"]):
        accepted[state].append(row)


def _is_in(area: str, state: str | None) -> bool:
    return state is None or area[:STATE_LETTERS] == state


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[str, ...]]:
    """By name, where ZIP codes have it, as their own or accepted: like ``IL604``, a state and three digits. The rows
    themselves would take a hundred times as much memory as these."""
    areas: dict[str, set[str]] = defaultdict(set)
    for row in _list_civil():
        area = intern(row["state"] + row["zip_code"][:AREA_DIGITS])
        for name in (row["city"], *row["acceptable_cities"]):
            areas[normalize(name)].add(area)
    return {name: tuple(sorted(of)) for name, of in areas.items()}


def _list_civil(first: str = "") -> Iterator[Row]:
    return (row for row in list_rows(first) if row["zip_code_type"] != "MILITARY" and float(row["lat"]))
