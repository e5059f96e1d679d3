"""What stands in a public page's head for machines: its one address, and what it is about in the terms of schema.org.

A block of data is no script: browsers do not run it, so that the strict policy lets it be."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from leadgen.directory.taught import Spread, Taught
from leadgen.extensions import current_settings
from leadgen.guides.pay import Measure, PayRow
from leadgen.guides.program import Program

CONTEXT = "https://schema.org"
# what would end the block, or begin a comment in it
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_FIGURES = {Measure.average: "mean", Measure.median: "median"}

Thing = dict[str, Any]


def write_address(path: str) -> str:
    """The one address of a page, whatever host and query it was asked with."""
    return current_settings().base_url + path


def write_things(things: Iterable[Thing]) -> Markup:
    """One block with all of them, safe inside the page."""
    text = json.dumps({"@context": CONTEXT, "@graph": list(things)}, ensure_ascii=False)
    return Markup("".join(_ESCAPES.get(each, each) for each in text))  # noqa: S704 - escaped above


def describe_crumbs(crumbs: Sequence[tuple[str, str]]) -> Thing:
    """The way to the page: names and paths, from the list of programs down."""
    items = [
        {"@type": "ListItem", "position": at, "name": name, "item": write_address(path)}
        for at, (name, path) in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def describe_occupation(program: Program) -> Thing:
    """The work that the program leads to. Pay only where the guide gives some, of the whole country."""
    found: Thing = {
        "@type": "Occupation",
        "name": program.title,
        "description": program.standfirst,
        "occupationalCategory": [f"{code}.00" for code in program.soc_codes],
        "occupationLocation": {"@type": "Country", "name": "United States"},
    }
    if program.pay:
        measure = _FIGURES[program.pay.measure]
        found["estimatedSalary"] = [_describe_pay(row, measure, program.pay.year) for row in program.pay.rows]
    return found


def describe_program(program: Program, path: str, taught: Taught) -> Thing:
    """The training: what it is called, and how long and where the courses of our directory are."""
    found: Thing = {
        "@type": "EducationalOccupationalProgram",
        "name": program.title,
        "description": program.description,
        "url": write_address(path),
        "occupationalCategory": [f"{code}.00" for code in program.soc_codes],
        "occupationalCredentialAwarded": [_describe_title(each.name, each.body) for each in program.certifications],
    }
    if taught.months:
        found["timeToComplete"] = f"P{int(taught.months.least)}M"
    if taught.cost_usd:
        found["offers"] = _describe_cost(taught.cost_usd)
    if taught.offerings:
        found["educationalProgramMode"] = ["in-person", "online"] if taught.online else ["in-person"]
    return found


def describe_guide(program: Program, path: str) -> Thing:
    """The page itself: in which language its guide is, and when somebody last went through it."""
    return {
        "@type": "WebPage",
        "name": program.title,
        "url": write_address(path),
        "inLanguage": program.language,
        "lastReviewed": program.reviewed.isoformat(),
    }


def _describe_cost(cost: Spread) -> Thing:
    return {
        "@type": "AggregateOffer",
        "priceCurrency": "USD",
        "lowPrice": float(cost.least),
        "highPrice": float(cost.most),
        "offerCount": cost.given,
    }


def _describe_title(name: str, body: str) -> Mapping[str, Any]:
    by = {"@type": "Organization", "name": body}
    return {"@type": "EducationalOccupationalCredential", "name": name, "recognizedBy": by}


def _describe_pay(row: PayRow, measure: str, year: int) -> Thing:
    figures: Thing = {"median": row.usd} if measure == "median" else {"value": row.usd}
    if row.high_usd:
        figures["percentile90"] = row.high_usd
    return {
        "@type": "MonetaryAmountDistribution",
        "name": f"{row.role}, {measure}, {year}",
        "currency": "USD",
        "duration": "P1Y",
        **figures,
    }
