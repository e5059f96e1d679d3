"""Why the other offerings of the program were not shown: every rule on each, as the directory stands now."""

from collections import Counter
from collections.abc import Sequence

from flask import abort, render_template, request

from leadgen.extensions import db
from leadgen.matching.criteria import Criteria
from leadgen.matching.explain import Judged, explain_all
from leadgen.matching.rules import Rule
from leadgen.models import Inquiry
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.pages import read_page
from leadgen.web.translate import lazy_gettext

PAGE_SIZE = 50
FITS = "fits"
SHOWN = "shown"

RULE_WORDS: dict[str, str] = {
    Rule.school: lazy_gettext("School does not take inquiries"),
    Rule.room: lazy_gettext("School is full"),
    Rule.format: lazy_gettext("Another format"),
    Rule.distance: lazy_gettext("Too far away"),
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
    FITS: lazy_gettext("Fits now"),
    SHOWN: lazy_gettext("On the list shown"),
}


@bp.get("/inquiries/<reference>/why-not")
@audience(Audience.staff)
def why_not(reference: str) -> str:
    """The other offerings, those that fail least first; ``?rule=`` keeps those that fail by one rule first, or gives
    those that were on her list, with every rule as it stands now."""
    inquiry = require_inquiry(reference)
    rule = request.args.get("rule", "")
    if rule and rule not in RULE_WORDS:
        abort(404)
    explanation = explain_all(db.session, Criteria.from_json(inquiry.criteria))
    shown, others = split_shown(explanation.offerings, inquiry)
    chosen = shown if rule == SHOWN else [judged for judged in others if not rule or name_rule(judged) == rule]
    page = read_page(len(chosen), PAGE_SIZE)
    return render_template(
        "desk/why_not.html",
        inquiry=inquiry,
        rule=rule,
        rules=RULE_WORDS,
        counts=Counter(map(name_rule, others)) + Counter({SHOWN: len(shown)}),
        total=len(others),
        page=page,
        rows=explanation.show(db.session, chosen[page.offset : page.offset + page.size]),
    )


def split_shown(offerings: Sequence[Judged], inquiry: Inquiry) -> tuple[list[Judged], list[Judged]]:
    """The offerings that she was shown, and those that she was not."""
    known = {match.offering_id for choice in inquiry.choices for match in choice.matches}
    shown = [judged for judged in offerings if judged.candidate.offering.id in known]
    return shown, [judged for judged in offerings if judged.candidate.offering.id not in known]


def name_rule(judged: Judged) -> str:
    """The first rule that fails, or ``fits``."""
    return judged.first_failure.rule if judged.first_failure else FITS
