"""Carry one delivery: claim, send, record.

This is the one stage that commits, three times, because the order of commits is the promise itself: the
claim before anything else, the attempt before the first byte leaves, the outcome after the answer. No
database connection is held while the school's server thinks.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog
from flask import current_app
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError
from sqlalchemy.orm import Session

from leadgen.config import Settings
from leadgen.crash import crash_here
from leadgen.delivery.batch.claim import BatchClaim
from leadgen.delivery.batch.send import send_batch
from leadgen.delivery.carriers import CARRIERS
from leadgen.delivery.carriers.contract import (
    Answer,
    Carrier,
    CarrierError,
    Destination,
    Line,
    Parcel,
    Unknown,
)
from leadgen.delivery.claim import Claim, claim_delivery, claim_letter, start_sending
from leadgen.delivery.endpoints import find_destination
from leadgen.delivery.facts import find_facts
from leadgen.delivery.insist import insist
from leadgen.delivery.lanes import MOST_IN_FLIGHT, choose_most
from leadgen.delivery.parcel import build_parcel
from leadgen.delivery.record import Heard, fail_unsent, record_outcome
from leadgen.letters.compose import compose, find_recipient
from leadgen.models import Delivery, EndpointKind, Letter, State
from leadgen.vault import Vault

LONGEST_SEND_SECONDS = 15.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Dispatcher:
    """Carries deliveries and letters with sessions of its own. One per process; safe in many threads."""

    sessions: Callable[[], Session]
    vault: Vault
    line: Line
    lease_seconds: float
    carriers: Mapping[EndpointKind, Carrier] = field(default_factory=lambda: CARRIERS)
    most_in_flight: int = MOST_IN_FLIGHT

    @classmethod
    def from_settings(cls, settings: Settings, sessions: Callable[[], Session], vault: Vault) -> "Dispatcher":
        line = Line(
            settings.smtp_url,
            settings.mail_from,
            settings.sandbox_http,
            settings.allowed_private_networks,
            settings.bounce_address,
            settings.secret_key.get_secret_value(),
        )
        most = choose_most(settings.threads_of_worker)
        return cls(sessions, vault, line, settings.lease_seconds, most_in_flight=most)

    def deliver(self, delivery_id: int) -> State | None:
        """Carry one delivery if it is due and ours; gives its state afterwards, None when it was not ours."""
        with self.sessions() as session:
            claim = self._claim(session, delivery_id)
            if claim is None:
                return None
            crash_here("claimed")
            if isinstance(claim, BatchClaim):
                send_batch(self, session, claim)
                return self._read_state(delivery_id)
            return self._send(session, claim)

    def _read_state(self, delivery_id: int) -> State:
        with self.sessions() as session:
            return session.get_one(Delivery, delivery_id).state

    def send_letter(self, letter_id: int) -> State | None:
        """Carry one of our own letters, by the same rules."""
        with self.sessions() as session:
            claim = claim_letter(session, letter_id, self.lease_seconds)
            session.commit()
            if claim is None:
                return None
            crash_here("letter_claimed")
            return self._send(session, claim)

    def _claim(self, session: Session, delivery_id: int) -> Claim | BatchClaim | None:
        # each refusal is somebody else's claim: after as many, all lanes are seen to be taken
        for _ in range(self.most_in_flight + 1):
            try:
                claim = claim_delivery(session, delivery_id, self.lease_seconds, self.most_in_flight)
                session.commit()
                return claim
            except IntegrityError:
                session.rollback()
        return None

    def _send(self, session: Session, claim: Claim) -> State | None:
        try:
            kind, parcel, destination, version = self._prepare(session, claim)
        except (DBAPIError, TimeoutError):
            raise  # the database's fault, not the row's: the lease lapses, and somebody tries again
        except Exception as error:  # whatever a poisoned row does to rendering, no byte has left
            return self._fail_unsent(session, claim, error)
        attempt_id = start_sending(session, claim, parcel, self.vault.hash_parcel(parcel.body))
        session.commit()
        if attempt_id is None:
            log.info("delivery.lost_claim", row=claim.row_id, fence=claim.fence)
            return None
        session.close()
        crash_here("letter_sending" if claim.model is Letter else "sending")
        started = time.monotonic()
        outcome = self.carry(kind, parcel, destination)
        latency_ms = round((time.monotonic() - started) * 1000)
        crash_here("letter_answered" if claim.model is Letter else "answered")
        return self._record(claim, Heard(attempt_id, outcome, latency_ms, version))

    def _prepare(self, session: Session, claim: Claim) -> tuple[EndpointKind, Parcel, Destination, int | None]:
        """What goes, how and where; and the version of the endpoint that this is, None for a letter of ours."""
        deadline = min(claim.lease_seconds / 2, LONGEST_SEND_SECONDS)
        if claim.model is Letter:
            letter = session.get_one(Letter, claim.row_id)
            subject, text, html = compose(session, letter)
            parcel = Parcel(text.encode(), "text/plain", f"letter.{letter.kind}/1", subject=subject, html=html)
            address = find_recipient(session, self.vault, letter)
            return EndpointKind.email, parcel, Destination(address, letter.key, deadline), None
        facts = find_facts(session, claim.row_id)
        destination = find_destination(self.vault, facts, deadline)
        return facts.kind, build_parcel(self.vault, facts), destination, facts.endpoint_version

    def _fail_unsent(self, session: Session, claim: Claim, error: Exception) -> State | None:
        session.rollback()
        log.error("delivery.unsendable", row=claim.row_id, error=type(error).__name__)
        state = fail_unsent(session, claim, f"rendering:{type(error).__name__}")
        session.commit()
        return state

    def carry(self, kind: EndpointKind, parcel: Parcel, destination: Destination) -> Answer | CarrierError:
        """Hand the parcel to the carrier of its kind; what went wrong is an outcome too."""
        try:
            return self.carriers[kind](parcel, destination, self.line)
        except CarrierError as error:
            return error
        except Exception as error:  # a fault of ours while bytes may have left: nobody can say
            log.error("carrier.fault", error=type(error).__name__)
            return Unknown(f"carrier fault: {type(error).__name__}")

    def _record(self, claim: Claim, heard: Heard) -> State:
        def record() -> State:
            with self.sessions() as session:
                state = record_outcome(session, self.vault, claim, heard)
                session.commit()
                return state

        return insist(record)


def open_dispatcher() -> Dispatcher:
    """The dispatcher of the running app."""
    dispatcher: Dispatcher = current_app.extensions["leadgen.dispatcher"]
    return dispatcher
