"""The door to her own data: a letter with a link, the entry that the link begins, and what she says of a school."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.database import insert_first
from leadgen.letters.kinds import OWN_DATA
from leadgen.letters.write import write_letter
from leadgen.links import LinkError, find_link, make_link, use_link
from leadgen.marks import say
from leadgen.models import Complaint, Consent, Inquiry, Letter, Link, LinkPurpose, Subject
from leadgen.privacy.entry import begin_entry, may_write_again

LINK_LIFE = timedelta(minutes=15)
PROSPECT = "prospect"


def ask_for_link(session: Session, secret: str, inquiry: Inquiry) -> None:
    """Write her a letter with a link. Nothing where she was erased, or had three of them within the hour: whoever
    asks is told the same in any case."""
    if inquiry.contact.erased_at or not may_write_again(session, inquiry.id, OWN_DATA):
        return
    letter_id = write_letter(session, OWN_DATA, inquiry.id, now(session))
    make_link(session, secret, LinkPurpose.own_data, letter_id, LINK_LIFE)
    history.append(session, Subject.inquiry, inquiry.id, history.Line("link.asked", PROSPECT))


def find_own_link(session: Session, inquiry: Inquiry, token: str) -> Link:
    """The link that this token opens, if it is to this inquiry. Raises LinkError, as `leadgen.links.find_link` does."""
    link = find_link(session, LinkPurpose.own_data, token)
    if session.scalar(select(Letter.inquiry_id).where(Letter.id == link.letter_id)) != inquiry.id:
        raise LinkError(say("This link is not one of ours, or a part of it is missing."))
    return link


def enter(session: Session, inquiry: Inquiry, token: str) -> str:
    """Use the link up; gives the token of the entry that it begins. Raises LinkError for the second one."""
    use_link(session, find_own_link(session, inquiry, token))
    history.append(session, Subject.inquiry, inquiry.id, history.Line("entry.begun", PROSPECT))
    return begin_entry(session, inquiry.id)


def complain(session: Session, inquiry: Inquiry, school_id: str) -> bool:
    """She says that a school contacts her too often. False where she agreed to no such school, or said so before."""
    mine = (Consent.inquiry_id == inquiry.id, Consent.school_id == school_id)
    if session.scalar(select(Consent.id).where(*mine)) is None:
        return False
    at = now(session)
    row = {"inquiry_id": inquiry.id, "school_id": school_id, "made_at": at}
    if not insert_first(session, Complaint, row):
        return False
    line = history.Line("complaint.made", PROSPECT, {"school": school_id})
    history.append(session, Subject.inquiry, inquiry.id, line, at=at)
    return True
