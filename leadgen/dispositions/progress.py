"""How it goes with a lead: reached, wrong number, an appointment, applied, enrolled. A school says so in the portal, or
by the buttons in the letter that brought the lead."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.dispositions.report import DispositionError, ReturnReason, lock_lead, refuse_withdrawn, tell, write_report
from leadgen.marks import say, say_moment
from leadgen.models import Disposition, DispositionReport, Lead


class Word(StrEnum):
    """What a school says, as it stands in an address."""

    reached = "reached"
    wrong_number = "wrong_number"
    appointment = "appointment"
    applied = "applied"
    enrolled = "enrolled"
    not_interested = "not_interested"


MEANS = {
    Word.reached: Disposition.contacted,
    Word.wrong_number: Disposition.unreachable,
    Word.appointment: Disposition.appointment,
    Word.applied: Disposition.applied,
    Word.enrolled: Disposition.enrolled,
    Word.not_interested: Disposition.not_interested,
}
# a word is followed by one as far on, or farther: who has enrolled is not called a wrong number afterwards
_STEPS = {Disposition.appointment: 1, Disposition.applied: 2, Disposition.enrolled: 3, Disposition.returned: 4}


def report_progress(session: Session, lead: Lead, word: Word, actor: str) -> None:
    """Write down the school's word on a lead; the last one counts.

    Raises DispositionError where she withdrew, where the school has said just this (the message says when), or has
    said before what this one would take back."""
    lock_lead(session, lead)
    refuse_withdrawn(session, lead)
    if lead.disposition is MEANS[word]:
        raise DispositionError(_say_already(session, lead))
    if obstacle := find_progress_obstacle(lead, word):
        raise DispositionError(obstacle)
    reason = ReturnReason.wrong_number if word is Word.wrong_number else None
    write_report(session, lead, MEANS[word], actor, now(session), reason)
    tell(session, lead, f"lead.{MEANS[word]}", actor, {"reason": reason} if reason else {})


def find_progress_obstacle(lead: Lead, word: Word) -> str | None:
    """Why the school cannot say this after what it said last, in words for the school; None where it can."""
    if lead.disposition is None or lead.disposition is MEANS[word]:
        return None
    if lead.disposition is Disposition.returned:
        return say("You returned this lead, so nothing more can be said about it.")
    if _STEPS.get(lead.disposition, 0) > _STEPS.get(MEANS[word], 0):
        return say("You reported “%(word)s” for this lead, and that stays.", word=lead.disposition)
    return None


def list_reports(session: Session, lead: Lead) -> list[DispositionReport]:
    """All that the school has said of a lead, in order."""
    mine = select(DispositionReport).where(DispositionReport.lead_id == lead.id)
    return list(session.scalars(mine.order_by(DispositionReport.number)))


def _say_already(session: Session, lead: Lead) -> str:
    last = list_reports(session, lead)[-1]
    when = say_moment(last.reported_at)
    return say("You reported “%(word)s” already, on %(when)s. Nothing was changed.", word=last.disposition, when=when)
