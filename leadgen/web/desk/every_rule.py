"""Every offering of a program with every rule, as the desk shows it: narrowed by rule and by school, in pages."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, request

from leadgen.extensions import db
from leadgen.matching.explain import Explanation, Judged, find_school_ids
from leadgen.matching.rules import Rule
from leadgen.web.pages import read_page
from leadgen.web.translate import lazy_gettext

PAGE_SIZE = 50
NAME_CHARACTERS = 80
FITS, SHOWN = "fits", "shown"

RULE_NAMES: dict[str, str] = {
    Rule.school: lazy_gettext("School"),
    Rule.room: lazy_gettext("Room"),
    Rule.format: lazy_gettext("Format"),
    Rule.distance: lazy_gettext("Distance"),
    Rule.area: lazy_gettext("Area served"),
    Rule.state: lazy_gettext("State"),
    Rule.credential: lazy_gettext("Credential"),
    Rule.certifications: lazy_gettext("Certifications"),
    Rule.length: lazy_gettext("Length"),
    Rule.cost: lazy_gettext("Cost"),
    Rule.schedule: lazy_gettext("Class times"),
    Rule.start: lazy_gettext("Next start"),
    Rule.language: lazy_gettext("Language"),
    Rule.min_age: lazy_gettext("Age"),
    Rule.education: lazy_gettext("Schooling"),
}


RULE_WORDS: dict[str, str] = {
    SHOWN: lazy_gettext("On the list shown"),
    FITS: lazy_gettext("Fits now"),
    Rule.school: lazy_gettext("School does not take inquiries"),
    Rule.room: lazy_gettext("School is full"),
    Rule.format: lazy_gettext("Another format"),
    Rule.distance: lazy_gettext("Too far away"),
    Rule.area: lazy_gettext("Does not serve the place"),
    Rule.state: lazy_gettext("Not open to the state"),
    Rule.credential: lazy_gettext("Another credential"),
    Rule.certifications: lazy_gettext("Certification not prepared for"),
    Rule.length: lazy_gettext("Takes too long"),
    Rule.cost: lazy_gettext("Costs too much"),
    Rule.schedule: lazy_gettext("Classes at other times"),
    Rule.start: lazy_gettext("Starts too late"),
    Rule.language: lazy_gettext("Another language"),
    Rule.min_age: lazy_gettext("Too young"),
    Rule.education: lazy_gettext("Needs more schooling"),
}


def show_every_rule(explanation: Explanation, on_list: Sequence[Judged] = ()) -> dict[str, Any]:
    """What the page needs: ``?rule=`` keeps those that fail by one rule first (or fit, or were on the list), ``only``
    those that fail by one rule alone, ``school`` those of schools with that in their name."""
    rule, only = request.args.get("rule", ""), request.args.get("only") == "1"
    school = " ".join(request.args.get("school", "").split())[:NAME_CHARACTERS]
    if rule and rule not in RULE_WORDS:
        abort(404)
    listed = {judged.candidate.offering.id for judged in on_list}
    is_sought = _make_filter(only, school)
    found = [judged for judged in explanation.offerings if is_sought(judged)]
    chosen = [each for each in found if not rule or rule in _name_filters(each, listed)]
    page = read_page(len(chosen), PAGE_SIZE)
    return {
        "explanation": explanation,
        "rule": rule,
        "only": only,
        "sought": school,
        "rules": RULE_WORDS,
        "rule_names": RULE_NAMES,
        "listed": listed,
        "counts": Counter(name for each in found for name in _name_filters(each, listed)),
        "found": len(found),
        "page": page,
        "rows": explanation.show(db.session, chosen[page.offset : page.offset + page.size]),
        "narrowed": {"only": "1" if only else None, "school": school or None},
    }


def _name_filters(judged: Judged, listed: set[str]) -> tuple[str, ...]:
    """The first rule that fails, or that it fits; and whether it was on the list."""
    first = judged.first_failure.rule if judged.first_failure else FITS
    return (first, SHOWN) if judged.candidate.offering.id in listed else (first,)


def _make_filter(only: bool, school: str) -> Callable[[Judged], bool]:
    ids = find_school_ids(db.session, school) if school else None
    return lambda judged: (
        (not only or judged.fails_by_one) and (ids is None or judged.candidate.offering.school_id in ids)
    )
