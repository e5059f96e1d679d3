"""Why each offering of the program was shown or not: every rule on each, as the directory stands now."""

from collections.abc import Sequence

from flask import render_template

from leadgen.extensions import db
from leadgen.matching.criteria import Criteria
from leadgen.matching.explain import Judged, explain_all
from leadgen.models import Inquiry
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.every_rule import show_every_rule


@bp.get("/inquiries/<reference>/why-not")
@audience(Audience.staff)
def why_not(reference: str) -> str:
    """Every offering of the program, those that fail least first, narrowed as the address says."""
    inquiry = require_inquiry(reference)
    explanation = explain_all(db.session, Criteria.from_json(inquiry.criteria))
    shown = find_shown(explanation.offerings, inquiry)
    return render_template("desk/why_not.html", inquiry=inquiry, **show_every_rule(explanation, shown))


def find_shown(offerings: Sequence[Judged], inquiry: Inquiry) -> list[Judged]:
    """The offerings that she was shown."""
    known = {match.offering_id for choice in inquiry.choices for match in choice.matches}
    return [judged for judged in offerings if judged.candidate.offering.id in known]
