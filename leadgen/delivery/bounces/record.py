"""Write a bounce down: as a receipt of the delivery it is about, or on the row of our own letter. Once for each report.

The caller commits; what is about a daily file is committed row by row. Nothing of the report is kept but its status
code."""

import re

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.database import count_one_more
from leadgen.delivery.bounces.decide import is_about_earlier_try
from leadgen.delivery.bounces.file import find_file, record_file
from leadgen.delivery.bounces.report import Fate, Report, read_report
from leadgen.delivery.bounces.turn import ACTOR, BOUNCED, KINDS, Outcome, find_last, record_delivery, turn
from leadgen.delivery.return_path import prove_key
from leadgen.models import (
    BounceTally,
    Delivery,
    EndpointTest,
    Letter,
    Result,
    State,
    Subject,
)

_REFERENCE = re.compile(r"l[dg]-?[0-9a-z]{4}-?[0-9a-z]{4}(?=[_-]|$)")


def record_bounce(session: Session, secret: str, raw: bytes) -> Outcome:
    """Take in one message from the return path, and count what came of it."""
    report = read_report(raw)
    outcome = Outcome.unreadable if report is None else _record(session, secret, report)
    count_one_more(session, BounceTally, {"outcome": outcome.value}, "count")
    return outcome


def _record(session: Session, secret: str, report: Report) -> Outcome:
    for signed in report.signed_keys:
        if key := prove_key(signed, secret):
            return _record_about(session, _REFERENCE.sub(lambda found: found[0].upper(), key), report)
    return Outcome.not_ours


def _record_about(session: Session, key: str, report: Report) -> Outcome:
    if report.fate is Fate.passed_on:
        return Outcome.passed_on
    if file := find_file(session, key):
        return record_file(session, file, report)
    # locked before its lead is, as everybody does who carries it
    if delivery := session.scalars(select(Delivery).where(Delivery.key == key).with_for_update()).one_or_none():
        session.refresh(delivery)
        return record_delivery(session, delivery, report)
    if letter := session.scalars(select(Letter).where(Letter.key == key).with_for_update()).one_or_none():
        session.refresh(letter)
        return _record_letter(session, letter, report)
    return _record_test(session, key, report)


def _record_letter(session: Session, letter: Letter, report: Report) -> Outcome:
    """A letter of ours has no receipts: what is on its row already is known."""
    reason = f"{KINDS[report.fate]}: {report.status}"
    if letter.reason == reason:
        return Outcome.known
    turns = turn(session, letter, report)
    if not turns:
        attempt = find_last(session, letter)
        if is_about_earlier_try(report.sent_at, attempt.started_at if attempt else None):
            return Outcome.known
        if letter.state is not State.delivered:
            return Outcome.recorded
        letter.reason = reason
    if letter.inquiry_id is not None:
        line = history.Line(f"letter.{KINDS[report.fate]}", ACTOR, {"letter": letter.kind, "status": report.status})
        history.append(session, Subject.inquiry, letter.inquiry_id, line)
    return Outcome.failed if turns else Outcome.recorded


def _record_test(session: Session, key: str, report: Report) -> Outcome:
    """A test of an endpoint that our relay took and that came back was not accepted after all."""
    if report.fate is not Fate.failed:
        return Outcome.recorded
    accepted = (EndpointTest.key == key, EndpointTest.result == Result.accepted)
    values = {"result": Result.bounced, "reason": f"{BOUNCED}: {report.status}"}
    turned = update(EndpointTest).where(*accepted).values(values).returning(EndpointTest.id)
    found = session.scalar(turned.execution_options(synchronize_session=False))
    return Outcome.not_ours if found is None else Outcome.failed
