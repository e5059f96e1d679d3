"""A school answers the letter that brought a lead: its word is written down, and that it answers shows that it has the
letter, where nobody knew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.resolve import resolve_received
from leadgen.dispositions.progress import Word, report_progress
from leadgen.dispositions.reply import BY_LETTER, Reply
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.models import About, Delivery, State
from leadgen.vault import Vault

ANSWERED = "letter_answered"


def report_by_letter(session: Session, reply: Reply, word: Word) -> None:
    """Raises DispositionError where the school cannot say this of the lead (any more)."""
    _settle(session, reply)
    report_progress(session, reply.lead, word, BY_LETTER)


def return_by_letter(session: Session, vault: Vault, reply: Reply, reason: ReturnReason, note: str | None) -> None:
    """Raises DispositionError where the lead cannot be returned (any more), ErasedError where she was erased."""
    _settle(session, reply)
    return_lead(session, vault, reply.lead, reason, note, BY_LETTER)


def _settle(session: Session, reply: Reply) -> None:
    # before the lead is locked: whoever carries a delivery locks the two in this order
    mine = (Delivery.lead_id == reply.lead.id, Delivery.endpoint_id == reply.endpoint.id)
    query = select(Delivery).where(*mine, Delivery.about == About.lead, Delivery.state == State.uncertain)
    if (uncertain := session.scalars(query).one_or_none()) is not None:
        resolve_received(session, uncertain, BY_LETTER, ANSWERED)
