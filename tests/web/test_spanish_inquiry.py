"""An inquiry in Spanish: the words she agreed to, their language wherever it is told, her letters and her page."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from leadgen.accounts.roles import RoleName
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import tell
from leadgen.intake.consent import WORDING_VERSIONS, hash_words
from leadgen.journey.prove import prove_for_staff
from leadgen.letters.compose import compose
from leadgen.models import Consent, Delivery, Event, Inquiry, Lead, Letter
from leadgen.vault import open_vault
from tests.inquiries import add_school
from tests.web.test_consent_proof import list_broken, unpack, verify
from tests.web.visitor import Visitor
from tests.web.workplace import database, sign_in

WORDS = (
    "Larkspur Institute puede comunicarse conmigo por correo electrónico sobre capacitación en {title}. No tengo que "
    "aceptar para ver escuelas ni para inscribirme, y puedo retirar este consentimiento en cualquier momento en la "
    "página a la que lleva el enlace de mi correo electrónico de confirmación."
)


@pytest.fixture
def sent(app: Flask) -> Visitor:
    with database(app) as session:
        add_school(session, "larkspur")
    visitor = Visitor(app, spoken="/es")
    visitor.send(visitor.reach_check("larkspur"))
    return visitor


def test_the_words_that_she_read_are_kept_with_their_own_version(app: Flask, sent: Visitor) -> None:
    with database(app) as session:
        consent, inquiry = session.scalars(select(Consent)).one(), session.scalars(select(Inquiry)).one()
        assert re.fullmatch(re.escape(WORDS).replace(r"\{title\}", ".+"), consent.words)
        assert consent.words_sha256 == hash_words(consent.words)
        assert (consent.wording_version, consent.language) == (WORDING_VERSIONS["es"], "es")
        assert consent.act == "Pressed “Enviar mis datos a 1 escuela”"
        assert (inquiry.language, inquiry.program_title) == ("es", "Medical billing and coding")
        told = session.scalars(select(Event.data).where(Event.kind == "consent.given")).one()
        assert told["wording"] == WORDING_VERSIONS["es"]


def test_the_proof_shows_the_page_in_spanish_and_says_so(app: Flask, sent: Visitor, tmp_path: Path) -> None:
    with database(app) as session:
        lead = session.scalars(select(Lead)).one()
        files = unpack(prove_for_staff(session, open_vault(), lead, "user:1", "dispute"))
    assert '<html lang="es">' in files["page.html"]
    assert "Enviar mis datos a 1 escuela" in files["page.html"]
    assert json.loads(files["proof.json"])["consent"]["language"] == "es"
    assert "In Spanish, wording 2026-11-26.es" in files["README.txt"]
    assert "En español, texto 2026-11-26.es" in files["LEAME.txt"]
    assert list_broken(files) == []
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = verify(tmp_path).stdout
    assert "se cumple  El texto nombra a Larkspur Institute" in said
    assert said.endswith("In English: python3 verify.py --en\n")
    files["proof.json"] = files["proof.json"].replace('"language": "es"', '"language": "en"')
    assert list_broken(files) != []


def test_the_school_and_the_desk_are_told_the_language(app: Flask, sent: Visitor) -> None:
    with database(app) as session:
        delivery = session.scalars(select(Delivery)).one()
        told = json.loads(json.dumps(tell(open_vault(), find_facts(session, delivery.id))))
        reference = session.scalars(select(Inquiry.reference)).one()
    assert told["consent"]["language"] == "es"
    assert told["person"]["language"] == "es"
    assert told["program"]["title"] == "Medical billing and coding"
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    assert "<dt>Language</dt><dd>Español</dd>" in rita.get(f"/desk/inquiries/{reference}").text


def test_her_letter_and_her_page_are_in_spanish(app: Flask, sent: Visitor) -> None:
    with database(app) as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "confirmation")).one()
        subject, text, html = compose(session, letter)
    assert subject.startswith("Tenemos su solicitud LG-")
    assert '<html lang="es">' in html
    link = re.search(r"http://127\.0\.0\.1:8000(/es/request/\S+)", text)
    assert link
    page = sent.client.get(link[1]).text
    assert '<html lang="es">' in page
    assert "Su solicitud" in page


def test_a_word_of_the_other_language_is_not_agreed_to(app: Flask) -> None:
    """The page was opened in one language and sent to the address of the other: she reads it once more."""
    with database(app) as session:
        add_school(session, "larkspur")
    visitor = Visitor(app, spoken="/es")
    token = visitor.reach_check("larkspur")
    words = re.search(r'name="words" value="(\w+)"', visitor.get("/inquiry/check").text)
    assert words
    visitor.spoken = ""
    answer = visitor.post("/inquiry/check", {"form_token": token, "words": words[1]})
    assert answer.location == "/inquiry/check"
    with database(app) as session:
        assert session.scalars(select(Consent)).all() == []
