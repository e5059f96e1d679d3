"""The buttons in the letter that brings a lead: whoever has the letter says how it goes, without signing in.

A button's token names one lead as one endpoint got it. It opens nothing once she withdrew or was erased, once the
endpoint got another address or is used no more, and after some days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.dispositions.progress import Word, list_reports
from leadgen.dispositions.report import find_withdrawal
from leadgen.links import LinkEndedError, LinkError
from leadgen.marks import say
from leadgen.models import DispositionReport, Endpoint, Inquiry, Lead, School
from leadgen.tokens import ReplyTo, is_genuine_reply, read_reply_token, went_there

RETURN = "return"
BY_LETTER = "school:letter"
# the buttons, in the order of the letter
BUTTONS = (Word.reached, Word.wrong_number, Word.applied, Word.enrolled)


@dataclass(frozen=True)
class Reply:
    """What a letter is about, and what the school has said of it so far."""

    lead: Lead
    endpoint: Endpoint
    school: School
    inquiry: Inquiry
    said: list[DispositionReport]


def find_reply(session: Session, secret: str, token: str, life: timedelta, at: datetime) -> Reply:
    """What the token of a button is about. Changes nothing. Raises LinkError where it does not hold (any more)."""
    lead, endpoint = _find(session, secret, token)
    if at - lead.released_at > life:
        raise LinkError(say("This link has run out."))
    if endpoint.retired_at or not went_there(token, _describe(lead, endpoint), secret):
        raise LinkEndedError(say("The school no longer receives at the address that this letter went to."))
    if find_withdrawal(session, lead):
        raise LinkEndedError(say("This request was withdrawn. Do not contact this person."))
    inquiry = session.get_one(Inquiry, lead.inquiry_id)
    if inquiry.contact.wrapped_key is None:
        raise LinkEndedError(say("The personal data was erased. Please stop all contact."))
    school = session.get_one(School, lead.school_id)
    return Reply(lead, endpoint, school, inquiry, list_reports(session, lead))


def _find(session: Session, secret: str, token: str) -> tuple[Lead, Endpoint]:
    named = read_reply_token(token)
    found = None
    if named is not None:
        query = select(Lead, Endpoint).join(Endpoint, Endpoint.school_id == Lead.school_id)
        found = session.execute(query.where(Lead.reference == named[0], Endpoint.id == named[1])).one_or_none()
    if found is None or not is_genuine_reply(token, _describe(*found), secret):
        raise LinkError(say("This link is not one of ours, or a part of it is missing."))
    return found[0], found[1]


def _describe(lead: Lead, endpoint: Endpoint) -> ReplyTo:
    return ReplyTo(lead.reference, lead.school_id, endpoint.id, endpoint.address or "")
