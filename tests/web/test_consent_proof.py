"""The proof of a consent: what was read and done, whole for staff, cut for the school, and checked without us."""

import ast
import io
import json
import re
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from leadgen.accounts.roles import RoleName
from leadgen.cli import main
from leadgen.history import read_history
from leadgen.intake.proof import VERIFIER
from leadgen.intake.verify_consent import IN_SPANISH, check
from leadgen.journey.prove import prove_for_school, prove_for_staff
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters.site import LANGUAGES
from leadgen.models import Consent, Contact, Inquiry, Lead, State, StyleSheet, Subject
from leadgen.vault import open_vault
from tests.conftest import TEST_ENVIRONMENT
from tests.inquiries import add_school
from tests.web.visitor import Visitor
from tests.web.workplace import database, settle, sign_in

SCHOOLS = ("larkspur", "bramble")
MAIL, PHONE = "ada@mail.example", "312-555-0142"


@pytest.fixture
def lead(app: Flask) -> str:
    """Her request to two schools: Larkspur by email alone, Bramble by email too. Gives Larkspur's reference."""
    with database(app) as session:
        for school in SCHOOLS:
            add_school(session, school)
    visitor = Visitor(app)
    assert visitor.send(visitor.reach_check(*SCHOOLS)).status_code == 303
    with database(app) as session:
        lead = session.scalars(select(Lead).where(Lead.school_id == "larkspur")).one()
        settle(session, lead, State.delivered)
        session.commit()
        return lead.reference


