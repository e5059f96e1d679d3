"""Erased: withdrawn everywhere, schools told by references alone, nothing sealed opens, the proof of consent stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.core import current_settings
from leadgen.delivery.carriers.contract import Answer, Unknown
from leadgen.delivery.resolve import ResolveError, resend_letter, resolve_not_received
from leadgen.history import read_history
from leadgen.invariants import find_breaches
from leadgen.journey.ask import ask
from leadgen.journey.erase import ErasedOld, erase_inquiry, erase_old
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters.kinds import CONFIRMATION
from leadgen.letters.write import write_letter
from leadgen.models import About, Consent, Contact, Delivery, Erasure, Inquiry, Lead, Letter, State, Subject
from leadgen.privacy.erase import ErasedAlreadyError, forget_evidence
from leadgen.privacy.tombstones import FILE, find_risen, list_tombstones, read_tombstones
from leadgen.review.notes import keep_words
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import ErasedError, open_vault
from tests.inquiries import add_school, send_inquiry
from tests.tasks.scripted_carrier import ScriptedCarrier, carry, inquiry, only_delivery, run

__all__ = ["inquiry"]  # a fixture, used by name


def erase(session: Session, inquiry: Inquiry, actor: str = "prospect") -> None:
    erase_inquiry(session, open_vault(), current_settings(), inquiry, actor, "asked")
    session.commit()


def find_all(session: Session, about: About) -> list[Delivery]:
    return list(session.scalars(select(Delivery).where(Delivery.about == about).order_by(Delivery.id)))


def test_what_has_not_left_never_leaves_and_nobody_is_told(session: Session, inquiry: Inquiry) -> None:
    erase(session, inquiry)
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, carrier.carried) == (State.cancelled, [])
    assert session.scalars(select(Delivery)).all() == [delivery]
    assert {letter.state for letter in session.scalars(select(Letter))} == {State.cancelled}
    assert find_breaches(session) == []


def test_who_has_it_is_told_by_references_alone(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200", reference="S-77"))
    erase(session, inquiry)
    (notice,) = find_all(session, About.erasure)
    carrier = ScriptedCarrier([Answer("200"), Answer("200")])
    run(session, carrier, find_all(session, About.withdrawal)[0].id)
    run(session, carrier, notice.id)
    body = carrier.carried[1][0].body.decode()
    assert '"lead.erased"' in body
    assert "S-77" in body
    assert "erased_at" in body
    for parcel, _ in carrier.carried:
        assert not [word for word in ("ada", "5550142", "60601") if word in parcel.body.decode().lower()]
    assert find_breaches(session) == []


def test_who_withdrew_before_is_told_of_the_erasure_too(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    withdraw_inquiry(session, inquiry.id, None, "prospect")
    session.commit()
    erase(session, inquiry)
    assert [len(find_all(session, about)) for about in (About.withdrawal, About.erasure)] == [1, 1]


def test_uncertain_is_never_sent_again(session: Session, inquiry: Inquiry) -> None:
    carry(session, Unknown("timeout"))
    erase(session, inquiry)
    delivery = find_all(session, About.lead)[0]
    assert delivery.state is State.uncertain
    resolve_not_received(session, delivery, "staff:1", "school_says_no")
    session.commit()
    states = {each.about: each.state for each in session.scalars(select(Delivery))}
    assert states == dict.fromkeys((About.lead, About.withdrawal, About.erasure), State.cancelled)
    assert find_breaches(session) == []


def test_sent_at_this_moment_ends_and_the_answer_is_not_kept(session: Session, inquiry: Inquiry) -> None:
    delivery_id = only_delivery(session).id

    def erase_meanwhile() -> None:
        erase(session, session.get_one(Inquiry, inquiry.id))

    session.rollback()
    run(session, ScriptedCarrier([Answer("200", "we have Ada")], erase_meanwhile), delivery_id)
    delivery = find_all(session, About.lead)[0]
    assert delivery.state is State.delivered
    assert delivery.attempts[0].answer_sealed is None
    assert find_breaches(session) == []


def test_nothing_sealed_is_left(session: Session, inquiry: Inquiry) -> None:
    keep_words(session, open_vault(), inquiry, "staff:1", "Ada called")
    session.commit()
    before = session.get_one(Contact, inquiry.id)
    sealed, row = before.sealed or b"", f"contact:{inquiry.reference}"
    key = open_vault().open_key(before.wrapped_key, row)
    assert "Ada" in key.open(sealed, "person")
    erase(session, inquiry)
    contact = session.get_one(Contact, inquiry.id)
    columns = (contact.wrapped_key, contact.sealed, contact.page_sealed, contact.email_index, contact.phone_index)
    assert columns == (None,) * 5
    assert {consent.address_sealed for consent in session.scalars(select(Consent))} == {None}
    with pytest.raises(ErasedError):
        open_vault().open_key(contact.wrapped_key, row)


def test_proof_of_consent_stays_and_finds_nobody(session: Session, inquiry: Inquiry) -> None:
    vault = open_vault()
    erase(session, inquiry)
    tombstone, consent = session.scalars(select(Erasure)).one(), session.scalars(select(Consent)).one()
    assert consent.email_evidence == vault.key_evidence("email", "Ada@mail.example ")
    assert consent.phone_evidence == vault.key_evidence("phone", "+13125550142")
    assert consent.email_evidence != vault.index_email("ada@mail.example")
    assert tombstone.held_until
    assert (tombstone.held_until - tombstone.erased_at).days == 1826
    assert "Larkspur Institute may contact me" in consent.words
    events = read_history(session, Subject.inquiry, inquiry.id)
    assert [event.kind for event in events][-1] == "inquiry.erased"


def test_evidence_goes_when_its_time_is_over(session: Session, inquiry: Inquiry) -> None:
    erase(session, inquiry)
    assert forget_evidence(session) == 0
    session.execute(update(Erasure).values(held_until=now(session)))
    assert forget_evidence(session) == 1
    assert forget_evidence(session) == 0
    session.expire_all()
    consent = session.scalars(select(Consent)).one()
    assert (consent.email_evidence, consent.phone_evidence) == (None, None)
    assert consent.words


def test_second_one_is_told_when(session: Session, inquiry: Inquiry) -> None:
    erase(session, inquiry)
    with pytest.raises(ErasedAlreadyError, match="was erased on"):
        erase(session, inquiry, "staff:1")
    session.rollback()
    assert len(read_tombstones((current_settings().data_dir / FILE).read_text().splitlines())) == 1


def test_letters_are_neither_sent_again_nor_written_anew(session: Session, inquiry: Inquiry) -> None:
    letter_id = write_letter(session, CONFIRMATION, inquiry.id, session.get_one(Inquiry, inquiry.id).received_at)
    letter = session.get_one(Letter, letter_id)
    letter.state = State.failed
    erase(session, inquiry)
    with pytest.raises(ResolveError, match="was erased"):
        resend_letter(session, letter, "staff:1", "mended")
    add_school(session, "harebell")
    with pytest.raises(ReleaseError, match="was erased"):
        ask(session, open_vault(), "s" * 32, inquiry, "harebell", "staff:1", Reason("wants_more"))


def test_tombstones_find_who_rose_from_a_backup(session: Session, inquiry: Inquiry) -> None:
    erase(session, inquiry)
    lines = (current_settings().data_dir / FILE).read_text().splitlines()
    assert read_tombstones(lines) == [reference for reference, _ in list_tombstones(session)] == [inquiry.reference]
    assert find_risen(session, [inquiry.reference]) == []
    contact = session.get_one(Contact, inquiry.id)
    contact.erased_at, contact.wrapped_key = None, b"t1:from the backup"
    session.flush()
    assert find_risen(session, [inquiry.reference, "LG-0000-0000"]) == [inquiry]
    session.rollback()


def test_lead_stays_for_the_counts(session: Session, inquiry: Inquiry) -> None:
    carry(session, Answer("200"))
    erase(session, inquiry)
    assert session.scalars(select(Lead)).one().inquiry_id == inquiry.id


def test_what_is_kept_for_long_enough_is_erased_without_a_word(session: Session, inquiry: Inquiry) -> None:
    young = send_inquiry(session, ["larkspur"])
    carry_all(session)
    long_ago = now(session) - timedelta(days=740)
    session.execute(update(Inquiry).where(Inquiry.id == inquiry.id).values(received_at=long_ago))
    session.commit()
    assert erase_old(session, open_vault(), current_settings()) == ErasedOld(1, ())
    session.commit()
    assert erase_old(session, open_vault(), current_settings()) == ErasedOld(0, ())
    erased = {row.inquiry_id: row.erased_at is not None for row in session.scalars(select(Contact))}
    assert erased == {inquiry.id: True, young.id: False}
    assert {each.about for each in session.scalars(select(Delivery))} == {About.lead}
    assert {consent.withdrawn_at for consent in session.scalars(select(Consent))} == {None}
    assert find_breaches(session) == []


def test_old_one_that_has_not_left_is_stopped(session: Session, inquiry: Inquiry) -> None:
    session.execute(update(Inquiry).values(received_at=now(session) - timedelta(days=740)))
    session.commit()
    erase_old(session, open_vault(), current_settings())
    session.commit()
    carrier, delivery = carry(session, Answer("200"))
    assert (delivery.state, delivery.reason, carrier.carried) == (State.cancelled, "erased", [])


def carry_all(session: Session) -> None:
    numbers = list(session.scalars(select(Delivery.id)))
    for number in numbers:
        run(session, ScriptedCarrier([Answer("200")]), number)
    session.rollback()


def test_what_opened_her_data_is_nowhere_in_the_file(session: Session, inquiry: Inquiry) -> None:
    contact = session.get_one(Contact, inquiry.id)
    keys = (contact.wrapped_key or b"", contact.email_index or b"")
    assert all(len(key) > 30 for key in keys)
    session.rollback()
    assert find_in_file(session, *keys) == 2
    erase(session, session.get_one(Inquiry, inquiry.id))
    assert find_in_file(session, *keys) == 0


def find_in_file(session: Session, *wanted: bytes) -> int:
    """How many of these bytes stand in the database's file, once its log of writes is worked in. The pages of a server
    are its own affair: there, how many stand in the rows."""
    session.rollback()
    if session.get_bind().dialect.name != "sqlite":
        rows = session.execute(select(Contact.wrapped_key, Contact.email_index)).all()
        return sum(any(each in row for row in rows) for each in wanted)
    with session.get_bind().engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = Path(session.get_bind().engine.url.database or "").read_bytes()
    return sum(each in held for each in wanted)
