"""What is held about a person's request at one school: what she agreed to, what we decided, and what came back."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.models import Complaint, Consent, DispositionReport, FormerConsent, Inquiry, Lead, School, Verdict
from leadgen.privacy.opened import name_actor, open_page, write_moment
from leadgen.vault import Key


def describe_school(session: Session, key: Key, inquiry: Inquiry, consent: Consent) -> dict[str, Any]:
    """Everything that hangs on one consent, opened."""
    mine = (Lead.inquiry_id == inquiry.id, Lead.school_id == consent.school_id)
    lead = session.scalars(select(Lead).where(*mine)).one_or_none()
    complaint = session.get(Complaint, (inquiry.id, consent.school_id))
    verdicts = (each for choice in inquiry.choices if choice.school_id == consent.school_id for each in choice.verdicts)
    return {
        "school": session.get_one(School, consent.school_id).name,
        **_describe_agreed(key, consent, consent.school_id),
        "ways": [str(each.channel) for each in consent.channels],
        "agreed_before": [_describe_former(key, each, consent.school_id) for each in consent.former],
        "withdrawn_at": write_moment(consent.withdrawn_at),
        "decisions": [_describe_verdict(session, key, each) for each in verdicts],
        "reference": lead.reference if lead else None,
        "released_at": write_moment(lead.released_at) if lead else None,
        "school_says": str(lead.disposition) if lead and lead.disposition else None,
        "reports": [_describe_report(key, each) for each in _find_reports(session, lead)],
        "answers": list(_list_answers(key, lead)) if lead else [],
        "you_said_too_many_calls_at": write_moment(complaint.made_at) if complaint else None,
    }


def _describe_agreed(key: Key, consent: Consent | FormerConsent, school_id: str) -> dict[str, Any]:
    address = consent.address_sealed
    return {
        "agreed_at": write_moment(consent.given_at),
        "agreed_to": consent.words,
        "how": consent.act,
        "network_address": key.open(address, f"consent:{school_id}:address") if address else None,
        # where it was given on a page of its own, later than the request
        "page_as_shown": open_page(key, consent.page_sealed, f"consent:{school_id}:page"),
    }


def _describe_former(key: Key, former: FormerConsent, school_id: str) -> dict[str, Any]:
    replaced_at = write_moment(former.replaced_at)
    return _describe_agreed(key, former, school_id) | {"ways": list(former.channels), "replaced_at": replaced_at}


def _describe_verdict(session: Session, key: Key, verdict: Verdict) -> dict[str, Any]:
    return {
        "at": write_moment(verdict.given_at),
        "outcome": verdict.outcome,
        "by": name_actor(session, verdict.actor),
        "reasons": list(verdict.reasons),
        "words": key.open(verdict.note_sealed, "verdict") if verdict.note_sealed else None,
    }


def _find_reports(session: Session, lead: Lead | None) -> list[DispositionReport]:
    if lead is None:
        return []
    mine = select(DispositionReport).where(DispositionReport.lead_id == lead.id)
    return list(session.scalars(mine.order_by(DispositionReport.number)))


def _describe_report(key: Key, report: DispositionReport) -> dict[str, Any]:
    return {
        "at": write_moment(report.reported_at),
        "says": str(report.disposition),
        "reason": report.reason,
        "words": key.open(report.note_sealed, "disposition") if report.note_sealed else None,
    }


def _list_answers(key: Key, lead: Lead) -> Iterator[dict[str, Any]]:
    """What the school's system or mail server said to each try, where it said anything."""
    for delivery in lead.deliveries:
        for attempt in delivery.attempts:
            if attempt.answer_sealed:
                at = write_moment(attempt.ended_at or attempt.started_at)
                yield {"at": at, "about": str(delivery.about), "words": key.open(attempt.answer_sealed, "answer")}
