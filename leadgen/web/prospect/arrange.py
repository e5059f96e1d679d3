"""How the list is looked at: in which order, and which of its schools. All of it stands in the address, and nothing
about her does: sorting and hiding change nothing that is kept, and no school that she ticked is hidden."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from leadgen.intake.answers import ShownMatch, ShownSchool
from leadgen.models import Format
from leadgen.web.translate import lazy_gettext


class Sort(StrEnum):
    """In which order. ``fit`` is that of the list as shown."""

    fit = "fit"
    cost = "cost"
    length = "length"
    start = "start"
    distance = "distance"


class Where(StrEnum):
    """Which schools, by where they teach."""

    everywhere = ""
    near = "near"
    online = "online"


SORT_WORDS = {
    Sort.fit: lazy_gettext("Fit"),
    Sort.cost: lazy_gettext("Cost, lowest first"),
    Sort.length: lazy_gettext("Length, shortest first"),
    Sort.start: lazy_gettext("Next start, soonest first"),
    Sort.distance: lazy_gettext("Distance, nearest first"),
}
WHERE_WORDS = {
    Where.everywhere: lazy_gettext("Near you and online"),
    Where.near: lazy_gettext("Near you only"),
    Where.online: lazy_gettext("Online only"),
}
GIVEN = "given"


@dataclass(frozen=True)
class View:
    """One way to look at the list. ``priced``, ``dated``: only schools that have given a price, or a next start;
    ``through_us``: only schools that take inquiries through us."""

    sort: Sort = Sort.fit
    where: Where = Where.everywhere
    priced: bool = False
    dated: bool = False
    through_us: bool = False

    @property
    def is_filtered(self) -> bool:
        return bool(self.where or self.priced or self.dated or self.through_us)

    def to_query(self) -> dict[str, str]:
        """The part of the address that says so; empty for the list as it comes."""
        asked = {
            "sort": "" if self.sort is Sort.fit else str(self.sort),
            "where": str(self.where),
            "price": GIVEN if self.priced else "",
            "start": GIVEN if self.dated else "",
            "takes": GIVEN if self.through_us else "",
        }
        return {name: value for name, value in asked.items() if value}


def read_view(words: Mapping[str, str]) -> View:
    """The reverse of `View.to_query`; what is none of ours counts as not asked."""
    sort, where = words.get("sort", ""), words.get("where", "")
    return View(
        sort=Sort(sort) if sort in list(Sort) else Sort.fit,
        where=Where(where) if where in list(Where) else Where.everywhere,
        priced=words.get("price") == GIVEN,
        dated=words.get("start") == GIVEN,
        through_us=words.get("takes") == GIVEN,
    )


def arrange(
    schools: Sequence[ShownSchool], view: View, ticked: Collection[str], pick_main: Callable[[ShownSchool], ShownMatch]
) -> list[ShownSchool]:
    """The schools of a view in its order; ``pick_main`` gives the course that a card tells about. Unknown values come
    last, and equals stay in the order of fit."""
    seen = [school for school in schools if school.school_id in ticked or _is_shown(school, pick_main(school), view)]
    key = _KEYS.get(view.sort)
    return sorted(seen, key=lambda school: _last_if_unknown(key(pick_main(school)))) if key else seen


def _is_shown(school: ShownSchool, main: ShownMatch, view: View) -> bool:
    is_online = main.format == Format.online
    return (
        (not view.where or is_online == (view.where is Where.online))
        and (not view.priced or main.cost_usd is not None)
        and (not view.dated or main.next_start is not None)
        and (not view.through_us or not school.listed)
    )


_KEYS: dict[Sort, Callable[[ShownMatch], Decimal | int | float | None]] = {
    Sort.cost: lambda main: main.cost_usd,
    Sort.length: lambda main: main.length_months,
    Sort.start: lambda main: date.fromisoformat(main.next_start).toordinal() if main.next_start else None,
    Sort.distance: lambda main: main.distance_miles,
}


def _last_if_unknown(value: Decimal | int | float | None) -> tuple[bool, Decimal | int | float]:
    return value is None, value if value is not None else 0
