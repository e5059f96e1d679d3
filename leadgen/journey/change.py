"""She changes how she wants to be reached: it is written, and passed on to the schools that have or may have it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.news import pass_on_change
from leadgen.intake.change import Change, find_standing, write_change
from leadgen.models import Inquiry, Lead, Subject
from leadgen.vault import Vault

PROSPECT = "prospect"


def change_inquiry(session: Session, vault: Vault, inquiry: Inquiry, change: Change) -> list[str]:
    """Write a change; gives the schools to which it matters. Withdrawn ones get nothing. Saying the same twice changes
    nothing. Raises ErasedError once she was erased."""
    standing = find_standing(session, inquiry.id)
    changed = write_change(session, vault, inquiry, change, standing)
    at, lines = now(session), []
    if changed.fields:
        lines.append(history.Line("contact.changed", PROSPECT, {"what": changed.fields}))
    for consent in changed.consents:
        ways = [str(each.channel) for each in consent.channels]
        lines.append(history.Line("consent.changed", PROSPECT, {"school": consent.school_id, "channels": ways}))
    for school_id in sorted(changed.schools):
        mine = (Lead.inquiry_id == inquiry.id, Lead.school_id == school_id)
        if lead := session.scalars(select(Lead).where(*mine)).one_or_none():
            pass_on_change(session, lead, at)
    if lines:
        history.append(session, Subject.inquiry, inquiry.id, *lines, at=at)
    return changed.schools
