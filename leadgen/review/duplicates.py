"""Duplicates: an inquiry that is linked to an earlier one of the same person. Contacts are never merged.

The same address is no proof: parents and counsellors write for several people. So what shares an address or a number
is only listed, and a person decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from leadgen import history
from leadgen.clock import now
from leadgen.marks import say, say_moment
from leadgen.models import Contact, Duplicate, Inquiry, Subject
from leadgen.review.notes import keep_words
from leadgen.review.overtaken import name_person
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import Vault

MOST_TWINS = 20
LINKING = 0x6C656164_6C696E6B  # the key of the lock that all who link take


@dataclass(frozen=True)
class Twin:
    """Another inquiry with the same email address or phone number, by reference only."""

    reference: str
    received_at: datetime
    program: str
    same_email: bool
    same_phone: bool


def link_duplicate(
    session: Session, vault: Vault, inquiry: Inquiry, original: Inquiry, actor: str, reason: Reason
) -> str:
    """Link an inquiry as a duplicate of another; gives the reference of the one it was linked to, which is the
    original's own original where that is a duplicate too.

    Raises ReleaseError where it is linked already, or would be its own duplicate."""
    _take_turns(session)
    _refuse_linked(session, inquiry)
    root = _find_root(session, original)
    if root.id == inquiry.id:
        raise ReleaseError(
            say(
                "%(reference)s is linked to this inquiry, or is the same. Nothing was changed.",
                reference=original.reference,
            )
        )
    at = now(session)
    session.add(Duplicate(inquiry_id=inquiry.id, original_id=root.id, linked_by=actor, linked_at=at))
    session.flush()
    _tell(session, "linked", inquiry, root, actor, reason, at)
    if reason.words:
        keep_words(session, vault, inquiry, actor, reason.words)
    return root.reference


def unlink_duplicate(session: Session, vault: Vault, inquiry: Inquiry, actor: str, reason: Reason) -> None:
    """Take the link back. Raises ReleaseError where there is none any more."""
    link = session.get(Duplicate, inquiry.id, with_for_update=True, populate_existing=True)
    if link is None:
        raise ReleaseError(say("This inquiry is not linked to another any more. Nothing was changed."))
    root = session.get_one(Inquiry, link.original_id)
    session.delete(link)
    session.flush()
    _tell(session, "unlinked", inquiry, root, actor, reason, now(session))
    if reason.words:
        keep_words(session, vault, inquiry, actor, reason.words)


def find_links(session: Session, inquiry_id: int) -> tuple[str | None, list[str]]:
    """The reference of the inquiry that this one duplicates, and those of its duplicates."""
    mine, other = aliased(Inquiry), aliased(Inquiry)
    query = (
        select(mine.id, mine.reference, other.reference)
        .join_from(Duplicate, mine, mine.id == Duplicate.inquiry_id)
        .join(other, other.id == Duplicate.original_id)
        .where(or_(Duplicate.inquiry_id == inquiry_id, Duplicate.original_id == inquiry_id))
        .order_by(Duplicate.linked_at)
    )
    rows = session.execute(query).all()
    original = next((original for own, _, original in rows if own == inquiry_id), None)
    return original, [reference for own, reference, _ in rows if own != inquiry_id]


def list_twins(session: Session, contact: Contact) -> list[Twin]:
    """The newest inquiries that share this contact's email address or phone number, found by blind index."""
    same = [
        column == value
        for column, value in (
            (Contact.email_index, contact.email_index),
            (Contact.phone_index, contact.phone_index),
        )
        if value
    ]
    if not same:
        return []
    query = (
        select(
            Inquiry.reference,
            Inquiry.received_at,
            Inquiry.program,
            Contact.email_index,
            Contact.phone_index,
        )
        .join(Contact, Contact.inquiry_id == Inquiry.id)
        .where(or_(*same), Inquiry.id != contact.inquiry_id)
        .order_by(Inquiry.received_at.desc(), Inquiry.id.desc())
        .limit(MOST_TWINS)
    )
    return [
        Twin(reference, at, title, email == contact.email_index, bool(phone) and phone == contact.phone_index)
        for reference, at, title, email, phone in session.execute(query)
    ]


def _take_turns(session: Session) -> None:
    """Whoever links comes one after the other: through chains, two links that share no inquiry could close a ring. On
    SQLite there is one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LINKING)))


def _refuse_linked(session: Session, inquiry: Inquiry) -> None:
    link = session.get(Duplicate, inquiry.id, populate_existing=True)
    if link is not None:
        original = session.get_one(Inquiry, link.original_id).reference
        who, at = name_person(session, link.linked_by), say_moment(link.linked_at)
        raise ReleaseError(
            say(
                "Linked already to %(original)s by %(who)s on %(at)s. Nothing was changed.",
                original=original,
                who=who,
                at=at,
            )
        )


def _find_root(session: Session, inquiry: Inquiry) -> Inquiry:
    link = session.get(Duplicate, inquiry.id, populate_existing=True)
    return _find_root(session, session.get_one(Inquiry, link.original_id)) if link else inquiry


def _tell(
    session: Session, what: str, inquiry: Inquiry, root: Inquiry, actor: str, reason: Reason, at: datetime
) -> None:
    lines = {
        str(inquiry.id): [
            history.Line(f"duplicate.{what}", actor, {"original": root.reference, "reason": reason.code})
        ],
        str(root.id): [
            history.Line(f"duplicate.{what}", actor, {"duplicate": inquiry.reference, "reason": reason.code})
        ],
    }
    history.append_each(session, Subject.inquiry, lines, at)
