"""All there is about one inquiry, for the person who decides: read in a few queries, sealed data left sealed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from leadgen import history
from leadgen.models import (
    About,
    Asking,
    Chain,
    Choice,
    Consent,
    Delivery,
    Disposition,
    DispositionReport,
    Event,
    Inquiry,
    Lead,
    Letter,
    Link,
    Match,
    Note,
    Offering,
    Outcome,
    Receipt,
    State,
    Subject,
    User,
)
from leadgen.review.askings import list_askings
from leadgen.review.duplicates import Twin, find_links, list_twins
from leadgen.review.notes import list_notes


@dataclass(frozen=True)
class Trail:
    """The history of a subject, newest first, and what is wrong with its chain (nothing, if it is whole).

    ``actors`` gives the e-mail address of each user named in it."""

    events: list[Event]
    faults: list[str]
    actors: dict[str, str]


@dataclass(frozen=True)
class Dossier:
    """The rows of one inquiry. Consents and leads are found by school, reports by lead. ``original`` is the reference
    of the inquiry that it duplicates, ``duplicates`` are those of its own; ``twins`` share an address or a number.
    ``prices`` are what schools said that they pay, in cents, by delivery."""

    inquiry: Inquiry
    consents: dict[str, Consent]
    leads: dict[str, Lead]
    reports: dict[int, list[DispositionReport]]
    letters: list[Letter]
    askings: list[tuple[Asking, Link, Letter]]
    notes: list[Note]
    original: str | None
    duplicates: list[str]
    twins: list[Twin]
    trail: Trail
    prices: dict[int, int]

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
    def open_deliveries(self) -> list[Delivery]:
        """The deliveries that wait for a person: uncertain ones, then failed ones that nobody set aside."""
        mine = [each for lead in self.leads.values() for each in lead.deliveries if each.set_aside is None]
        failed = [each for each in mine if each.state is State.failed and self._is_wanted(each)]
        return [each for each in mine if each.state is State.uncertain] + failed

    @property
    def unjudged(self) -> list[Lead]:
        """The leads that a school gave back, and nobody has said yet whether that was right."""
        return [
            lead
            for lead in self.leads.values()
            if any(
                each.disposition is Disposition.returned and not each.judgment for each in self.reports.get(lead.id, [])
            )
        ]

    @property
    def untold(self) -> list[Lead]:
        """The leads whose school has to be told by hand: that she withdrew, or what she changed."""
        return [lead for lead in self.leads.values() if lead.untold_since is not None]

    @property
    def untold_withdrawals(self) -> list[Lead]:
        """Of those, the leads that she withdrew."""
        return [lead for lead in self.untold if not self._stands(lead.school_id)]

    def _is_wanted(self, delivery: Delivery) -> bool:
        return delivery.about is not About.lead or self._stands(delivery.school_id)

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
        deliveries.selectinload(Delivery.receipts),
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
        list_askings(session, inquiry.id),
        list_notes(session, inquiry.id),
        *find_links(session, inquiry.id),
        list_twins(session, inquiry.contact),
        read_trail(session, Subject.inquiry, inquiry.id),
        _find_prices(session, inquiry),
    )


def _find_prices(session: Session, inquiry: Inquiry) -> dict[int, int]:
    """Only an answer that a map reads names a price, so that for most inquiries nothing is asked."""
    mapped = [each.id for lead in inquiry.leads for each in lead.deliveries if each.endpoint.posting is not None]
    if not mapped:
        return {}
    told = select(Receipt.delivery_id, Receipt.price_cents).where(Receipt.delivery_id.in_(mapped))
    return {number: price for number, price in session.execute(told) if price is not None}


def read_trail(session: Session, subject: Subject, subject_id: object) -> Trail:
    """A subject's history with its verification. A subject without any history has no fault."""
    events = history.read_history(session, subject, subject_id)
    head = session.get(Chain, (subject, str(subject_id)))
    faults = list(history.verify(events, head)) if events or head else []
    return Trail(events[::-1], faults, _name_users(session, (event.actor for event in events)))


def _name_users(session: Session, actors: Iterable[str]) -> dict[str, str]:
    numbers = {int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}
    rows = session.execute(select(User.id, User.email).where(User.id.in_(numbers)))
    return {f"user:{number}": email for number, email in rows}
