"""She wants never to be contacted: her requests are withdrawn everywhere, and later ones are held."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Contact, Inquiry, Subject
from leadgen.suppression import lift, suppress, take_turns


def suppress_person(session: Session, indexes: Sequence[bytes], actor: str, reason: str) -> list[str]:
    """Nothing leaves any more that holds one of these addresses or numbers (blind indexes); gives the references of the
    requests that hold one, each of which is withdrawn from every school. ``reason`` is a code.

    Whoever sends a form at this moment comes wholly before, and is withdrawn, or after, and is held."""
    take_turns(session, *indexes)
    suppress(session, indexes, actor, reason)
    found = _find_inquiries(session, indexes)
    for inquiry in found:
        withdraw_inquiry(session, inquiry.id, None, actor, reason)
        _tell(session, inquiry, "inquiry.suppressed", actor, {"reason": reason})
    return [inquiry.reference for inquiry in found]


def lift_suppression(session: Session, indexes: Sequence[bytes], actor: str) -> int:
    """Their owner may be contacted again where there is a new consent; gives how many were on the list. What was
    withdrawn stays so."""
    take_turns(session, *indexes)
    count = lift(session, indexes)
    for inquiry in _find_inquiries(session, indexes) if count else ():
        _tell(session, inquiry, "inquiry.unsuppressed", actor, {})
    return count


def _find_inquiries(session: Session, indexes: Sequence[bytes]) -> Sequence[Inquiry]:
    hers = or_(Contact.email_index.in_(indexes), Contact.phone_index.in_(indexes))
    return session.scalars(select(Inquiry).join(Contact).where(hers).order_by(Inquiry.id)).all()


def _tell(session: Session, inquiry: Inquiry, kind: str, actor: str, facts: dict[str, str]) -> None:
    history.append(session, Subject.inquiry, inquiry.id, history.Line(kind, actor, facts))
