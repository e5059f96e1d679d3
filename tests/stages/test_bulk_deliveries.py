"""Jobs on what became of leads: deliveries, letters, endpoints, notices and returns; and back again."""

from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.delivery.set_aside import put_back, set_aside
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.invariants import find_breaches
from leadgen.journey.bulk.kinds import JobKind
from leadgen.journey.bulk.plan import plan_job
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Delivery,
    DispositionReport,
    Endpoint,
    EndpointState,
    Event,
    Inquiry,
    JobItemState,
    Lead,
    Letter,
    State,
)
from leadgen.review.wanted import Bin, Wanted
from leadgen.review.worklist import count_bins
from leadgen.vault import open_vault
from tests.inquiries import send_inquiry
from tests.stages.bulk_jobs import DONE, rita, run, start, undo
from tests.web.workplace import settle

__all__ = ["rita"]  # a fixture, used by name


def fail(session: Session, school: str = "larkspur", state: State = State.failed) -> Delivery:
    send_inquiry(session, [school])
    delivery = settle(session, session.scalars(select(Lead).where(Lead.school_id == school)).one(), state, "422")
    delivery.attempts[0].started_at -= timedelta(minutes=5)
    session.commit()
    return delivery


def test_failed_deliveries_and_letters_go_out_again(session: Session, rita: int) -> None:
    delivery = fail(session)
    session.execute(update(Letter).values(state=State.failed))
    session.commit()
    assert run(session, start(session, JobKind.send_again, rita)) == [DONE] * 2
    assert delivery.state is State.pending
    assert session.scalars(select(Letter.state)).one() is State.pending


def test_a_delivery_that_was_to_go_out_again_is_kept_back(session: Session, rita: int) -> None:
    delivery = fail(session)
    job = start(session, JobKind.send_again, rita)
    run(session, job)
    assert run(session, undo(session, job, rita)) == [DONE]
    assert (delivery.state, delivery.reason) == (State.failed, "taken_back")
    assert list(find_breaches(session)) == []


def test_withdrawn_and_old_leads_are_not_sent_again(session: Session, rita: int) -> None:
    delivery = fail(session)
    keys = [f"delivery:{delivery.id}"]
    lead = session.scalars(select(Lead)).one()
    released, lead.released_at = lead.released_at, lead.released_at - timedelta(days=31)
    (item,) = plan_job(session, JobKind.send_again, Wanted(Bin.failed), keys, rita).items
    assert "older than 30 days" in (item.obstacle or "")
    lead.released_at = released
    withdraw_inquiry(session, lead.inquiry_id, None, "prospect")
    (item,) = plan_job(session, JobKind.send_again, Wanted(Bin.failed), keys, rita).items
    assert "withdrawn" in (item.obstacle or "")


def test_failed_lines_are_set_aside_and_put_back(session: Session, rita: int) -> None:
    fail(session)
    job = start(session, JobKind.set_aside, rita)
    assert run(session, job) == [DONE]
    assert count_bins(session)[Bin.failed] == 0
    assert run(session, undo(session, job, rita)) == [DONE]
    assert count_bins(session)[Bin.failed] == 1
    told = session.scalars(select(Event).where(Event.kind == "delivery.put_back")).one()
    assert told.data["reason"] == "job_taken_back"


def test_what_somebody_set_aside_anew_since_stays_aside(session: Session, rita: int) -> None:
    delivery = fail(session)
    job = start(session, JobKind.set_aside, rita)
    assert run(session, job) == [DONE]
    sleep(0.01)  # SQLite's clock counts milliseconds
    put_back(session, delivery, "user:77", "by_mistake")
    session.commit()
    set_aside(session, delivery, "user:77", "no_longer_wanted")
    session.commit()
    ((state, why),) = run(session, undo(session, job, rita))
    assert (state, delivery.set_aside) == (JobItemState.skipped, "no_longer_wanted")
    assert "aside anew since" in (why or "")


@pytest.mark.parametrize(("kind", "state"), [("received", State.delivered), ("not_received", State.pending)])
def test_uncertain_deliveries_are_settled(session: Session, rita: int, kind: str, state: State) -> None:
    delivery = fail(session, state=State.uncertain)
    assert run(session, start(session, JobKind(kind), rita)) == [DONE]
    assert delivery.state is state


def test_stopped_endpoints_are_resumed_and_those_at_their_cap_are_not(session: Session, rita: int) -> None:
    send_inquiry(session, ["larkspur"])
    session.execute(update(Delivery).values(state=State.held, reason="cap"))
    session.execute(update(Endpoint).where(Endpoint.school_id == "bramble").values(state=EndpointState.broken))
    session.commit()
    job = start(session, JobKind.resume, rita)
    ended = dict(zip([item.label for item in job.items], run(session, job), strict=True))
    assert ended["Bramble Institute: webhook"] == DONE
    assert "cap frees by itself" in (ended["Larkspur Institute: webhook"][1] or "")


def test_an_endpoint_that_was_not_tested_is_not_resumed_in_bulk(session: Session, rita: int) -> None:
    send_inquiry(session, ["larkspur"])
    session.execute(update(Endpoint).where(Endpoint.school_id == "larkspur").values(state=EndpointState.testing))
    session.commit()
    job = start(session, JobKind.resume, rita)
    assert "Send a test first" in (run(session, job)[0][1] or "")
    assert session.scalars(select(Endpoint.state).where(Endpoint.school_id == "larkspur")).one() == "testing"


def test_schools_that_take_no_notices_were_told(session: Session, rita: int) -> None:
    fail(session, "harebell", State.delivered)
    withdraw_inquiry(session, session.scalars(select(Inquiry.id)).one(), None, "prospect")
    session.commit()
    assert run(session, start(session, JobKind.told, rita)) == [DONE]
    assert count_bins(session)[Bin.withdrawals] == 0


def test_returns_are_judged_and_the_judgment_taken_back(session: Session, rita: int) -> None:
    fail(session, state=State.delivered)
    lead = session.scalars(select(Lead)).one()
    return_lead(session, open_vault(), lead, ReturnReason.duplicate, None, "user:9")
    session.commit()
    job = start(session, JobKind.judge, rita)
    assert run(session, job) == [DONE]
    assert session.scalars(select(DispositionReport.judgment)).one() == "accepted"
    assert run(session, undo(session, job, rita)) == [DONE]
    assert count_bins(session)[Bin.returns] == 1
