"""What is sealed about an inquiry, opened for one response, and written down: who looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from leadgen import history
from leadgen.models import Subject
from leadgen.review.dossier import Dossier
from leadgen.review.notes import COLUMN as NOTE
from leadgen.vault import Key, Vault

ANSWER_CHARACTERS = 1_024


@dataclass(frozen=True)
class Revealed:
    """What is sealed, opened. Addresses by school; words by the id of the verdict, of the report or of the note;
    schools' answers by the id of the attempt, cut to 1 KB."""

    person: dict[str, Any]
    addresses: dict[str, str]
    verdict_notes: dict[int, str]
    report_notes: dict[int, str]
    notes: dict[int, str]
    answers: dict[int, str]


def reveal(session: Session, vault: Vault, dossier: Dossier, actor: str) -> Revealed:
    """Open what is sealed, and write down who looked. Raises ErasedError where she was erased."""
    inquiry = dossier.inquiry
    key = vault.open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
    history.append(session, Subject.inquiry, inquiry.id, history.Line("contact.revealed", actor))
    verdicts = ((each.id, each.note_sealed) for choice in inquiry.choices for each in choice.verdicts)
    reports = ((each.id, each.note_sealed) for group in dossier.reports.values() for each in group)
    answers = _open_all(key, _list_answers(dossier), "answer")
    return Revealed(
        person=key.open_json(inquiry.contact.sealed or b"", "person"),
        addresses=_open_addresses(key, dossier),
        verdict_notes=_open_all(key, verdicts, "verdict"),
        report_notes=_open_all(key, reports, "disposition"),
        notes=_open_all(key, ((note.id, note.body_sealed) for note in dossier.notes), NOTE),
        answers={number: text[:ANSWER_CHARACTERS] for number, text in answers.items()},
    )


def _list_answers(dossier: Dossier) -> Iterable[tuple[int, bytes | None]]:
    for lead in dossier.inquiry.leads:
        for delivery in lead.deliveries:
            yield from ((attempt.id, attempt.answer_sealed) for attempt in delivery.attempts)


def _open_addresses(key: Key, dossier: Dossier) -> dict[str, str]:
    return {
        consent.school_id: key.open(consent.address_sealed, f"consent:{consent.school_id}:address")
        for consent in dossier.inquiry.consents
        if consent.address_sealed
    }


def _open_all(key: Key, sealed: Iterable[tuple[int, bytes | None]], column: str) -> dict[int, str]:
    return {number: key.open(text, column) for number, text in sealed if text}
