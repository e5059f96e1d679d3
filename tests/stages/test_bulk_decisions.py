"""Decisions on many held choices at once, and taken back where nothing left."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.claim import claim_delivery
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.journey.bulk.kinds import JobKind
from leadgen.journey.release import lock_choices, release_choice
from leadgen.models import Delivery, Event, JobItemState, JobState, Lead, Outcome, Subject, Verdict
from leadgen.review.reasons import Reason
from leadgen.review.wanted import Bin
from leadgen.review.worklist import count_bins
from leadgen.vault import open_vault
from tests.stages.bulk_jobs import DONE, outcomes, rita, run, send_held, start, undo

__all__ = ["rita"]  # a fixture, used by name


def test_held_choices_are_released_one_by_one_and_the_job_ends(session: Session, rita: int) -> None:
    send_held(session, 3, "larkspur", "bramble")
    job = start(session, JobKind.release, rita)
    assert run(session, job) == [DONE] * 6
    assert (job.state, job.lease_until, job.ended_at is not None) == (JobState.done, None, True)
    assert len(session.scalars(select(Lead)).all()) == 6
    assert count_bins(session)[Bin.held] == 0
    given = session.scalars(select(Verdict.actor).where(Verdict.number == 2))
    assert set(given) == {f"user:{rita}"}
    assert list(find_breaches(session)) == []


@pytest.mark.parametrize("kind", [JobKind.release, JobKind.decline, JobKind.hold])
def test_a_decision_that_has_not_left_is_set_back_with_its_reasons(session: Session, rita: int, kind: JobKind) -> None:
    send_held(session, 2, "larkspur")
    job = start(session, kind, rita)
    run(session, job)
    assert run(session, undo(session, job, rita)) == [DONE] * 2
    assert outcomes(session) == [Outcome.hold] * 2
    latest = session.scalars(select(Verdict.reasons).where(Verdict.number == 3)).all()
    assert latest == [["filled_trap"], ["filled_trap"]]
    assert session.scalars(select(Delivery)).all() == []
    assert list(find_breaches(session)) == []


def test_what_has_left_is_not_taken_back_and_the_report_says_so(session: Session, rita: int) -> None:
    send_held(session, 2, "larkspur")
    job = start(session, JobKind.release, rita)
    run(session, job)
    first = session.scalars(select(Delivery).order_by(Delivery.id)).first()
    assert first is not None
    claim_delivery(session, first.id, 30)
    session.commit()
    (left, why), other = run(session, undo(session, job, rita))
    assert left is JobItemState.skipped
    assert "It has left, or is leaving now" in (why or "")
    assert other == DONE
    assert outcomes(session) == [Outcome.release, Outcome.hold]


def test_what_somebody_decided_since_is_not_set_back(session: Session, rita: int) -> None:
    inquiry = send_held(session, 1, "larkspur")[0]
    job = start(session, JobKind.decline, rita)
    run(session, job)
    (choice,) = lock_choices(session, inquiry.id)
    release_choice(session, open_vault(), choice, "user:1", Reason("checked"))
    session.commit()
    ((state, why),) = run(session, undo(session, job, rita))
    assert state is JobItemState.skipped
    assert "Released already by" in (why or "")
    assert outcomes(session) == [Outcome.release]


def test_every_item_stands_in_the_history_of_its_inquiry(session: Session, rita: int) -> None:
    inquiry = send_held(session, 1, "larkspur")[0]
    run(session, start(session, JobKind.decline, rita))
    last = read_history(session, Subject.inquiry, inquiry.id)[-1]
    assert (last.kind, last.actor, last.data["reasons"]) == ("choice.declined", f"user:{rita}", ["not_genuine"])
    assert not [event for event in session.scalars(select(Event)) if "mail.example" in repr(event.data)]
