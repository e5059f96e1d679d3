"""All there is about one inquiry, for the person who decides: read in a few queries, sealed data left sealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from leadgen import history
from leadgen.models import (
    Chain,
    Choice,
    Consent,
    Delivery,
    DispositionReport,
    Event,
    Inquiry,
    Lead,
    Letter,
    Match,
    Offering,
    Outcome,
    Subject,
    User,
)
from leadgen.vault import Key, Vault

ANSWER_CHARACTERS = 1_024


@dataclass(frozen=True)
class Trail:
    """The history of a subject, newest first, and what is wrong with its chain (nothing, if it is whole).

    ``actors`` gives the e-mail address of each user named in it."""

    events: list[Event]
    faults: list[str]
    actors: dict[str, str]


@dataclass(frozen=True)
class Dossier:
    """The rows of one inquiry. Consents and leads are found by school, reports by lead."""

    inquiry: Inquiry
    consents: dict[str, Consent]
    leads: dict[str, Lead]
    reports: dict[int, list[DispositionReport]]
    letters: list[Letter]
    trail: Trail

    @property
    def ticked(self) -> list[Choice]:
        return [choice for choice in self.inquiry.choices if choice.ticked]

    @property
    def unticked(self) -> list[Choice]:
        return [choice for choice in self.inquiry.choices if not choice.ticked]

    @property
    def held(self) -> list[Choice]:
        """The choices that wait for a verdict while her consent stands."""
        return [choice for choice in self.ticked if choice.outcome is Outcome.hold and self._stands(choice.school_id)]

    @property
    def standing(self) -> list[Consent]:
        return [consent for consent in self.consents.values() if consent.withdrawn_at is None]

    @property
    def seen(self) -> int:
        """The id of the newest verdict, by which a decision says what it was made on."""
        return max((verdict.id for choice in self.ticked for verdict in choice.verdicts), default=0)

    def can_take_back(self, choice: Choice) -> bool:
        """Whether a released choice's lead has not left yet: no worker ever had it in hand."""
        lead = self.leads.get(choice.school_id)
        return lead is not None and not any(each.fence or each.attempts for each in lead.deliveries)

    def _stands(self, school_id: str) -> bool:
        return school_id in self.consents and self.consents[school_id].withdrawn_at is None


@dataclass(frozen=True)
class Revealed:
    """What is sealed, opened for one response. Addresses by school; notes by the id of the verdict or of the
    report; schools' answers by the id of the attempt, cut to 1 KB."""

    person: dict[str, Any]
    addresses: dict[str, str]
    verdict_notes: dict[int, str]
    report_notes: dict[int, str]
    answers: dict[int, str]


def find_inquiry(session: Session, reference: str) -> Inquiry | None:
    """The inquiry with everything that hangs on it, or None."""
    choices = selectinload(Inquiry.choices)
    deliveries = selectinload(Inquiry.leads).selectinload(Lead.deliveries)
    offering = choices.selectinload(Choice.matches).joinedload(Match.offering)
    query = select(Inquiry).where(Inquiry.reference == reference)
    query = query.options(
        choices.joinedload(Choice.school),
        choices.selectinload(Choice.verdicts),
        offering.joinedload(Offering.campus),
        selectinload(Inquiry.consents).selectinload(Consent.channels),
        deliveries.selectinload(Delivery.attempts),
        deliveries.joinedload(Delivery.endpoint),
        joinedload(Inquiry.contact),
    )
    return session.scalars(query).one_or_none()


def read_dossier(session: Session, inquiry: Inquiry) -> Dossier:
    """The dossier of an inquiry that `find_inquiry` found."""
    reports: dict[int, list[DispositionReport]] = {}
    mine = select(DispositionReport).where(DispositionReport.lead_id.in_([lead.id for lead in inquiry.leads]))
    for report in session.scalars(mine.order_by(DispositionReport.lead_id, DispositionReport.number)):
        reports.setdefault(report.lead_id, []).append(report)
    letters = select(Letter).where(Letter.inquiry_id == inquiry.id).order_by(Letter.id)
    return Dossier(
        inquiry,
        {consent.school_id: consent for consent in inquiry.consents},
        {lead.school_id: lead for lead in inquiry.leads},
        reports,
        list(session.scalars(letters.options(selectinload(Letter.attempts)))),
        read_trail(session, Subject.inquiry, inquiry.id),
    )


def read_trail(session: Session, subject: Subject, subject_id: object) -> Trail:
    """A subject's history with its verification. A subject without any history has no fault."""
    events = history.read_history(session, subject, subject_id)
    head = session.get(Chain, (subject, str(subject_id)))
    faults = list(history.verify(events, head)) if events or head else []
    return Trail(events[::-1], faults, _name_users(session, (event.actor for event in events)))


def reveal(session: Session, vault: Vault, dossier: Dossier, actor: str) -> Revealed:
    """Open what is sealed, and write down who looked. Raises ErasedError where she was erased."""
    inquiry = dossier.inquiry
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    history.append(session, Subject.inquiry, inquiry.id, history.Line("contact.revealed", actor))
    verdicts = ((each.id, each.note_sealed) for choice in inquiry.choices for each in choice.verdicts)
    reports = ((each.id, each.note_sealed) for group in dossier.reports.values() for each in group)
    attempts = (
        (attempt.id, attempt.answer_sealed)
        for lead in inquiry.leads
        for delivery in lead.deliveries
        for attempt in delivery.attempts
    )
    addresses = {
        consent.school_id: key.open(consent.address_sealed, f"consent:{consent.school_id}:address")
        for consent in inquiry.consents
        if consent.address_sealed
    }
    answers = {number: text[:ANSWER_CHARACTERS] for number, text in _open_all(key, attempts, "answer").items()}
    person = key.open_json(inquiry.contact.sealed or b"", "person")
    return Revealed(
        person, addresses, _open_all(key, verdicts, "verdict"), _open_all(key, reports, "disposition"), answers
    )


def _open_all(key: Key, sealed: Iterable[tuple[int, bytes | None]], column: str) -> dict[int, str]:
    return {number: key.open(text, column) for number, text in sealed if text}


def _name_users(session: Session, actors: Iterable[str]) -> dict[str, str]:
    numbers = {int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}
    rows = session.execute(select(User.id, User.email).where(User.id.in_(numbers)))
    return {f"user:{number}": email for number, email in rows}
