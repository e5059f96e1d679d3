"""What was tried, as far as its outcome depends on it: read in one joined look, as plain rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from leadgen.clock import database_now
from leadgen.database import table_of
from leadgen.delivery.claim import Claim
from leadgen.delivery.decide import Receiver
from leadgen.models import About, Contact, Delivery, Endpoint, EndpointKind, Inquiry, Lead, Letter, State


@dataclass(frozen=True)
class Tried:
    """A letter of our own that was tried, as it was ``read_at`` the database's clock."""

    row_id: int
    state: State
    fence: int
    tries: int
    read_at: datetime

    @property
    def receiver(self) -> Receiver:
        return Receiver(is_school=False)


@dataclass(frozen=True)
class TriedDelivery(Tried):
    """A delivery that was tried. ``reference`` and ``wrapped_key`` are those of the inquiry and its contact;
    ``has_failed``: the endpoint's last tries failed, or its circuit is open."""

    about: About
    lead_id: int
    school_id: str
    inquiry_id: int
    reference: str
    wrapped_key: bytes | None
    endpoint_id: int
    dedupes: bool
    has_failed: bool
    endpoint_version: int

    @property
    def receiver(self) -> Receiver:
        return Receiver(is_school=True, dedupes=self.dedupes)


def find_tried(session: Session, claim: Claim) -> Tried:
    """The row of a claim as it is now."""
    if claim.model is Letter:
        return Tried(**session.execute(_FIND_LETTER, {"wanted": claim.row_id}).mappings().one())
    return TriedDelivery(**session.execute(_FIND_DELIVERY, {"wanted": claim.row_id}).mappings().one())


_letter, _delivery, _endpoint = table_of(Letter).c, table_of(Delivery).c, table_of(Endpoint).c
_lead, _inquiry, _contact = table_of(Lead).c, table_of(Inquiry).c, table_of(Contact).c

# as Endpoint.drops_repeats has it
_DROPS_REPEATS = and_(_endpoint.dedupes, _endpoint.kind != EndpointKind.batch)
_READ_AT = database_now().label("read_at")
_FIND_LETTER = select(_letter.id.label("row_id"), _letter.state, _letter.fence, _letter.tries, _READ_AT).where(
    _letter.id == bindparam("wanted")
)
_FIND_DELIVERY = (
    select(
        _delivery.id.label("row_id"),
        _delivery.state,
        _delivery.fence,
        _delivery.tries,
        _READ_AT,
        _delivery.about,
        _delivery.lead_id,
        _delivery.school_id,
        _lead.inquiry_id,
        _inquiry.reference,
        _contact.wrapped_key,
        _delivery.endpoint_id,
        _DROPS_REPEATS.label("dedupes"),
        or_(_endpoint.failures_in_a_row > 0, _endpoint.open_until.is_not(None)).label("has_failed"),
        _endpoint.version.label("endpoint_version"),
    )
    .join_from(table_of(Delivery), table_of(Endpoint), _endpoint.id == _delivery.endpoint_id)
    .join(table_of(Lead), _lead.id == _delivery.lead_id)
    .join(table_of(Inquiry), _inquiry.id == _lead.inquiry_id)
    .join(table_of(Contact), _contact.inquiry_id == _inquiry.id)
    .where(_delivery.id == bindparam("wanted"))
)
