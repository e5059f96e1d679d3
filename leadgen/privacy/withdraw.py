"""Take a consent back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.models import Consent


def withdraw_consents(
    session: Session, inquiry_id: int, schools: Sequence[str] | None, actor: str
) -> list[tuple[Consent, datetime]]:
    """Withdraw the consents to these schools (all where None); gives those that stood until now.

    The rows are locked before the clock is read, so that no attempt that saw the consent standing starts
    after the time that is written here. All consents of the inquiry are locked before any is read: what somebody else
    adds or withdraws at this moment comes wholly before or after."""
    everything = select(Consent.id).where(Consent.inquiry_id == inquiry_id).order_by(Consent.id)
    session.execute(everything.with_for_update(key_share=True))
    query = select(Consent).where(Consent.inquiry_id == inquiry_id, Consent.withdrawn_at.is_(None))
    if schools is not None:
        query = query.where(Consent.school_id.in_(schools))
    standing = session.scalars(
        query.order_by(Consent.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).all()
    withdrawn = []
    for consent in standing:
        consent.withdrawn_at = now(session)
        consent.withdrawn_by = actor
        withdrawn.append((consent, consent.withdrawn_at))
    session.flush()
    return withdrawn
