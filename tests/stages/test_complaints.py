"""A school of which somebody complained comes later among equals, for 90 days, and never behind a worse one."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.journey.own_data import complain
from leadgen.matching.complaints import find_complained_of
from leadgen.matching.criteria import Criteria
from leadgen.matching.find import find_matches
from leadgen.models import Complaint, Inquiry, Offering
from tests.inquiries import add_school, send_inquiry

SEEDS = [f"draft {number}" for number in range(12)]


def make(session: Session) -> Inquiry:
    for school in ("larkspur", "bramble", "harebell"):
        add_school(session, school)
    return send_inquiry(session, ["larkspur"])


def list_orders(session: Session) -> set[tuple[str, ...]]:
    asked = Criteria("medical-billing-and-coding", "60601")
    found = [find_matches(session, asked, seed=seed) for seed in SEEDS]
    return {tuple(match.school_id for match in each.matches) for each in found}


def test_among_equals_it_comes_last_whoever_asks(session: Session) -> None:
    inquiry = make(session)
    assert len({order[-1] for order in list_orders(session)}) > 1, "equals take turns"
    assert complain(session, inquiry, "larkspur")
    orders = list_orders(session)
    assert {order[-1] for order in orders} == {"larkspur"}
    assert len({order[0] for order in orders}) > 1, "the others take turns as before"


def test_better_score_outweighs_a_complaint(session: Session) -> None:
    inquiry = make(session)
    session.execute(update(Offering).where(Offering.school_id == "larkspur").values(length_months=9))
    complain(session, inquiry, "larkspur")
    assert {order[0] for order in list_orders(session)} == {"larkspur"}


def test_after_90_days_it_is_over_and_once_is_once(session: Session) -> None:
    inquiry = make(session)
    assert complain(session, inquiry, "larkspur")
    assert not complain(session, inquiry, "larkspur")
    assert not complain(session, inquiry, "bramble"), "she agreed to no such school"
    assert find_complained_of(session) == {"larkspur"}
    session.execute(update(Complaint).values(made_at=now(session) - timedelta(days=91)))
    assert find_complained_of(session) == frozenset()
