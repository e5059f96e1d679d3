"""Jobs: planned with what is skipped, done item by item, once, by whoever is alive; taken back where nothing left."""

from datetime import timedelta
from time import sleep
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.claim import claim_delivery
from leadgen.delivery.set_aside import put_back, set_aside
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.journey.bulk.kinds import ACTS, UNDO, JobKind
from leadgen.journey.bulk.plan import Plan, list_keys, plan_job
from leadgen.journey.release import decline_choice, hold_choice, lock_choices, release_choice
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import (
    Choice,
    Delivery,
    DispositionReport,
    Endpoint,
    EndpointKind,
    EndpointState,
    Event,
    Inquiry,
    Job,
    JobItem,
    JobItemState,
    JobState,
    Lead,
    Letter,
    Outcome,
    State,
    Subject,
    User,
    Verdict,
)
from leadgen.review.claims import take_claim
from leadgen.review.jobs import count_items, find_due_jobs, find_job, is_job_stuck, make_job, take_job
from leadgen.review.reasons import Reason
from leadgen.review.wanted import Bin, Wanted
from leadgen.review.worklist import count_bins
from leadgen.tasks import bulk
from leadgen.tasks.bulk import run_item, run_job
from leadgen.vault import open_vault
from tests.inquiries import Prospect, add_school, send_inquiry
from tests.web.workplace import add_reviewer, settle

REASONS = {
    JobKind.release: "checked",
    JobKind.hold: "ask_person",
    JobKind.decline: "not_genuine",
    JobKind.received: "school_said",
    JobKind.not_received: "school_said",
    JobKind.send_again: "school_mended",
    JobKind.set_aside: "never_will",
    JobKind.resume: "fault_mended",
    JobKind.judge: "reason_holds",
}


@pytest.fixture
def rita(session: Session) -> int:
    for school in ("larkspur", "bramble"):
        add_school(session, school)
    add_school(session, "harebell", kind=EndpointKind.form_post)
    number = add_reviewer(session)
    session.commit()
    return number


def send_held(session: Session, count: int, *schools: str) -> list[Inquiry]:
    people = [Prospect(email=f"a{n}@mail.example", phone=f"+1312555{100 + n:04}") for n in range(count)]
    return [send_inquiry(session, list(schools), person, trap="filled") for person in people]


def plan_all(session: Session, kind: JobKind, user: int, wanted: Wanted | None = None) -> Plan:
    wanted = wanted or Wanted(next(each for each, kinds in ACTS.items() if kind in kinds))
    return plan_job(session, kind, wanted, list_keys(session, wanted), user)


def start(session: Session, kind: JobKind, user: int, token: str = "one", wanted: Wanted | None = None) -> Job:
    plan = plan_all(session, kind, user, wanted)
    job = make_job(session, kind, REASONS.get(kind, ""), token, user, plan.items)
    session.commit()
    return job


def run(session: Session, job: Job) -> list[tuple[JobItemState, str | None]]:
    work(session, job)
    return [(item.state, item.why) for item in session.scalars(select(JobItem).where(JobItem.job_id == job.id))]


def work(session: Session, job: Job) -> None:
    """As a worker does, in a session of its own."""
    number = job.id
    session.commit()
    run_job(number)
    session.expire_all()


def undo(session: Session, job: Job, user: int) -> Job:
    done = session.scalars(select(JobItem).where(JobItem.job_id == job.id, JobItem.state == JobItemState.done))
    plan = [SimpleNamespace(subject=each.subject, label="", reference=None, obstacle=None) for each in done]
    taken_back = make_job(session, UNDO[JobKind(job.kind)], "", f"undo:{job.id}", user, plan)  # type: ignore[arg-type]
    job.undone_by_id = taken_back.id
    session.commit()
    return taken_back


def outcomes(session: Session) -> list[Outcome | None]:
    return list(session.scalars(select(Choice.outcome).order_by(Choice.inquiry_id, Choice.rank)))


DONE = (JobItemState.done, None)


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


def test_only_the_choices_that_are_wanted_are_planned(session: Session, rita: int) -> None:
    send_held(session, 2, "larkspur", "bramble")
    plan = plan_all(session, JobKind.release, rita, Wanted(school="bramble"))
    assert [item.label for item in plan.items] == ["Bramble Institute", "Bramble Institute"]


