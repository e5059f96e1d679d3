"""What a school got, or gets: rebuilt from the rows for a person to see, and compared with what was sent."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.models import Delivery, Inquiry, Lead, Subject
from leadgen.vault import Vault


@dataclass(frozen=True)
class ShownParcel:
    """The parcel as it would be built now, with its keyed hash. ``same`` says of each try, by number, whether its hash
    is this one: where it is not, what we hold has changed since."""

    inquiry: Inquiry
    delivery: Delivery
    parcel: Parcel
    hash: str
    same: dict[int, bool]


def show_parcel(session: Session, vault: Vault, delivery: Delivery, actor: str) -> ShownParcel:
    """Rebuild the parcel of a delivery, and write down who looked: it holds personal data.

    Raises ErasedError where the person was erased."""
    lead = session.get_one(Lead, delivery.lead_id)
    parcel = build_parcel(vault, find_facts(session, delivery.id))
    hashed = vault.hash_parcel(parcel.body)
    facts = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("parcel.revealed", actor, facts))
    same = {each.number: each.parcel_hash == hashed for each in delivery.attempts if each.parcel_hash}
    return ShownParcel(session.get_one(Inquiry, lead.inquiry_id), delivery, parcel, hashed, same)
