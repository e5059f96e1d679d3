"""What a school got, or gets: rebuilt from the rows for a person to see, and compared with what was sent."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.models import About, Delivery, Inquiry, Lead, Subject
from leadgen.vault import Vault


@dataclass(frozen=True)
class ShownParcel:
    """The parcel as it is built from what we hold now, with its keyed hash. ``same`` says of each try, by number,
    whether its hash is this one: where it is not, what we hold has changed since."""

    inquiry: Inquiry
    delivery: Delivery
    parcel: Parcel
    hash: str
    same: dict[int, bool]


def show_parcel(session: Session, vault: Vault, delivery: Delivery, actor: str) -> ShownParcel:
    """Rebuild the parcel of a delivery, and write down who looked: it holds personal data.

    Raises ErasedError where the person was erased."""
    lead = session.get_one(Lead, delivery.lead_id)
    sent = {each.number: each.parcel_hash for each in delivery.attempts if each.parcel_hash}
    parcel, hashed = _rebuild(vault, find_facts(session, delivery.id), list(sent.values()))
    facts = {"delivery": delivery.id, "school": delivery.school_id, "about": delivery.about}
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line("parcel.revealed", actor, facts))
    same = {number: each == hashed for number, each in sent.items()}
    return ShownParcel(session.get_one(Inquiry, lead.inquiry_id), delivery, parcel, hashed, same)


def _rebuild(vault: Vault, facts: Row[Any], sent: list[str]) -> tuple[Parcel, str]:
    """The parcel of these facts, or of the same before the school answered, if that is what was sent last."""
    hashed = [
        (build_parcel(vault, each, masked=True), vault.hash_parcel(build_parcel(vault, each).body))
        for each in (facts, *_before_the_answer(facts))
    ]
    return next((pair for pair in hashed if sent and pair[1] == sent[-1]), hashed[0])


def _before_the_answer(facts: Row[Any]) -> list[Any]:
    """A lead's parcel names the school's own reference, which the school gives in its answer to the first."""
    if facts.about is not About.lead or facts.school_reference is None:
        return []
    return [SimpleNamespace(**{**facts._mapping, "school_reference": None})]
