"""People in bulk, made inside the app rather than page by page: complete drafts, or whole inquiries.

``python -m tests.benchmarks.people drafts|inquiries COUNT FIRST`` prints JSON: for drafts the cookie of each,
for inquiries the ids of the deliveries that are due.
"""

import json
import sys
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.app import create_app
from leadgen.clock import now
from leadgen.extensions import current_settings, db
from leadgen.intake.answers import Answers, Shown
from leadgen.intake.draft import OpenDraft, save_draft, start_draft
from leadgen.intake.submit import Visit
from leadgen.journey.search import read_criteria, show
from leadgen.journey.submit import submit_inquiry
from leadgen.matching.find import find_matches
from leadgen.models import Delivery, Endpoint, EndpointKind
from leadgen.tokens import make_token
from leadgen.vault import open_vault
from tests.benchmarks.someone import TICKED, Someone

# in this one the sample shows nine schools with fourteen offerings: the inquiries made here are all of one size
ZIP = "60601"
PAGE_BYTES = 12_000
TOGETHER = 20


def make_draft(session: Session, number: int) -> tuple[str, OpenDraft]:
    """A draft that is complete up to the last page, with two schools ticked that receive by webhook."""
    someone = Someone(number)
    token, draft = start_draft(session, open_vault(), _answer())
    draft.shown = replace(_search(), shown_at=now(session).isoformat())
    by_webhook = _find_webhook_schools()
    offered = [school.school_id for school in draft.shown.schools]
    draft.answers.ticked = _take_turns([school for school in offered if school in by_webhook], number)
    draft.answers.channels = {school: ["email", "call"] for school in draft.answers.ticked}
    draft.answers.person = someone.describe()
    draft.answers.form_token = make_token()
    save_draft(session, draft)
    return token, draft


def _take_turns(schools: list[str], number: int) -> list[str]:
    """As many as a person ticks, others for the next person where there are enough."""
    assert len(schools) >= TICKED, f"too few schools with a webhook: {schools}"
    return [schools[(number * TICKED + place) % len(schools)] for place in range(TICKED)]


def make_inquiry(session: Session, number: int) -> None:
    """What the last post does, with a page of the usual size."""
    _, draft = make_draft(session, number)
    session.flush()
    visit = Visit("/inquiry/check", "192.0.2.10", f"<p>{number}</p>" * (PAGE_BYTES // 10))
    submit_inquiry(session, open_vault(), current_settings(), draft, visit, "Medical billing and coding")


def _answer() -> Answers:
    return Answers(
        answered=["goals", "place", "eligibility"],
        program="medical-billing-and-coding",
        zip=ZIP,
        format="any",
        within_miles=50,
        adult=True,
        education="high_school",
    )


@lru_cache
def _search() -> Shown:
    return show(find_matches(db.session, read_criteria(_answer(), now(db.session).date()), limit=20), "")


@lru_cache
def _find_webhook_schools() -> frozenset[str]:
    query = select(Endpoint.school_id).where(Endpoint.kind == EndpointKind.webhook, Endpoint.retired_at.is_(None))
    return frozenset(db.session.scalars(query))


def _make(kind: str, count: int, first: int) -> list[object]:
    before = db.session.scalar(select(Delivery.id).order_by(Delivery.id.desc()).limit(1)) or 0
    cookies: list[object] = []
    for number in range(first, first + count):
        if kind == "drafts":
            cookies.append(make_draft(db.session, number)[0])
        else:
            make_inquiry(db.session, number)
            db.session.info.pop("nudges", None)  # the benchmark nudges by itself
        if number % TOGETHER == 0:
            db.session.commit()
    db.session.commit()
    return cookies or list(db.session.scalars(select(Delivery.id).where(Delivery.id > before).order_by(Delivery.id)))


if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps(_make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