def test_the_plan_says_what_is_skipped_and_why(session: Session, rita: int) -> None:
    fine, erased, claimed, gone = send_held(session, 4, "larkspur")
    send_held(session, 1, "bramble")
    send_inquiry(session, ["harebell"], Prospect(email="z@mail.example", phone="+13125550199"), trap="x")
    keys = list_keys(session, Wanted())
    erased.contact.wrapped_key = None
    sam = add_reviewer(session, "sam@firststep.example")
    take_claim(session, f"inquiry:{claimed.id}", sam)
    withdraw_inquiry(session, gone.id, None, "prospect")
    session.execute(update(Endpoint).where(Endpoint.school_id == "bramble").values(retired_at=now(session)))
    schools = session.scalars(select(Choice).where(Choice.school_id == "harebell")).one().school
    schools.status = "closed"
    session.commit()
    plan = plan_job(session, JobKind.release, Wanted(), keys, rita)
    assert [item.reference for item in plan.doing] == [fine.reference]
    why = [item.obstacle for item in plan.skipping]
    for words in (
        "personal data was erased",
        "sam@firststep.example works on this",
        "Nothing is held here any more. The consent was withdrawn",
        "no endpoint",
        "school is closed",
    ):
        assert sum(words in (each or "") for each in why) == 1, words
    assert len(plan_job(session, JobKind.decline, Wanted(), keys, rita).skipping) == 3
    assert len(plan_job(session, JobKind.release, Wanted(), keys, sam).doing) == 2


def test_what_the_plan_skips_stands_in_the_report_and_is_not_done(session: Session, rita: int) -> None:
    claimed, _ = send_held(session, 2, "larkspur")
    take_claim(session, f"inquiry:{claimed.id}", add_reviewer(session, "sam@firststep.example"))
    job = start(session, JobKind.release, rita)
    assert [state for state, _ in run(session, job)] == [JobItemState.skipped, JobItemState.done]
    assert count_items(session, job.id)[JobItemState.skipped] == 1


def test_what_changed_since_the_plan_is_skipped_with_the_reason(session: Session, rita: int) -> None:
    decided, withdrawn, erased, claimed, fine = send_held(session, 5, "larkspur")
    job = start(session, JobKind.release, rita)
    lock_choices(session, decided.id)
    decline_choice(session, open_vault(), decided.choices[0], "user:1", Reason("not_genuine"))
    withdraw_inquiry(session, withdrawn.id, None, "prospect")
    erased.contact.wrapped_key = None
    take_claim(session, f"inquiry:{claimed.id}", add_reviewer(session, "sam@firststep.example"))
    session.commit()
    ended = run(session, job)
    assert [state for state, _ in ended] == [JobItemState.skipped] * 4 + [JobItemState.done]
    for (_, why), words in zip(ended, ("Declined already by", "withdrawn", "erased", "works on this"), strict=False):
        assert words in (why or "")
    assert [lead.inquiry_id for lead in session.scalars(select(Lead))] == [fine.id]


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


def test_every_item_stands_in_the_history_of_its_inquiry(session: Session, rita: int) -> None:
    inquiry = send_held(session, 1, "larkspur")[0]
    run(session, start(session, JobKind.decline, rita))
    last = read_history(session, Subject.inquiry, inquiry.id)[-1]
    assert (last.kind, last.actor, last.data["reasons"]) == ("choice.declined", f"user:{rita}", ["not_genuine"])
    assert not [event for event in session.scalars(select(Event)) if "mail.example" in repr(event.data)]


def test_keys_that_name_nothing_are_passed_over(session: Session, rita: int) -> None:
    for which, kinds in ACTS.items():
        for kind in kinds:
            keys = ["", "x:1", "inquiry:1", "delivery:9", "letter:9", "endpoint:99", "lead:9", "report:9", "lead:x"]
            keys += [f"{name}:²" for name in ("inquiry", "delivery", "letter", "endpoint", "lead", "report")]
            assert plan_job(session, kind, Wanted(which), keys, rita).items == []
