"""Towns by name, offline: what people type where they know no ZIP code, like ``Joliet, IL``.

A name is looked up among the post office's names of its ZIP codes, and the other names that it accepts for them.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from math import cos, hypot, radians

from leadgen.geo.gazetteer import Row, find_rows, is_name, list_names, normalize
from leadgen.geo.states import STATE_NAMES
from leadgen.geo.zips import MalformedZip, Place, UnknownZip, ZipError, find_place, tell_military
from leadgen.marks import say

EXAMPLE = "60601 or Joliet, IL"
MOST_CHOICES = 40
MOST_GUESSES = 5
# ZIP codes of one name that lie in two counties, their middles farther apart than this, are two towns
APART_MILES = 25.0
MILES_PER_DEGREE = 69.0

_HAS_ZIP = re.compile(r"\d")
# mail for the forces: APO AE, FPO AP 96349
_MILITARY = re.compile(r"[ADF]\.?P\.?O\b\.?,? ?(A[AEP])?,? ?[\d-]*", re.IGNORECASE)
_STATE_CODES = {name.casefold(): code for code, name in STATE_NAMES.items()} | {
    code.casefold(): code for code in STATE_NAMES
}


class UnknownTown(ZipError):  # noqa: N818
    """No town of that name. ``guesses`` are towns whose names are nearly the same."""

    def __init__(self, message: str, guesses: Sequence["Place"] = ()) -> None:
        super().__init__(message)
        self.choices = tuple(guesses)


class AmbiguousTown(ZipError):  # noqa: N818
    """Several towns of that name. ``choices`` are all of them, by the names of their states."""

    def __init__(self, message: str, choices: Sequence["Place"]) -> None:
        super().__init__(message)
        self.choices = tuple(choices)


def find_typed(text: str) -> Place:
    """The place of what a person typed: a ZIP code, or a city and state. Of a town, the ZIP code at its middle.

    Raises ZipError, UnknownTown or AmbiguousTown."""
    typed = " ".join(text.split())[:80]
    if _MILITARY.fullmatch(typed):
        raise UnknownZip(tell_military(typed))
    if not typed or _HAS_ZIP.search(typed):
        try:
            return find_place(typed)
        except ZipError as error:
            if not isinstance(error, MalformedZip):
                raise
            both = say("Enter a ZIP code of five digits, like 60601, or a city and state, like Joliet, IL")
            raise MalformedZip(both) from None
    name, state = _read(typed)
    towns = _list_towns(name, state)
    if len(towns) == 1:
        return towns[0]
    if towns:
        raise AmbiguousTown(
            say("There is more than one %(town)s. Say which you mean", town=towns[0].city), towns[:MOST_CHOICES]
        )
    raise _tell_unknown(typed, name, state)


def say_town(place: Place) -> str:
    """Like ``Joliet, Illinois``."""
    return f"{place.city}, {STATE_NAMES.get(place.state, place.state)}"


def _read(typed: str) -> tuple[str, str | None]:
    """The name as it is looked up, and the state where one is named, after a comma or as the last words."""
    head, comma, tail = typed.rpartition(",")
    if comma:
        return normalize(head), _find_state(tail) or ""
    words = typed.split()
    for count in (1, 2, 3):
        state = _find_state(" ".join(words[-count:]))
        if state and len(words) > count and not is_name(normalize(typed)):
            return normalize(" ".join(words[:-count])), state
    return normalize(typed), None


def _find_state(words: str) -> str | None:
    """The state of ``IL``, ``I.L.``, ``D. C.`` or ``Illinois``."""
    named = words.replace(".", " ").split()
    letters = "".join(named)
    return _STATE_CODES.get((letters if len(letters) == len(named) else " ".join(named)).casefold())


def _list_towns(name: str, state: str | None) -> list[Place]:
    by_state = find_rows(name, state)
    towns = [town for each in sorted(by_state, key=STATE_NAMES.__getitem__) for town in _divide(by_state[each])]
    if state is not None:
        return towns
    # a part of another town is meant only where its state is named, or no town is called so
    return [town for town in towns if normalize(town.city) == name] or towns


def _divide(rows: Sequence[Row]) -> list[Place]:
    """The towns that these ZIP codes of one name and state belong to: mostly one."""
    middles: list[list[Row]] = []
    for row in rows:
        near = next((each for each in middles if _is_same_town(each[0], row)), None)
        if near is None:
            middles.append([row])
        else:
            near.append(row)
    found = [_pick_middle(each) for each in middles]
    return [place for place in found if place]


def _is_same_town(one: Row, other: Row) -> bool:
    return one["county"] == other["county"] or _measure(_point(one), _point(other)) <= APART_MILES


def _pick_middle(rows: Sequence[Row]) -> Place | None:
    """The place of the ZIP code nearest to the middle of them all; those where people live come first."""
    homes = [row for row in rows if row["zip_code_type"] == "STANDARD" and row["active"]] or list(rows)
    points = [_point(row) for row in homes]
    middle = tuple(sum(each) / len(points) for each in zip(*points, strict=True))
    for row in sorted(homes, key=lambda row: (_measure(_point(row), middle), row["zip_code"])):
        try:
            return find_place(row["zip_code"])
        except ZipError:
            continue
    return None


def _measure(one: Sequence[float], other: Sequence[float]) -> float:
    """Miles, as on a flat map: enough to tell what is near."""
    east = (one[1] - other[1] + 180) % 360 - 180
    return MILES_PER_DEGREE * hypot(one[0] - other[0], east * cos(radians(one[0])))


def _tell_unknown(typed: str, name: str, state: str | None) -> ZipError:
    if state == "":
        return UnknownTown(say("Enter a ZIP code, or a city and state, like %(example)s", example=EXAMPLE))
    names = list_names(state)
    close = get_close_matches(name, _shorten(names, name), n=MOST_GUESSES, cutoff=0.8)
    guesses = [town for each in close for town in _list_towns(each, state)]
    if guesses:
        return UnknownTown(
            say("We do not know %(typed)s. Did you mean one of these?", typed=typed), guesses[:MOST_GUESSES]
        )
    return UnknownTown(
        say("We do not know %(typed)s. Check it, or enter a ZIP code of five digits, like 60601", typed=typed)
    )


def _shorten(names: Iterable[str], name: str) -> list[str]:
    """Those worth a closer look: as long, but for two letters."""
    return [each for each in names if abs(len(each) - len(name)) <= 2]


def _point(row: Row) -> tuple[float, float]:
    return float(row["lat"]), float(row["long"])
