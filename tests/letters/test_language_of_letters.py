"""A letter to a user is in the language of the user, a letter to a mailbox of a school in that of the mailbox. What a
school's own system reads is the same in either."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.core import current_settings
from leadgen.delivery.batch.cover import COVERS, write_cover
from leadgen.delivery.carriers.contract import Parcel
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters.compose import compose
from leadgen.letters.kinds import INVITATION, Change
from leadgen.letters.site import LANGUAGES
from leadgen.letters.write import tell_account_changed, write_user_letter
from leadgen.links import make_link
from leadgen.models import About, Delivery, Endpoint, EndpointKind, Inquiry, Letter, LinkPurpose, State, User
from leadgen.vault import open_vault
from tests.letters.whole import check_letter, find_delivery, settle


def read_parcel(session: Session, about: About = About.lead) -> Parcel:
    session.flush()
    return build_parcel(open_vault(), find_facts(session, find_delivery(session, about).id))


def find_mailbox(session: Session) -> Endpoint:
    return session.scalars(select(Endpoint).where(Endpoint.school_id == "larkspur")).one()


def test_a_lead_goes_to_a_mailbox_in_its_language_and_the_buttons_lead_on_in_it(
    session: Session, inquiry: Inquiry
) -> None:
    find_mailbox(session).language = "es"
    parcel = read_parcel(session)
    text = parcel.body.decode()
    check_letter("lead_created.es", settle(parcel.subject, text, parcel.html))
    assert text.count("http://127.0.0.1:8000/es/reply/") == text.count("/reply/") == 5


def test_a_letter_that_names_nobody_leads_to_the_portal_in_the_language_of_the_mailbox(
    session: Session, inquiry: Inquiry
) -> None:
    mailbox = find_mailbox(session)
    mailbox.language, mailbox.link_only = "es", True
    parcel = read_parcel(session)
    text = parcel.body.decode()
    assert "http://127.0.0.1:8000/es/portal/leads/LD-" in text
    assert parcel.subject.startswith("Nueva solicitud LD-")
    assert parcel.subject.endswith(": Facturación y codificación médica")
    assert "Este correo no nombra a nadie." in text


def test_news_of_a_lead_is_in_the_language_of_the_mailbox(session: Session, inquiry: Inquiry) -> None:
    find_delivery(session, About.lead).state = State.delivered
    find_mailbox(session).language = "es"
    session.flush()
    withdraw_inquiry(session, inquiry.id, ["larkspur"], "prospect")
    assert "ya no acepta que se comuniquen" in read_parcel(session, About.withdrawal).body.decode()


@pytest.mark.parametrize("kind", [EndpointKind.webhook, EndpointKind.form_post])
def test_what_a_system_reads_is_the_same_in_either_language(
    session: Session, inquiry: Inquiry, kind: EndpointKind
) -> None:
    endpoint = session.scalars(select(Endpoint).where(Endpoint.school_id == "bramble")).one()
    endpoint.kind = kind
    delivery_id = session.scalars(select(Delivery.id).where(Delivery.endpoint_id == endpoint.id)).one()
    parcels = []
    for language in LANGUAGES:
        endpoint.language = language
        session.flush()
        parcels.append(build_parcel(open_vault(), find_facts(session, delivery_id)))
    assert parcels[0] == parcels[1]
    assert b"Medical" in parcels[0].body


def test_a_daily_file_has_the_same_rows_in_a_letter_of_the_language(session: Session, inquiry: Inquiry) -> None:
    for language in LANGUAGES:
        subject, text = write_cover(language, "leads-1", 3)
        assert ("leads-1" in subject, "3" in subject, len(text.splitlines())) == (True, True, 1)
    assert set(COVERS) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "site", "words"),
    [
        (None, "http://127.0.0.1:8000", "Open this page"),
        ("en", "http://127.0.0.1:8000", "Open this page"),
        ("es", "http://127.0.0.1:8000/es", "Abra esta página"),
    ],
)
def test_a_user_is_written_to_in_the_language_of_the_account(
    session: Session, user: User, language: str | None, site: str, words: str
) -> None:
    user.language = language
    letter = session.get_one(Letter, write_user_letter(session, INVITATION, user.id, now(session)))
    secret = current_settings().secret_key.get_secret_value()
    make_link(session, secret, LinkPurpose.invitation, letter.id, timedelta(days=7), user.id)
    _, text, html = compose(session, letter)
    for part in (text, html):
        assert f"{site}/invitation/" in part
        assert words in part


def test_a_letter_that_waits_goes_out_in_the_language_that_was_chosen_since(session: Session, user: User) -> None:
    letter = session.get_one(Letter, tell_account_changed(session, user.id, Change.switched_on, now(session)))
    assert "it was switched on again" in compose(session, letter)[0]
    user.language = "es"
    session.flush()
    subject, text, _ = compose(session, letter)
    assert "se activó de nuevo" in subject
    assert "http://127.0.0.1:8000/es/login" in text
