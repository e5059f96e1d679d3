"""One inquiry from its last post on: what the schools answer, what staff decide, and how time passes."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers.contract import Answer, CarrierError, Parcel
from leadgen.delivery.claim import Claim, claim_delivery, claim_letter, start_sending
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.delivery.record import Heard, record_outcome
from leadgen.demo.age import chain_anew, make_older, move_places
from leadgen.journey.release import lock_choices
from leadgen.letters.compose import compose
from leadgen.models import (
    About,
    Choice,
    Delivery,
    Endpoint,
    EndpointKind,
    Inquiry,
    Lead,
    Letter,
    State,
)
from leadgen.vault import Vault

STAFF, SCHOOL = "demo:staff", "demo:school"
SENT_ONCE = "250"
ANSWERS = {EndpointKind.email: SENT_ONCE, EndpointKind.portal: "inbox", EndpointKind.form_post: "200"}
WEBHOOK_ANSWER = "202"
Outcome = Answer | CarrierError


@dataclass
class Story:
    """``school_id`` is the school that the story is about; she may have ticked others."""

    session: Session
    vault: Vault
    dice: Random
    inquiry_id: int
    school_id: str

    @property
    def inquiry(self) -> Inquiry:
        return self.session.get_one(Inquiry, self.inquiry_id)

    @property
    def lead(self) -> Lead:
        """The lead to the school that the story is about."""
        mine = (Lead.inquiry_id == self.inquiry_id, Lead.school_id == self.school_id)
        return self.session.scalars(select(Lead).where(*mine)).one()

    @property
    def choice(self) -> Choice:
        return next(each for each in lock_choices(self.session, self.inquiry_id) if each.school_id == self.school_id)

    def find_delivery(self, about: About = About.lead) -> Delivery:
        """The delivery of that lead, or of news about it."""
        mine = (Delivery.lead_id == self.lead.id, Delivery.about == about)
        fresh = select(Delivery).where(*mine).order_by(Delivery.id).execution_options(populate_existing=True)
        return self.session.scalars(fresh).all()[-1]

    def wait(self, hours: float = 0, minutes: float = 0, days: float = 0) -> None:
        """Let time pass: all that there is becomes older."""
        make_older(self.session, self.inquiry_id, timedelta(days=days, hours=hours, minutes=minutes))

    def confirm(self, outcome: Outcome | None = None) -> None:
        """Carry the letters to her that wait."""
        mine = (Letter.inquiry_id == self.inquiry_id, Letter.state == State.pending)
        for letter_id in self.session.scalars(select(Letter.id).where(*mine)).all():
            if claim := claim_letter(self.session, letter_id):
                letter = self.session.get_one(Letter, letter_id)
                subject, text, html = compose(self.session, letter)
                parcel = Parcel(text.encode(), "text/plain", f"letter.{letter.kind}/1", subject=subject, html=html)
                self._send(claim, parcel, outcome or Answer(SENT_ONCE))

    def carry(self, outcome: Outcome | None = None, about: About = About.lead) -> None:
        """Carry the story's delivery once, with this outcome; where something is in the way, it is held."""
        self._carry(self.find_delivery(about), outcome)

    def carry_all(self) -> None:
        """Carry every delivery that is due; every school accepts."""
        mine = (Lead.inquiry_id == self.inquiry_id, Delivery.state.in_((State.pending, State.held)))
        due = select(Delivery).join(Lead, Lead.id == Delivery.lead_id).where(*mine).order_by(Delivery.id)
        for delivery in self.session.scalars(due).all():
            self._carry(delivery, None)

    def claim(self, lease: timedelta) -> None:
        """Let a worker claim the delivery and go no further."""
        claim_delivery(self.session, self.find_delivery().id, lease.total_seconds())

    def start(self, lease: timedelta) -> None:
        """Let a worker begin to send, and not come back."""
        claim = claim_delivery(self.session, self.find_delivery().id, lease.total_seconds())
        if isinstance(claim, Claim):
            parcel = build_parcel(self.vault, find_facts(self.session, claim.row_id))
            start_sending(self.session, claim, parcel, self.vault.hash_parcel(parcel.body))

    def end(self) -> None:
        """Put places under caps on the days of the story, and make its history whole."""
        move_places(self.session, self.inquiry_id)
        chain_anew(self.session, self.inquiry_id)

    def _carry(self, delivery: Delivery, outcome: Outcome | None) -> None:
        claim = claim_delivery(self.session, delivery.id)
        if isinstance(claim, Claim):
            kind = self.session.get_one(Endpoint, delivery.endpoint_id).kind
            parcel = build_parcel(self.vault, find_facts(self.session, claim.row_id))
            self._send(claim, parcel, outcome or self._accept(kind, delivery.about))

    def _send(self, claim: Claim, parcel: Parcel, outcome: Outcome) -> None:
        attempt_id = start_sending(self.session, claim, parcel, self.vault.hash_parcel(parcel.body))
        if attempt_id is None:
            raise AssertionError("nobody else carries what was written in this transaction")
        latency_ms = int(self.dice.lognormvariate(5.2, 0.6))
        record_outcome(self.session, self.vault, claim, Heard(attempt_id, outcome, latency_ms))
        self.session.expire_all()

    def _accept(self, kind: EndpointKind, about: About) -> Answer:
        if kind is not EndpointKind.webhook or about is not About.lead:
            return Answer(ANSWERS.get(kind, WEBHOOK_ANSWER))
        theirs = f"Q-{self.dice.randint(10_000, 99_999)}"
        return Answer(WEBHOOK_ANSWER, f'{{"status": "accepted", "reference": "{theirs}"}}', theirs)
