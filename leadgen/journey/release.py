"""Release, hold or decline a choice at the desk. A release makes the lead and its deliveries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.spread import spread_lead
from leadgen.models import Choice, Consent, Inquiry, Lead, Outcome, Subject
from leadgen.review.verdicts import ReleaseError, give_verdict, make_lead
from leadgen.vault import Vault


def lock_choices(session: Session, inquiry_id: int) -> list[Choice]:
    """The ticked choices of an inquiry as they are now, in the order of her list, until the transaction ends.

    The consents are locked first: a release of several would else take them one by one, and meet a withdrawal."""
    consents = select(Consent.id).where(Consent.inquiry_id == inquiry_id).order_by(Consent.id)
    session.execute(consents.with_for_update(key_share=True))
    choices = select(Choice).where(Choice.inquiry_id == inquiry_id, Choice.ticked).order_by(Choice.rank)
    locked = choices.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))


def release_choice(session: Session, vault: Vault, choice: Choice, actor: str, reason: str) -> Lead:
    """Make the lead of a held or declined choice. Raises ReleaseError where it cannot be made."""
    at = now(session)
    lead = make_lead(session, choice.inquiry_id, choice.school_id, at)
    _judge(session, vault, choice, Outcome.release, actor, reason)
    deliveries = spread_lead(session, lead, at)
    school = {"school": choice.school_id}
    lines = (
        history.Line("choice.released", actor, school),
        history.Line("lead.released", actor, school | {"lead": lead.reference, "deliveries": deliveries}),
    )
    history.append(session, Subject.inquiry, choice.inquiry_id, *lines, at=at)
    return lead


def decline_choice(session: Session, vault: Vault, choice: Choice, actor: str, reason: str) -> None:
    """Decide that a choice goes to nobody. Raises ReleaseError where it is a lead already."""
    _refuse_released(session, choice)
    _judge(session, vault, choice, Outcome.decline, actor, reason)
    line = history.Line("choice.declined", actor, {"school": choice.school_id})
    history.append(session, Subject.inquiry, choice.inquiry_id, line)


def hold_choice(session: Session, vault: Vault, choice: Choice, actor: str, reason: str) -> None:
    """Put a declined choice back for review. Raises ReleaseError where it is a lead already."""
    _refuse_released(session, choice)
    _judge(session, vault, choice, Outcome.hold, actor, reason)
    line = history.Line("choice.held", actor, {"school": choice.school_id, "reasons": ["staff"]})
    history.append(session, Subject.inquiry, choice.inquiry_id, line)


def _judge(session: Session, vault: Vault, choice: Choice, outcome: Outcome, actor: str, reason: str) -> None:
    inquiry = session.get_one(Inquiry, choice.inquiry_id)
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    note = key.seal(reason, "verdict")
    give_verdict(session, choice.id, outcome, actor, ["staff"], now(session), note)


def _refuse_released(session: Session, choice: Choice) -> None:
    where = (Lead.inquiry_id == choice.inquiry_id, Lead.school_id == choice.school_id)
    if session.scalar(select(Lead.id).where(*where)):
        raise ReleaseError("This lead was released already. Withdraw it instead.")
