"""Erase: withdraw everywhere, tell who has the lead, and destroy what opens her data. What proves her consent stays."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.config import Settings
from leadgen.delivery.news import stop_personal, tell_erased
from leadgen.intake.change import find_standing
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.models import Contact, Inquiry, Lead, Subject
from leadgen.privacy.erase import ErasedAlreadyError, Order, close_doors, destroy_person
from leadgen.privacy.tombstones import write_tombstone
from leadgen.review.askings import end_askings
from leadgen.vault import Vault, VaultError

BY_HERSELF = "asked"
TOO_OLD = "kept_for_long"
SWEEPER = "sweeper"
DAYS_OF_A_MONTH = 30.44
AFTER_RESTORE = "after_restore"

OLD_AT_ONCE = 50
MOST_UNREADABLE = 500  # where a whole key is missing, no look at it takes for ever
# what opens, or is cut short, and is not what was sealed
NOT_AS_SEALED = (ValueError, LookupError, TypeError)


@dataclass(frozen=True)
class Erased:
    """What an erasure did: when, which schools were told, and those that staff have to tell."""

    at: datetime
    told: int
    unreachable: int


def erase_inquiry(session: Session, vault: Vault, settings: Settings, inquiry: Inquiry, actor: str, why: str) -> Erased:
    """Erase the person of an inquiry. ``why`` is a code. Raises ErasedAlreadyError where somebody was first.

    The tombstone is written to a file before the commit: after a restore it has to outlive this database."""
    withdraw_inquiry(session, inquiry.id, None, actor, why)
    at = destroy_person(session, vault, inquiry, Order(actor, why, settings.keep_evidence_years))
    counts = {"told": 0, "unreachable": 0}
    leads = select(Lead).where(Lead.inquiry_id == inquiry.id).order_by(Lead.school_id)
    for lead in session.scalars(leads).all():
        news = tell_erased(session, lead, at)
        counts["told"] += bool(news["notified"])
        counts["unreachable"] += bool(news["unreachable"] and not news["notified"])
    end_askings(session, inquiry.id, at)
    letters = close_doors(session, inquiry.id, at)
    line = history.Line("inquiry.erased", actor, {"reason": why, "letters_cancelled": letters} | counts)
    history.append(session, Subject.inquiry, inquiry.id, line, at=at)
    write_tombstone(settings.data_dir, inquiry.reference, at)
    return Erased(at, **counts)


@dataclass(frozen=True)
class ErasedOld:
    """How many were erased for their age, and the references of those that could not be opened, which stay."""

    count: int
    unreadable: tuple[str, ...]


def erase_old(session: Session, vault: Vault, settings: Settings) -> ErasedOld:
    """Erase what came longer ago than it is kept, some at a time. The caller commits. Raises OSError where no tombstone
    can be written: then nobody was erased.

    Nobody withdrew, so schools hear nothing: each keeps what it has by its own rules. What would still leave is
    stopped, since nothing can be built any more. One that does not open keeps no other waiting."""
    months = settings.keep_inquiries_months
    before = now(session) - timedelta(days=months * DAYS_OF_A_MONTH)
    old = select(Inquiry).join(Contact).where(Inquiry.received_at < before, Contact.erased_at.is_(None))
    oldest = old.order_by(Inquiry.received_at, Inquiry.id).limit(OLD_AT_ONCE)
    count, unreadable = 0, list[str]()
    while count < OLD_AT_ONCE and len(unreadable) < MOST_UNREADABLE:
        inquiries = session.scalars(oldest.offset(len(unreadable))).all()
        for inquiry in inquiries:
            reference = inquiry.reference
            if _is_erased(session, vault, settings, inquiry):
                count += 1
            else:
                unreadable.append(reference)
        if len(inquiries) < OLD_AT_ONCE:
            break
    return ErasedOld(count, tuple(unreadable))


def _is_erased(session: Session, vault: Vault, settings: Settings, inquiry: Inquiry) -> bool:
    """Whether it is erased now, by us or by somebody who was first."""
    try:
        with session.begin_nested():
            _erase_old(session, vault, settings, inquiry)
    except ErasedAlreadyError:
        return True
    except (VaultError, *NOT_AS_SEALED):
        return False
    return True


def _erase_old(session: Session, vault: Vault, settings: Settings, inquiry: Inquiry) -> None:
    find_standing(session, inquiry.id)  # locked, as everybody locks them who changes what is sent
    at = destroy_person(session, vault, inquiry, Order(SWEEPER, TOO_OLD, settings.keep_evidence_years))
    stopped = stop_personal(session, inquiry.id)
    end_askings(session, inquiry.id, at)
    close_doors(session, inquiry.id, at)
    line = history.Line("inquiry.erased", SWEEPER, {"reason": TOO_OLD, "cancelled": stopped})
    history.append(session, Subject.inquiry, inquiry.id, line, at=at)
    write_tombstone(settings.data_dir, inquiry.reference, at)
