"""The last post: an inquiry and everything that proves it, written in the caller's one transaction.

Core inserts in bulk: an inquiry is some forty rows, and this is the one write that a prospect waits for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from leadgen.database import insert_row, insert_rows
from leadgen.intake.answers import Answers, Shown
from leadgen.intake.consent import WORDING_VERSIONS, hash_words, word_act, word_consent
from leadgen.intake.draft import OpenDraft
from leadgen.intake.page import Sheet, hash_shown, keep_sheets, seal_page
from leadgen.intake.screening import DUPLICATE_DAYS
from leadgen.models import Channel, Choice, Consent, ConsentChannel, Contact, Inquiry, Match, Outcome
from leadgen.tokens import hash_token, make_reference
from leadgen.vault import Key, Vault

_consent, _contact = Consent.__table__.c, Contact.__table__.c
_SENT = select(Inquiry.reference).where(Inquiry.form_token_hash == bindparam("hashed"))
_SEEN = (
    select(_consent.school_id, _contact.email_index, _contact.phone_index)
    .join(Contact.__table__, _contact.inquiry_id == _consent.inquiry_id)
    # without a number NULL is asked for, which equals nothing
    .where(or_(_contact.email_index == bindparam("email"), _contact.phone_index == bindparam("phone")))
    .where(_consent.school_id.in_(bindparam("schools", expanding=True)), _consent.given_at > bindparam("since"))
)


@dataclass(frozen=True)
class Visit:
    """How the last post came: the page's path, her network address, and the page as she saw it (HTML) with its style
    sheets."""

    page: str
    address: str
    html: str
    # of the page: what she read and agreed to
    language: str = "en"
    # the program's title in English, for schools and staff, where she read another
    title: str = ""
    sheets: Sequence[Sheet] = ()
    opted_out_of_sale: bool = False


@dataclass(frozen=True)
class Written:
    """The ids of a fresh inquiry: choice ids and consent ids by school; the hash of the page as shown."""

    inquiry_id: int
    reference: str
    choices: Mapping[str, int]
    consents: Mapping[str, int]
    page_sha256: str


def find_sent(session: Session, form_token: str) -> str | None:
    """The reference of the inquiry that this form token made, if it made one."""
    return session.scalar(_SENT, {"hashed": hash_token(form_token)})


def write_inquiry(
    session: Session,
    vault: Vault,
    draft: OpenDraft,
    visit: Visit,
    program: str,
    outcomes: Mapping[str, Outcome],
    at: datetime,
) -> Written:
    """Insert inquiry, contact, choices, matches and consents. ``program`` is the title as she read it; ``outcomes``
    tells of each school she chose that still has room, all of them on the list as shown, what becomes of it."""
    if draft.shown is None:
        raise ValueError("an inquiry needs the list as shown")
    reference = make_reference("LG")
    inquiry_id = _insert_inquiry(session, draft.answers, draft.shown, program, reference, visit, at)
    key = _insert_contact(session, vault, draft.answers, visit, inquiry_id, reference)
    choices = _insert_choices(session, draft.shown, outcomes, inquiry_id)
    keep_sheets(session, visit.sheets)
    same = _tell_same(vault, key, draft, visit, inquiry_id, at)
    consents = _insert_consents(session, key, draft, visit, program, list(outcomes), same)
    return Written(inquiry_id, reference, choices, consents, same["page_sha256"])


def index_person(vault: Vault, answers: Answers) -> tuple[bytes, bytes | None]:
    """The blind indexes of her email and of her phone number, where she gave one."""
    phone = answers.person.phone
    return vault.index_email(answers.person.email), vault.index_phone(phone) if phone else None


def find_seen(
    session: Session, indexes: tuple[bytes, bytes | None], schools: Sequence[str], at: datetime
) -> tuple[set[str], set[str]]:
    """The schools she chose with this email, and those with this phone number, in the last 90 days. Take turns first.

    A request that is still held counts too: two held ones would otherwise pass each other unseen."""
    email, phone = indexes
    since = at - timedelta(days=DUPLICATE_DAYS)
    rows = session.execute(_SEEN, {"email": email, "phone": phone, "schools": schools, "since": since}).all()
    return (
        {row.school_id for row in rows if row.email_index == email},
        {row.school_id for row in rows if phone and row.phone_index == phone},
    )


def _insert_inquiry(
    session: Session, answers: Answers, shown: Shown, program: str, reference: str, visit: Visit, at: datetime
) -> int:
    row = {
        "reference": reference,
        "form_token_hash": hash_token(answers.form_token),
        "program": answers.program,
        "program_title": visit.title or program,
        # where exactly her device was stays sealed with the page as shown
        "criteria": shown.criteria | {"latitude": None, "longitude": None},
        "zip": shown.place["zip"],
        "city": shown.place["city"],
        "state": shown.place["state"],
        "language": visit.language,
        "opted_out_of_sale": answers.opted_out_of_sale or visit.opted_out_of_sale,
        "directory_version_id": shown.directory_version,
        "flags": [],
        "received_at": at,
    }
    return insert_row(session, Inquiry, row)


def _insert_contact(
    session: Session, vault: Vault, answers: Answers, visit: Visit, inquiry_id: int, reference: str
) -> Key:
    key, wrapped = vault.make_key(f"contact:{reference}")
    person = answers.person
    row = {
        "inquiry_id": inquiry_id,
        "wrapped_key": wrapped,
        "sealed": key.seal_json(
            {
                "name": person.name,
                "email": person.email,
                "phone": person.phone,
                "times": person.contact_times,
                "prefers": person.prefers,
                "language": person.language or visit.language,
            },
            "person",
        ),
        "page_sealed": seal_page(key, visit.html),
        "email_index": vault.index_email(person.email),
        "phone_index": vault.index_phone(person.phone) if person.phone else None,
    }
    insert_rows(session, Contact, [row])
    return key


def _insert_choices(session: Session, shown: Shown, outcomes: Mapping[str, Outcome], inquiry_id: int) -> dict[str, int]:
    rows = [
        {
            "inquiry_id": inquiry_id,
            "school_id": school.school_id,
            "rank": school.rank,
            "ticked": school.school_id in outcomes,
            "outcome": outcomes.get(school.school_id),
        }
        for school in shown.schools
    ]
    ids = {row.school_id: row.id for row in insert_rows(session, Choice, rows, "id", "school_id")}
    matches = [
        {
            "choice_id": ids[school.school_id],
            "offering_id": match.offering_id,
            "rank": match.rank,
            "distance_miles": match.distance_miles,
            "score": match.score,
            "reasons": match.reasons,
            "checks": match.checks,
        }
        for school in shown.schools
        for match in school.matches
    ]
    insert_rows(session, Match, matches)
    return ids


def _tell_same(vault: Vault, key: Key, draft: OpenDraft, visit: Visit, inquiry_id: int, at: datetime) -> dict[str, Any]:
    """What is the same for every consent of an inquiry: by which act on which page, when, and who in keyed form."""
    person = draft.answers.person
    return {
        "inquiry_id": inquiry_id,
        "ticked": True,
        "wording_version": WORDING_VERSIONS[visit.language],
        "page": visit.page,
        "page_sha256": hash_shown(key, visit.html),
        "styles": tuple(sheet.sha256 for sheet in visit.sheets),
        "act": word_act(len(draft.answers.chosen), visit.language),
        "email_evidence": vault.key_evidence("email", person.email),
        "phone_evidence": vault.key_evidence("phone", person.phone) if person.phone else None,
        "given_at": at,
    }


def _insert_consents(
    session: Session,
    key: Key,
    draft: OpenDraft,
    visit: Visit,
    program: str,
    schools: Sequence[str],
    same: Mapping[str, Any],
) -> dict[str, int]:
    rows = []
    for school_id in schools:
        words = word_choice(draft, program, school_id, visit.language)
        address = key.seal(visit.address, f"consent:{school_id}:address")
        own = {"school_id": school_id, "words": words, "words_sha256": hash_words(words), "address_sealed": address}
        rows.append({**same, **own})
    ids = {row.school_id: row.id for row in insert_rows(session, Consent, rows, "id", "school_id")}
    channels = [
        {"consent_id": ids[school_id], "channel": Channel(channel)}
        for school_id in schools
        for channel in draft.answers.channels[school_id]
    ]
    insert_rows(session, ConsentChannel, channels)
    return ids


def word_choice(draft: OpenDraft, program: str, school_id: str, language: str = "en") -> str:
    """The words for one chosen school, as the page shows them and as the consent keeps them."""
    school = draft.shown.find(school_id) if draft.shown else None
    if school is None:
        raise ValueError(f"{school_id} is not on the list as shown")
    ways = [Channel(channel) for channel in draft.answers.channels[school_id]]
    return word_consent(school.name, program, ways, language)
