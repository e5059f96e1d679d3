"""Staff judge a return: the school gave the lead back rightly, or it did not and the lead counts."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.dispositions.report import DispositionError
from leadgen.marks import say
from leadgen.models import Disposition, DispositionReport, Judgment, Lead, Subject


class JudgmentReason(StrEnum):
    """Why a return is accepted or contested."""

    reason_holds = "reason_holds"
    checked_with_her = "checked_with_her"
    goodwill = "goodwill"
    reason_does_not_hold = "reason_does_not_hold"
    school_never_tried = "school_never_tried"
    known_before_release = "known_before_release"


REASONS_FOR = {
    Judgment.accepted: (JudgmentReason.reason_holds, JudgmentReason.checked_with_her, JudgmentReason.goodwill),
    Judgment.refused: (
        JudgmentReason.reason_does_not_hold,
        JudgmentReason.school_never_tried,
        JudgmentReason.known_before_release,
    ),
}
KINDS = {Judgment.accepted: "return.accepted", Judgment.refused: "return.contested"}


def judge_return(
    session: Session, report: DispositionReport, judgment: Judgment, reason: JudgmentReason, actor: str
) -> None:
    """Accept or contest a return, once. Raises DispositionError where somebody judged it first, or it is no return,
    or the reason is one for the other judgment."""
    if reason not in REASONS_FOR[judgment]:
        raise DispositionError(say("Choose a reason that fits the decision. Nothing was changed."))
    values = {"judgment": judgment, "judgment_reason": reason, "judged_by": actor, "judged_at": now(session)}
    open_return = (DispositionReport.disposition == Disposition.returned, DispositionReport.judgment.is_(None))
    _change(session, report, open_return, values, say("This return was judged already. Nothing was changed."))
    _tell(session, report, KINDS[judgment], actor, {"reason": reason})


def reopen_return(session: Session, report: DispositionReport, actor: str, reason: str) -> None:
    """Take a judgment back, so that the return waits for another. Raises DispositionError where there is none."""
    values = {"judgment": None, "judgment_reason": None, "judged_by": None, "judged_at": None}
    judged = (DispositionReport.judgment.is_not(None),)
    _change(session, report, judged, values, say("This return waits for a judgment already. Nothing was changed."))
    _tell(session, report, "return.reopened", actor, {"reason": reason})


def _change(
    session: Session,
    report: DispositionReport,
    expected: tuple[object, ...],
    values: Mapping[str, object],
    otherwise: str,
) -> None:
    statement = update(DispositionReport).where(DispositionReport.id == report.id, *expected)  # type: ignore[arg-type]
    changed = statement.values(values).returning(DispositionReport.id)
    if session.scalar(changed.execution_options(synchronize_session=False)) is None:
        raise DispositionError(otherwise)
    session.refresh(report)


def _tell(session: Session, report: DispositionReport, kind: str, actor: str, data: dict[str, str]) -> None:
    lead = session.get_one(Lead, report.lead_id)
    facts = {"school": lead.school_id, "lead": lead.reference} | data
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(kind, actor, facts))
