"""Do to one item what its job is about, by the same code as one by one at the desk."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leadgen.delivery.by_hand import tell_by_hand
from leadgen.delivery.endpoints import resume_endpoint
from leadgen.delivery.resolve import ResolveError, redeliver, resend_letter, resolve_not_received, resolve_received
from leadgen.delivery.set_aside import set_aside
from leadgen.dispositions.judge import REASONS_FOR, JudgmentReason, judge_return
from leadgen.dispositions.report import DispositionError
from leadgen.journey.bulk.keys import read_key
from leadgen.journey.bulk.kinds import JobKind
from leadgen.journey.bulk.undo import UNDOING
from leadgen.journey.release import decline_choice, hold_choice, lock_choices, release_choice
from leadgen.marks import N_, say
from leadgen.models import (
    Choice,
    Delivery,
    DispositionReport,
    Endpoint,
    EndpointState,
    Job,
    JobItem,
    Lead,
    Letter,
    Outcome,
)
from leadgen.review.claims import ClaimedError, refuse_claimed
from leadgen.review.overtaken import say_latest
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import ErasedError, open_vault

STOPPED = (EndpointState.paused, EndpointState.broken)
MOMENT = N_("Somebody else decided this at the same moment.")
Act = Callable[[Session, Job, JobItem], None]


def do_item(session: Session, job: Job, item: JobItem) -> str | None:
    """Do one item whole or not at all; gives why it was skipped, or None. The caller commits."""
    try:
        with session.begin_nested():
            _ACTS[JobKind(job.kind)](session, job, item)
    except (ReleaseError, ResolveError, DispositionError, ClaimedError) as error:
        return str(error).removesuffix(" Nothing was changed.")
    except ErasedError:
        return N_("The personal data was erased.")
    except IntegrityError:
        return MOMENT
    return None


def name_actor(job: Job) -> str:
    """Who asked for the job, as histories name it."""
    return f"user:{job.user_id}"


def _decide(decide: Callable[..., Any]) -> Act:
    def act(session: Session, job: Job, item: JobItem) -> None:
        choice = session.get_one(Choice, read_key(item.subject)[1])
        refuse_claimed(session, f"inquiry:{choice.inquiry_id}", job.user_id)
        lock_choices(session, choice.inquiry_id)
        if choice.outcome is not Outcome.hold:
            raise ReleaseError(say_latest(session, choice))
        decide(session, open_vault(), choice, name_actor(job), Reason(job.reason))

    return act


def _carry(deliver: Callable[..., None] | None, send: Callable[..., None] | None) -> Act:
    def act(session: Session, job: Job, item: JobItem) -> None:
        kind, number = read_key(item.subject)
        model: Any = Letter if kind == "letter" else Delivery
        row = session.get_one(model, number, populate_existing=True)
        inquiry_id = row.inquiry_id if kind == "letter" else session.get_one(Lead, row.lead_id).inquiry_id
        refuse_claimed(session, f"inquiry:{inquiry_id}" if inquiry_id else item.subject, job.user_id)
        how = send if kind == "letter" else deliver
        if how is None:
            raise ResolveError(say("This cannot be done in bulk."))
        how(session, row, name_actor(job), job.reason)

    return act


def _resume(session: Session, job: Job, item: JobItem) -> None:
    number = read_key(item.subject)[1]
    refuse_claimed(session, item.subject, job.user_id)
    endpoint = session.get_one(Endpoint, number, with_for_update={"key_share": True}, populate_existing=True)
    if endpoint.retired_at or endpoint.state not in STOPPED:
        raise ResolveError(
            say("The endpoint is no longer used by now.")
            if endpoint.retired_at
            else say("The endpoint is %(state)s by now.", state=endpoint.state)
        )
    resume_endpoint(session, endpoint, name_actor(job), job.reason)


def _tell(session: Session, job: Job, item: JobItem) -> None:
    lead = session.get_one(Lead, read_key(item.subject)[1])
    refuse_claimed(session, f"inquiry:{lead.inquiry_id}", job.user_id)
    tell_by_hand(session, lead, name_actor(job), job.reason)


def _judge(session: Session, job: Job, item: JobItem) -> None:
    report = session.get_one(DispositionReport, read_key(item.subject)[1])
    lead = session.get_one(Lead, report.lead_id)
    refuse_claimed(session, f"inquiry:{lead.inquiry_id}", job.user_id)
    reason = JudgmentReason(job.reason)
    judgment = next(each for each, reasons in REASONS_FOR.items() if reason in reasons)
    judge_return(session, report, judgment, reason, name_actor(job))


_ACTS: Mapping[JobKind, Act] = {
    JobKind.release: _decide(release_choice),
    JobKind.hold: _decide(hold_choice),
    JobKind.decline: _decide(decline_choice),
    JobKind.received: _carry(resolve_received, None),
    JobKind.not_received: _carry(resolve_not_received, None),
    JobKind.send_again: _carry(redeliver, resend_letter),
    JobKind.set_aside: _carry(set_aside, set_aside),
    JobKind.resume: _resume,
    JobKind.told: _tell,
    JobKind.judge: _judge,
    **UNDOING,
}
