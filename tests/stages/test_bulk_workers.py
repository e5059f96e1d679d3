"""Workers of jobs: item by item, once, by whoever is alive, whatever breaks."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.invariants import find_breaches
from leadgen.journey.bulk.kinds import JobKind
from leadgen.journey.release import hold_choice, lock_choices
from leadgen.models import Delivery, Job, JobItem, JobItemState, JobState, Lead, Outcome, State, User, Verdict
from leadgen.review.jobs import count_items, find_due_jobs, find_job, is_job_stuck, take_job
from leadgen.review.reasons import Reason
from leadgen.tasks import bulk
from leadgen.tasks.bulk import run_item
from leadgen.vault import open_vault
from tests.inquiries import send_inquiry
from tests.stages.bulk_jobs import DONE, outcomes, rita, run, send_held, start, work

__all__ = ["rita"]  # a fixture, used by name


def test_a_double_click_makes_one_job(session: Session, rita: int) -> None:
    send_held(session, 1, "larkspur")
    job = start(session, JobKind.release, rita, "token")
    with pytest.raises(IntegrityError):
        start(session, JobKind.release, rita, "token")
    session.rollback()
    assert find_job(session, "token") is job


class Killed(BaseException):
    """As if the process died: nothing catches it."""


def test_a_worker_that_dies_leaves_whole_items_and_another_goes_on(
    session: Session, rita: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_held(session, 3, "larkspur")
    job = start(session, JobKind.release, rita)
    calls: list[str] = []

    def die_at_the_second(point: str) -> None:
        calls.append(point)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(bulk, "crash_here", die_at_the_second)
    with pytest.raises(Killed):
        work(session, job)
    assert count_items(session, job.id)[JobItemState.done] == 1
    assert find_due_jobs(session) == []
    work(session, job)  # its lease is not over yet: nobody takes it
    assert count_items(session, job.id)[JobItemState.done] == 1
    session.execute(update(Job).values(lease_until=now(session) - timedelta(seconds=1)))
    session.commit()
    assert find_due_jobs(session) == [job.id]
    assert run(session, job) == [DONE] * 3
    assert len(session.scalars(select(Lead)).all()) == 3
    assert len(session.scalars(select(Verdict)).all()) == 6
    assert list(find_breaches(session)) == []


def test_a_worker_that_wakes_up_late_does_nothing(session: Session, rita: int) -> None:
    send_held(session, 1, "larkspur")
    job = start(session, JobKind.release, rita)
    late = take_job(session, job.id)
    session.execute(update(Job).values(lease_until=now(session) - timedelta(seconds=1)))
    session.commit()
    item = session.scalars(select(JobItem.id)).one()
    assert take_job(session, job.id) == (late or 0) + 1
    session.commit()
    assert not run_item(session, job.id, late or 0, item)
    assert session.scalars(select(Lead)).all() == []


def test_an_item_is_done_once_however_often_it_comes(session: Session, rita: int) -> None:
    send_held(session, 1, "larkspur")
    job = start(session, JobKind.hold, rita)
    fence, item = take_job(session, job.id) or 0, session.scalars(select(JobItem.id)).one()
    session.commit()
    assert run_item(session, job.id, fence, item)
    assert run_item(session, job.id, fence, item)
    assert len(session.scalars(select(Verdict)).all()) == 2


def test_a_long_job_is_put_down_and_taken_up_again(
    session: Session, rita: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_held(session, 2, "larkspur")
    job = start(session, JobKind.hold, rita)
    monkeypatch.setattr(bulk, "RUN_SECONDS", -1.0)
    work(session, job)
    assert (job.state, job.lease_until) == (JobState.waiting, None)
    monkeypatch.undo()
    assert run(session, job) == [DONE] * 2


def test_an_item_that_breaks_keeps_no_other_waiting(
    session: Session, rita: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_held(session, 2, "larkspur")
    job = start(session, JobKind.hold, rita)
    whole, seen = bulk.do_item, []

    def break_once(*args: object) -> str | None:
        seen.append(args)
        if len(seen) == 1:
            raise ValueError("Ada Example")
        return whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "do_item", break_once)
    assert run(session, job) == [(JobItemState.skipped, bulk.FAULT), DONE]


def test_an_item_that_is_gone_keeps_no_other_waiting(session: Session, rita: int) -> None:
    gone, stays = send_inquiry(session, ["larkspur"]), send_inquiry(session, ["bramble"])
    # held for a month and given up: no worker ever had them
    session.execute(update(Delivery).values(state=State.failed, reason="too_old"))
    session.commit()
    job = start(session, JobKind.set_aside, rita)
    (choice,) = lock_choices(session, gone.id)
    hold_choice(session, open_vault(), choice, "user:1", Reason("by_mistake"))
    session.commit()
    assert run(session, job) == [(JobItemState.skipped, bulk.GONE), DONE]
    assert job.state is JobState.done
    assert session.scalars(select(Lead.inquiry_id)).one() == stays.id


def test_a_job_of_somebody_who_may_not_any_more_changes_nothing(session: Session, rita: int) -> None:
    send_held(session, 1, "larkspur")
    job = start(session, JobKind.release, rita)
    session.execute(update(User).values(active=False))
    session.commit()
    assert run(session, job) == [(JobItemState.skipped, "You may not do this any more.")]
    assert outcomes(session) == [Outcome.hold]


def test_a_job_that_nobody_takes_is_a_sign_that_no_worker_carries(session: Session, rita: int) -> None:
    send_held(session, 1, "larkspur")
    job = start(session, JobKind.release, rita)
    assert not is_job_stuck(session, timedelta(seconds=15))
    job.made_at -= timedelta(seconds=16)
    session.flush()
    assert is_job_stuck(session, timedelta(seconds=15))
