"""Up to four schools of her list beside each other: the same facts in the same order, in a table that prints."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.extensions import limiter
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.arrange import read_view
from leadgen.web.prospect.cards import lay_out
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.schools import keep_ticks
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext

FEWEST, MOST = 2, 4
COMPARE = "compare"


@bp.post("/schools/view")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.schools)
def save_view(draft: OpenDraft) -> Page:
    """Keep her ticks, and go on to the address that says how she wants to look at the list, or which schools of it she
    wants to compare."""
    keep_ticks(draft, request.form.getlist("schools"))
    keep(draft)
    picked = request.form.getlist(COMPARE)
    if request.form.get("go") != COMPARE:
        return _show_list(read_view(request.form).to_query(), picked)
    if not FEWEST <= len(picked) <= MOST:
        flash(gettext("Tick two to four schools under “Compare”, then press the button again."), "warn")
        return _show_list(read_view(request.form).to_query(), picked)
    return redirect(url_for("inquiry.compare", school=picked), 303)


@bp.get("/compare")
@audience(Audience.everybody)
@needs_draft(Step.schools)
def compare(draft: OpenDraft) -> Page:
    """The table. What is not on her list is left out, and with fewer than two she is at the list again."""
    assert draft.shown is not None  # `needs_draft` has led everybody else away
    wanted = request.args.getlist("school")
    layout = lay_out(draft.shown)
    cards = [card for card in layout.cards if card.school_id in wanted][:MOST]
    if len(cards) < FEWEST:
        return go_to(Step.schools)
    rows = [(name, [dict(card.facts)[name] for card in cards]) for name, _ in cards[0].facts]
    return render_template("prospect/inquiry/compare.html", cards=cards, rows=rows, ticked=draft.answers.ticked)


def _show_list(query: dict[str, str], picked: Sequence[str]) -> Response:
    words: dict[str, Any] = {**query, COMPARE: list(picked)}
    return redirect(url_for("inquiry.schools", **words), 303)
