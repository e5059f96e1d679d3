"""What `leadgen match` prints for people."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadgen.geo.zips import Place
from leadgen.matching.course import NOT_GIVEN
from leadgen.matching.criteria import Criteria, Found, Matched, NearMiss
from leadgen.matching.explain import Explained, Explanation
from leadgen.matching.rules import Rule

LISTED = "does not take inquiries through us"


def print_found(found: Found) -> None:
    """A table of what fits, and the near misses where few do."""
    console = Console()
    console.print(f"{_say_search(found.criteria, found.place)}: {found.total:,} fit.", soft_wrap=True)
    if found.matches:
        console.print(_tabulate(found.matches))
    if found.total > len(found.matches):
        console.print(f"Shown are the first {len(found.matches)}; --limit shows more.")
    if found.near_misses:
        console.print("Near misses:")
        for miss in found.near_misses:
            console.print(f"  {escape(_say_near_miss(miss))}", soft_wrap=True)


def print_explanation(explanation: Explanation, shown: Iterable[Explained]) -> None:
    """Every offering, and under it every rule."""
    console = Console()
    search, count = _say_search(explanation.criteria, explanation.place), len(explanation.offerings)
    version = explanation.directory_version
    console.print(f"{search}: {explanation.total:,} of {count:,} fit. Directory version {version}.", soft_wrap=True)
    printed = 0
    for one in shown:
        _print_explained(console, one)
        printed += 1
    if printed < count:
        console.print(f"\nShown are the first {printed:,} of {count:,}; without --limit all are.")


def _print_explained(console: Console, one: Explained) -> None:
    failure = one.judged.first_failure
    where = f"{one.description.school}, {one.description.city}, {one.description.state}"
    verdict = "[green]fits[/]" if failure is None else f"[red]fails by {failure.rule}[/]"
    console.print(f"\n[bold]{escape(where)}[/] ({escape(one.judged.candidate.offering.id)}) {verdict}", soft_wrap=True)
    console.print(f"  score {one.score:.2f}: {one.says_parts}", soft_wrap=True, highlight=False)
    for result in one.judged.results:
        mark = "[green]passed[/]" if result.passed else "[red]failed[/]"
        value = escape(f"{result.value}: {result.words}")
        console.print(f"  {mark} {result.rule:<14} {value}", soft_wrap=True, highlight=False)


def _tabulate(matches: Iterable[Matched]) -> Table:
    table = Table("", "School", "Offers", "Why", "Score", show_lines=True)
    for match in matches:
        table.add_row(
            str(match.rank),
            escape(f"{match.school}\n{match.city}, {match.state}" + (f"\n{LISTED}" if match.listed else "")),
            escape("\n".join(_list_facts(match))),
            escape("\n".join(match.reasons)),
            f"{match.score:.2f}",
        )
    return table


def _list_facts(match: Matched) -> list[str]:
    return [
        f"{match.credential}, {match.format}",
        f"Length: {f'{match.length_months} months' if match.length_months else match.length or NOT_GIVEN}"
        + (f", {match.clock_hours:,} clock hours" if match.clock_hours else ""),
        f"Cost: {NOT_GIVEN if match.cost_usd is None else f'${match.cost_usd:,.0f}'}",
        f"For: {NOT_GIVEN if match.certifications is None else ', '.join(match.certifications)}",
    ]


def _say_search(criteria: Criteria, place: Place) -> str:
    radius = "any distance" if criteria.within_miles is None else f"within {criteria.within_miles} miles"
    where = f"{criteria.zip} ({place.city}, {place.state})"
    if criteria.latitude is not None:
        where = f"{place.latitude}, {place.longitude}, near {place.city}, {place.state} {place.zip}"
    return escape(f"{criteria.program}, {criteria.format}, {radius} of {where}")


def _say_near_miss(miss: NearMiss) -> str:
    where = f"{miss.school}, {miss.city}, {miss.state}"
    if miss.rule != Rule.distance:  # its reason says how far
        where += " (online)" if miss.distance_miles is None else f" ({miss.distance_miles:,.1f} miles)"
    return f"{where}: {miss.reason}" + (f" ({LISTED})" if miss.listed else "")