def unpack(packed: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def prove(app: Flask, reference: str, *, for_school: bool = False) -> dict[str, str]:
    with database(app) as session:
        found = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        if for_school:
            return unpack(prove_for_school(session, open_vault(), found, "test"))
        return unpack(prove_for_staff(session, open_vault(), found, "test", "audit"))


def list_broken(files: dict[str, str]) -> list[str]:
    return [sentence for held, sentence in check(files) if not held]


def test_staff_get_the_page_as_shown_with_its_styles(app: Flask, lead: str) -> None:
    files = prove(app, lead)
    page = files["page.html"]
    for words in (
        "Larkspur Institute may contact me by email",
        MAIL,
        PHONE,
        "Send my details to 2 schools",
        "--lg-paper",
    ):
        assert words in page, words
    assert 'rel="stylesheet"' not in page
    consent = json.loads(files["proof.json"])["consent"]
    assert consent["act"] == "Pressed “Send my details to 2 schools”"
    assert consent["network_address"] == "127.0.0.1"
    assert list_broken(files) == []


def test_nobody_gets_the_token_that_opens_her_own_page(app: Flask, lead: str) -> None:
    for files in (prove(app, lead), prove(app, lead, for_school=True)):
        assert "form_token" not in "".join(files.values())


def test_the_school_reads_nothing_of_other_schools_nor_what_it_may_not_use(app: Flask, lead: str) -> None:
    files = prove(app, lead, for_school=True)
    told = "".join(text for name, text in files.items() if not name.endswith((".css", ".py")))
    for words in ("Bramble", "bramble", PHONE, "5550142", "127.0.0.1", "LG-"):
        assert words not in told, words
    assert MAIL in files["page.html"]
    assert "Larkspur Institute may contact me by email" in files["page.html"]
    assert list_broken(files) == []


def test_after_a_withdrawal_the_school_reads_no_more_who_it_was(app: Flask, lead: str) -> None:
    with database(app) as session:
        inquiry = session.scalars(select(Inquiry)).one()
        withdraw_inquiry(session, inquiry.id, None, "prospect")
        session.commit()
    files = prove(app, lead, for_school=True)
    assert "Ada Example" not in "".join(files.values())
    assert MAIL not in "".join(files.values())
    assert list_broken(files) == []


@pytest.mark.parametrize("name", ["page.html", "style-1.css", "proof.json"])
def test_a_change_anywhere_is_found(app: Flask, lead: str, name: str) -> None:
    files = prove(app, lead)
    changed = {"proof.json": ("by email about", "by phone about")}.get(name, ("a", "b"))
    files[name] = files[name].replace(*changed)
    assert list_broken(files) != []


def test_a_changed_line_of_the_history_is_found(app: Flask, lead: str) -> None:
    files = prove(app, lead)
    files["proof.json"] = files["proof.json"].replace('"consent.given"', '"consent.taken"')
    assert any("history" in sentence for sentence in list_broken(files))


def test_the_verifier_runs_alone_and_says_what_it_checked(app: Flask, lead: str, tmp_path: Path) -> None:
    for name, text in prove(app, lead).items():
        (tmp_path / name).write_text(text)
    held = verify(tmp_path)
    assert (held.returncode, held.stderr) == (0, "")
    assert "holds   The page as shown carries the very words" in held.stdout
    assert "checks hold." in held.stdout
    assert held.stdout.endswith("En español: python3 verify.py --es\n")
    (tmp_path / "page.html").write_text("something else")
    broken = verify(tmp_path)
    assert broken.returncode == 1
    assert "BROKEN  page.html" in broken.stdout
    spanish = verify(tmp_path, "--es")
    assert spanish.returncode == 1
    assert "FALLA      page.html es esa página con estas hojas de estilo" in spanish.stdout
    assert "a Larkspur Institute, por correo electrónico, en inglés." in spanish.stdout
    (tmp_path / "proof.json").write_text("{}")
    assert "This is not a whole proof" in verify(tmp_path).stdout
    assert verify(tmp_path, "--es").stdout.startswith("Esta prueba no está completa: ")


def verify(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-I", "-S", str(folder / "verify.py"), *asked]
    return subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)


def test_the_verifier_says_all_of_it_in_spanish(app: Flask, lead: str) -> None:
    files = prove(app, lead)
    english, spanish = ([sentence for _, sentence in check(files, language)] for language in LANGUAGES)
    assert len(english) == len(spanish)
    assert not [said for said in spanish if said in english or re.search(r"\b(the|of|was|has|with|as)\b", said)]
    yielded = [node for node in ast.walk(ast.parse(VERIFIER.read_text())) if isinstance(node, ast.Yield)]
    written = [node.value for each in yielded for node in ast.walk(each) if isinstance(node, ast.Constant)]
    sentences = {words for words in written if isinstance(words, str) and words[:1].isupper()}
    assert {"The words name {school}", "Withdrawn {at}."} <= sentences
    assert sentences <= set(IN_SPANISH)
    for words, translated in IN_SPANISH.items():
        assert sorted(re.findall(r"\{\w+\}", translated)) == sorted(re.findall(r"\{\w+\}", words)), words


def test_the_proof_says_what_it_is_in_both_languages(app: Flask, lead: str) -> None:
    files = prove(app, lead)
    assert "by: email\nIn English, wording " in files["README.txt"]
    assert "por: correo electrónico\nEn inglés, texto " in files["LEAME.txt"]


def test_what_proves_a_consent_outlives_her_data(app: Flask, lead: str) -> None:
    with database(app) as session:
        session.execute(update(Contact).values(wrapped_key=None, sealed=None, page_sealed=None))
        session.commit()
    files = prove(app, lead)
    told = json.loads(files["proof.json"])
    assert told["page"] is None
    for name in ("words", "words_sha256", "page_sha256", "given_at", "email_keyed", "phone_keyed"):
        assert told["consent"][name], name
    assert MAIL not in "".join(files.values())
    assert list_broken(files) == []


def test_the_evidence_key_is_not_that_of_the_index(app: Flask, lead: str) -> None:
    with database(app) as session:
        consent, contact = session.scalars(select(Consent)).first(), session.scalars(select(Contact)).one()
        assert consent is not None
        assert consent.email_evidence == open_vault().key_evidence("email", MAIL.upper())
        assert consent.email_evidence != contact.email_index


def test_style_sheets_are_kept_once(app: Flask, lead: str) -> None:
    again = Visitor(app)
    again.send(again.reach_check("larkspur", email="bea@mail.example"))
    with database(app) as session:
        assert len(session.scalars(select(StyleSheet)).all()) == 1


def test_staff_say_why_and_the_history_tells(app: Flask, lead: str) -> None:
    rita = sign_in(app, "rita@firststep.example", RoleName.reviewer)
    without = rita.post(f"/desk/leads/{lead}/proof")
    assert without.status_code == 303
    assert list_proved(app) == []
    answer = rita.post(f"/desk/leads/{lead}/proof", data={"reason": "complaint"})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    assert list_broken(unpack(answer.data)) == []
    assert [data["reason"] for data in list_proved(app)] == ["complaint"]
    with database(app) as session:
        page = rita.get(f"/desk/inquiries/{session.scalars(select(Inquiry.reference)).one()}").text
    assert "Proof of consent taken" in page
    assert "Download the proof" in page


def test_a_school_gets_the_proof_of_its_own_lead_alone(app: Flask, lead: str) -> None:
    lou = sign_in(app, "lou@larkspur.example", RoleName.counsellor, "larkspur")
    charlie = sign_in(app, "charlie@bramble.example", RoleName.owner, "bramble")
    reader = sign_in(app, "rhea@larkspur.example", RoleName.school_reader, "larkspur")
    assert "Download the proof" in lou.get(f"/portal/leads/{lead}").text
    answer = lou.post(f"/portal/leads/{lead}/proof")
    assert "Bramble" not in "".join(text for name, text in unpack(answer.data).items() if not name.endswith(".css"))
    assert charlie.post(f"/portal/leads/{lead}/proof").status_code == 404
    assert reader.post(f"/portal/leads/{lead}/proof").status_code == 403
    assert len(list_proved(app)) == 1


def list_proved(app: Flask) -> list[dict[str, str]]:
    with database(app) as session:
        inquiry = session.scalars(select(Inquiry.id)).one()
        lines = read_history(session, Subject.inquiry, inquiry)
        return [line.data for line in lines if line.kind == "consent.proved"]


def test_the_command_writes_the_file_once(
    app: Flask, lead: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url}
    run = partial(CliRunner().invoke, env=settings)
    written = run(main, ["consent", "proof", lead, "--reason", "law"])
    assert written.exit_code == 0, written.output
    place = tmp_path / f"consent-{lead}.zip"
    assert list_broken(unpack(place.read_bytes())) == []
    assert place.stat().st_mode & 0o077 == 0
    assert "is there already" in run(main, ["consent", "proof", lead, "--reason", "law"]).output
    assert "There is no lead LD-0" in run(main, ["consent", "proof", "LD-0", "--reason", "law"]).output
    assert len(list_proved(app)) == 1
