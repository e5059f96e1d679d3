"""The plan of a job: what is done, and what is skipped with its reason, then and later."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.journey.bulk.kinds import ACTS, JobKind
from leadgen.journey.bulk.plan import list_keys, plan_job
from leadgen.journey.release import decline_choice, lock_choices
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Choice, Endpoint, JobItemState, Lead
from leadgen.review.claims import take_claim
from leadgen.review.jobs import count_items
from leadgen.review.reasons import Reason
from leadgen.review.wanted import Wanted
from leadgen.vault import open_vault
from tests.inquiries import Prospect, send_inquiry
from tests.stages.bulk_jobs import plan_all, rita, run, send_held, start
from tests.web.workplace import add_reviewer

__all__ = ["rita"]  # a fixture, used by name


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


def test_keys_that_name_nothing_are_passed_over(session: Session, rita: int) -> None:
    for which, kinds in ACTS.items():
        for kind in kinds:
            keys = ["", "x:1", "inquiry:1", "delivery:9", "letter:9", "endpoint:99", "lead:9", "report:9", "lead:x"]
            keys += [f"{name}:²" for name in ("inquiry", "delivery", "letter", "endpoint", "lead", "report")]
            assert plan_job(session, kind, Wanted(which), keys, rita).items == []
