"""Judge what schools gave back, and take a judgment back."""

from flask import abort, request
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.dispositions.judge import REASONS_FOR, JudgmentReason, judge_return, reopen_return
from leadgen.extensions import db
from leadgen.models import DispositionReport, Inquiry, Lead
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.asked import show_worklist
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.outcome import pick_reason, show_inquiry, telling
from leadgen.web.desk.worklist_words import REASON_WORDS, REOPEN_REASONS
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext


@bp.post("/returns/<int:report_id>/judge")
@audience(Audience.staff, Permission.decide)
@writes
def judge(report_id: int) -> Response:
    """Accept or contest a return: the reason that was picked says which."""
    report = _require_report(report_id)
    with telling(gettext("The return is judged.")):
        reason = JudgmentReason(pick_reason({str(code): REASON_WORDS[code] for code in JudgmentReason}))
        judgment = next(each for each, reasons in REASONS_FOR.items() if reason in reasons)
        judge_return(db.session, report, judgment, reason, name_actor())
    return _go_back(report)


@bp.post("/returns/<int:report_id>/reopen")
@audience(Audience.staff, Permission.decide)
@writes
def reopen(report_id: int) -> Response:
    """Take the judgment back, for the reason that was picked."""
    report = _require_report(report_id)
    with telling(gettext("The return waits for a judgment again.")):
        reopen_return(db.session, report, name_actor(), pick_reason(REOPEN_REASONS))
    return _go_back(report)


def _require_report(report_id: int) -> DispositionReport:
    return db.session.get(DispositionReport, report_id) or abort(404)


def _go_back(report: DispositionReport) -> Response:
    if "back" in request.form:
        return show_worklist()
    lead = db.session.get_one(Lead, report.lead_id)
    return show_inquiry(db.session.get_one(Inquiry, lead.inquiry_id).reference)
