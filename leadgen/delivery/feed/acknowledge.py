"""The school's system says that it has what it read from its feed: a receipt of each, and the end of what is open.

What is uncertain is settled by it, and what waits to be sent need not be: it is there. What is being sent at this
moment ends by itself, and what failed stays failed: staff, or the next endpoint, may have it in hand already.

That holds for the ways to the system that spoke: a webhook, a form post, and files by SFTP, which a machine fetches
too. A letter, or a file in a mail box, is for a person beside it, of whom the system knows nothing: it goes all the
same, and what is uncertain of it stays a question. Only where the school wanted the first that accepts, as the lead was
released, has it wanted the lead once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.database import insert_unless_there
from leadgen.delivery import slots
from leadgen.delivery.carriers.sftp_address import is_sftp
from leadgen.delivery.change import change_state
from leadgen.delivery.events import EVENTS, name_schema
from leadgen.delivery.feed.forms import Acknowledged
from leadgen.delivery.feed.read import find_place
from leadgen.delivery.resolve import resolve_received
from leadgen.models import (
    PERSONAL,
    About,
    Attempt,
    Consent,
    Delivery,
    EndpointKind,
    FeedEntry,
    Lead,
    Receipt,
    ReceiptKind,
    Result,
    Route,
    School,
    State,
    Subject,
)

MOST = 500
FETCHED = "fetched"
WAITING = (State.pending, State.held)


def acknowledge(session: Session, school_id: str, through: str, actor: str, most: int = MOST) -> Acknowledged:
    """Keep the school's word that it has everything up to the item with this id, at most so many at once. Said twice,
    the second finds nothing to do. Raises CursorError where the school's feed has no such item."""
    place = find_place(session, school_id, through)
    mine = (FeedEntry.school_id == school_id, FeedEntry.number <= place, FeedEntry.fetched_at.is_(None))
    query = select(FeedEntry).where(*mine).order_by(FeedEntry.number).limit(most + 1).with_for_update()
    entries = session.scalars(query.execution_options(populate_existing=True)).all()
    inquiries = _lock(session, {entry.lead_id for entry in entries[:most]})
    at = now(session)
    # by inquiry: the word of another school for the same people writes into the same histories
    for entry in sorted(entries[:most], key=lambda each: inquiries[each.lead_id]):
        entry.fetched_at, entry.fetched_by = at, actor
        _keep_word(session, entry, actor, at)
    session.flush()
    return {"acknowledged": len(entries[:most]), "more": len(entries) > most}


def _lock(session: Session, leads: Collection[int]) -> dict[int, int]:
    """Lock everything first that others lock before they count under a cap, each kind as everybody does: consents, then
    deliveries, then leads. Two never wait in a ring, neither with a withdrawal nor with a worker. Gives the inquiry of
    each lead."""
    theirs = select(Consent.id).join(
        Lead, (Lead.inquiry_id == Consent.inquiry_id) & (Lead.school_id == Consent.school_id)
    )
    consents = theirs.where(Lead.id.in_(leads)).order_by(Consent.id).with_for_update(read=True, of=Consent)
    deliveries = select(Delivery.id).where(Delivery.lead_id.in_(leads)).order_by(Delivery.id)
    for query in (consents, deliveries.with_for_update(key_share=True)):
        session.execute(query).all()
    these = select(Lead.id, Lead.inquiry_id).where(Lead.id.in_(leads)).order_by(Lead.id)
    return {row.id: row.inquiry_id for row in session.execute(these.with_for_update(key_share=True))}


def _keep_word(session: Session, entry: FeedEntry, actor: str, at: datetime) -> None:
    lead = session.get_one(Lead, entry.lead_id)
    deliveries = _list_deliveries(session, entry)
    settled = deliveries if lead.route is Route.first else list(filter(_goes_to_system, deliveries))
    for delivery in settled:
        _settle(session, delivery, lead, actor, at)
    if candidates := settled or deliveries:
        first = next((each for each in candidates if each.key == entry.key), candidates[0])
        receipt = {"delivery_id": first.id, "kind": ReceiptKind.accepted, "event_id": f"feed:{entry.key}"}
        insert_unless_there(session, Receipt, receipt | {"source": actor, "received_at": at})
    if entry.about in (About.withdrawal, About.erasure):
        told = update(Lead).where(Lead.id == lead.id).values(untold_since=None)
        session.execute(told.execution_options(synchronize_session=False))
    facts = {"school": entry.school_id, "lead": lead.reference, "about": entry.about}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("delivery.fetched", actor, facts), at=at)


def _list_deliveries(session: Session, entry: FeedEntry) -> Sequence[Delivery]:
    same = (Delivery.lead_id == entry.lead_id, Delivery.about == entry.about, Delivery.version == entry.version)
    query = select(Delivery).where(*same).order_by(Delivery.id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _goes_to_system(delivery: Delivery) -> bool:
    endpoint = delivery.endpoint
    if endpoint.kind is EndpointKind.batch:
        return is_sftp(endpoint.address or "")
    return endpoint.kind in (EndpointKind.webhook, EndpointKind.form_post)


def _settle(session: Session, delivery: Delivery, lead: Lead, actor: str, at: datetime) -> None:
    if delivery.state is State.uncertain:
        resolve_received(session, delivery, actor, FETCHED)
        return
    if delivery.state not in WAITING or (delivery.about in PERSONAL and not _consent_stands(session, lead)):
        return
    if delivery.about is About.lead:
        # a place under the caps, whether or not they are full: the lead is there
        slots.reserve_slot(session, slots.lock_lead(session, lead.id), session.get_one(School, lead.school_id), at)
    if change_state(session, delivery, State.delivered, FETCHED, expected=WAITING):
        _write_attempt(session, delivery, actor, at)


def _consent_stands(session: Session, lead: Lead) -> bool:
    mine = (Consent.inquiry_id == lead.inquiry_id, Consent.school_id == lead.school_id)
    return session.execute(select(Consent.withdrawn_at).where(*mine).with_for_update(read=True)).scalar_one() is None


def _write_attempt(session: Session, delivery: Delivery, actor: str, at: datetime) -> None:
    """That it was fetched is a try that was accepted: every delivery that arrived has one."""
    last = select(func.coalesce(func.max(Attempt.number), 0)).where(Attempt.delivery_id == delivery.id)
    row = {
        "delivery_id": delivery.id,
        "number": (session.scalar(last) or 0) + 1,
        "fence": delivery.fence,
        "parcel_bytes": 0,
        "parcel_schema": name_schema(EVENTS[delivery.about]),
        "parcel_hash": "",
        "started_at": at,
        "ended_at": at,
        "result": Result.accepted,
        "resolved_by": actor,
    }
    session.execute(insert(Attempt).values(row))
