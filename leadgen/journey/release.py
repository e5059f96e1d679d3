"""Release, hold or decline a choice at the desk, one by one or in bulk. A release makes the lead and its deliveries.

Call `lock_choices` first: it gives the choices as they are, and lets nobody else decide them meanwhile."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.endpoints import Receivers
from leadgen.delivery.spread import NoEndpointError, find_receivers, spread_lead
from leadgen.delivery.take_back import take_back_lead
from leadgen.marks import N_, say
from leadgen.models import Choice, Consent, Inquiry, Lead, Outcome, Subject, Verdict
from leadgen.review.overtaken import refuse_overtaken, say_latest
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError, give_verdict, make_lead
from leadgen.vault import Vault

NOT_CHANGED = N_("%(latest)s Nothing was changed.")


def lock_choices(session: Session, inquiry_id: int) -> list[Choice]:
    """The ticked choices of an inquiry as they are now, in the order of her list, until the transaction ends.

    The consents are locked first: a release of several would else take them one by one, and meet a withdrawal."""
    consents = select(Consent.id).where(Consent.inquiry_id == inquiry_id).order_by(Consent.id)
    session.execute(consents.with_for_update(key_share=True))
    choices = select(Choice).where(Choice.inquiry_id == inquiry_id, Choice.ticked).order_by(Choice.rank)
    locked = choices.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))


def release_choice(
    session: Session, vault: Vault, choice: Choice, actor: str, reason: Reason, seen: int | None = None
) -> Lead:
    """Make the lead of a held or declined choice. Raises ReleaseError where it cannot be made, or would go nowhere, or
    where the choice got a verdict after the one with the id ``seen``."""
    at = now(session)
    _refuse_released(session, choice)
    refuse_overtaken(session, choice, seen)
    receivers = _find_receivers(session, choice)
    lead = make_lead(session, choice.inquiry_id, choice.school_id, at)
    _judge(session, vault, choice, Outcome.release, actor, reason)
    deliveries = spread_lead(session, lead, at, receivers)
    school = {"school": choice.school_id}
    lines = (
        history.Line("choice.released", actor, school | {"reason": reason.code}),
        history.Line("lead.released", actor, school | {"lead": lead.reference, "deliveries": deliveries}),
    )
    history.append(session, Subject.inquiry, choice.inquiry_id, *lines, at=at)
    return lead


def decline_choice(
    session: Session, vault: Vault, choice: Choice, actor: str, reason: Reason, seen: int | None = None
) -> None:
    """Decide that a choice goes to nobody. Raises ReleaseError where it is a lead already or was declined already,
    where she withdrew, or where somebody decided after ``seen``."""
    _refuse_released(session, choice, N_("%(latest)s Take the release back first, or withdraw."))
    refuse_overtaken(session, choice, seen)
    _refuse_withdrawn(session, choice)
    if choice.outcome is Outcome.decline:
        raise ReleaseError(say("%(latest)s Nothing was changed.", latest=say_latest(session, choice)))
    _judge(session, vault, choice, Outcome.decline, actor, reason)
    _tell(session, choice, "choice.declined", actor, reason)


def hold_choice(
    session: Session, vault: Vault, choice: Choice, actor: str, reason: Reason, seen: int | None = None
) -> None:
    """Keep a choice for review: set aside one that waits, take back a decline, or a release that has not left yet.

    Raises ReleaseError where the lead has left or may have, where she withdrew, or where somebody decided after
    ``seen``."""
    refuse_overtaken(session, choice, seen)
    _refuse_withdrawn(session, choice)
    _take_back_release(session, choice, actor)
    _judge(session, vault, choice, Outcome.hold, actor, reason)
    _tell(session, choice, "choice.held", actor, reason)


def put_choice_back(session: Session, choice: Choice, actor: str, verdict: Verdict) -> None:
    """Hold a choice again for the reasons for which it was held before ``verdict``, its latest.

    Raises ReleaseError where the lead has left or may have, or where she withdrew."""
    _refuse_withdrawn(session, choice)
    _take_back_release(session, choice, actor)
    before = select(Verdict.reasons).where(Verdict.choice_id == choice.id, Verdict.number < verdict.number)
    reasons = session.scalar(before.order_by(Verdict.number.desc()).limit(1)) or ["by_mistake"]
    give_verdict(session, choice.id, Outcome.hold, actor, reasons, now(session))
    line = history.Line("choice.held", actor, {"school": choice.school_id, "reasons": list(reasons)})
    history.append(session, Subject.inquiry, choice.inquiry_id, line)


def _find_receivers(session: Session, choice: Choice) -> dict[str, Receivers]:
    try:
        return find_receivers(session, choice.school_id)
    except NoEndpointError as error:
        raise ReleaseError(*error.args) from None


def _take_back_release(session: Session, choice: Choice, actor: str) -> None:
    lead = _find_lead(session, choice)
    if lead is None:
        return
    reference = lead.reference
    if not take_back_lead(session, lead):
        raise ReleaseError(
            say("%(latest)s It has left, or is leaving now. Withdraw it instead.", latest=say_latest(session, choice))
        )
    line = history.Line("lead.taken_back", actor, {"school": choice.school_id, "lead": reference})
    history.append(session, Subject.inquiry, choice.inquiry_id, line)


def _judge(session: Session, vault: Vault, choice: Choice, outcome: Outcome, actor: str, reason: Reason) -> None:
    inquiry = session.get_one(Inquiry, choice.inquiry_id)
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    note = key.seal(reason.words, "verdict") if reason.words else None
    give_verdict(session, choice.id, outcome, actor, [reason.code], now(session), note)


def _tell(session: Session, choice: Choice, kind: str, actor: str, reason: Reason) -> None:
    line = history.Line(kind, actor, {"school": choice.school_id, "reasons": [reason.code]})
    history.append(session, Subject.inquiry, choice.inquiry_id, line)


def _refuse_released(session: Session, choice: Choice, words: str = NOT_CHANGED) -> None:
    if _find_lead(session, choice):
        raise ReleaseError(say(words, latest=say_latest(session, choice)))


def _refuse_withdrawn(session: Session, choice: Choice) -> None:
    mine = (Consent.inquiry_id == choice.inquiry_id, Consent.school_id == choice.school_id)
    if session.scalar(select(Consent.withdrawn_at).where(*mine)):
        raise ReleaseError(say("The consent was withdrawn. Nothing was changed."))


def _find_lead(session: Session, choice: Choice) -> Lead | None:
    mine = (Lead.inquiry_id == choice.inquiry_id, Lead.school_id == choice.school_id)
    return session.scalars(select(Lead).where(*mine)).one_or_none()
