"""Withdraw: the consent ends, what has not left is cancelled, who may have the lead is told."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.notices import recall_lead
from leadgen.marks import say, say_moment
from leadgen.models import Consent, Inquiry, Lead, Subject
from leadgen.privacy.withdraw import withdraw_consents
from leadgen.review.askings import end_askings
from leadgen.review.notes import keep_words
from leadgen.review.overtaken import name_person
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import Vault


def withdraw_inquiry(
    session: Session, inquiry_id: int, schools: Sequence[str] | None, actor: str, reason: str = ""
) -> list[str]:
    """Withdraw from these schools, or from all where None; gives the schools that were withdrawn from.

    ``reason`` is the code that staff picked, who withdraw for her."""
    withdrawn = withdraw_consents(session, inquiry_id, schools, actor)
    why = {"reason": reason} if reason else {}
    lines = {}
    # in one order for everybody, so that two who withdraw from the same schools never wait in a ring for a cap's row
    for consent, at in sorted(withdrawn, key=lambda each: each[0].school_id):
        query = select(Lead).where(Lead.inquiry_id == inquiry_id, Lead.school_id == consent.school_id)
        lead = session.scalars(query).one_or_none()
        counts = recall_lead(session, lead, at) if lead else {}
        lines[consent.school_id] = history.Line(
            "consent.withdrawn", actor, {"school": consent.school_id} | why | counts
        )
    told = [consent.school_id for consent, _ in withdrawn]
    if told:
        ended = _end_askings(session, inquiry_id, actor)
        history.append(session, Subject.inquiry, inquiry_id, *(lines[school] for school in told), *ended)
    return told


def _end_askings(session: Session, inquiry_id: int, actor: str) -> list[history.Line]:
    """Who takes back the whole request is not asked about further schools either."""
    standing = select(Consent.id).where(Consent.inquiry_id == inquiry_id, Consent.withdrawn_at.is_(None))
    if session.scalar(standing.limit(1)) is not None:
        return []
    ended = end_askings(session, inquiry_id, now(session))
    return [history.Line("asking.ended", actor, {"school": school}) for school in ended]


def withdraw_for_person(
    session: Session, vault: Vault, inquiry: Inquiry, schools: Sequence[str] | None, actor: str, reason: Reason
) -> list[str]:
    """Withdraw because she asked us to; the words of the reason become a note. Raises ReleaseError, which tells who
    withdrew and when, where no such consent stands any more."""
    told = withdraw_inquiry(session, inquiry.id, schools, actor, reason.code)
    if not told:
        raise ReleaseError(_say_withdrawn(session, inquiry.id, schools))
    if reason.words:
        keep_words(session, vault, inquiry, actor, reason.words)
    return told


def _say_withdrawn(session: Session, inquiry_id: int, schools: Sequence[str] | None) -> str:
    gone = select(Consent).where(Consent.inquiry_id == inquiry_id, Consent.withdrawn_at.is_not(None))
    gone = gone.where(Consent.school_id.in_(schools)) if schools else gone
    last = session.scalars(gone.order_by(Consent.withdrawn_at.desc()).limit(1)).first()
    if last is None or last.withdrawn_at is None:
        return say("No such consent stands. Nothing was changed.")
    who = name_person(session, last.withdrawn_by or "")
    when = say_moment(last.withdrawn_at)
    return say("Withdrawn already by %(who)s on %(when)s. Nothing was changed.", who=who, when=when)
