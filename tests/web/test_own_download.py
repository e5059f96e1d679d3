"""Her download is all that we hold, opened, and reads in her language: no code, no key, no source of a page."""

import json
import re
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.models import (
    Attempt,
    Inquiry,
    Lead,
    Outcome,
    Verdict,
)
from leadgen.privacy.opened import HERSELF, SCHOOL, STAFF, SYSTEM
from leadgen.review.notes import add_note
from leadgen.vault import Key, open_vault
from leadgen.web.inquiry_words import EVENT_WORDS
from leadgen.web.prospect.own_labels import LABELS, WORDS
from leadgen.web.prospect.page_words import list_lines
from tests.web.test_own_data import Hers, hers
from tests.web.test_own_ways import agree
from tests.web.test_translation import list_left
from tests.web.workplace import database, sign_in
from tests.words.pseudo import LANGUAGE, speak_pseudo

__all__ = ["hers"]  # a fixture, used by name

NOTE, VERDICT, RETURN, ANSWER = "Ada called us", "Ada wrote to us", "Ada lives elsewhere", "Thanks for Ada"


def open_key(session: Session) -> Key:
    inquiry = session.scalars(select(Inquiry)).one()
    return open_vault().open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")


def fill(hers: Hers) -> None:
    """Whatever is sealed about her somewhere: a note, a verdict's, a return's, a system's answer, a wider consent's."""
    path = f"{hers.path}/yours/ways?school=larkspur&way=text"
    hers.enter()
    agree(hers, path)
    sign_in(hers.app, "lou@larkspur.example", RoleName.owner, "larkspur")  # user 1
    sign_in(hers.app, "rita@firststep.example", RoleName.reviewer)  # user 2
    with database(hers.app) as session:
        inquiry, key = session.scalars(select(Inquiry)).one(), open_key(session)
        lead = session.scalars(select(Lead).where(Lead.school_id == "larkspur")).one()
        add_note(session, open_vault(), inquiry, "user:2", NOTE)
        return_lead(session, open_vault(), lead, ReturnReason.outside_area, RETURN, "user:1")
        choice = next(each for each in inquiry.choices if each.school_id == "larkspur")
        session.add(
            Verdict(
                choice_id=choice.id,
                number=9,
                outcome=Outcome.release,
                actor="user:2",
                reasons=["checked"],
                note_sealed=key.seal(VERDICT, "verdict"),
                given_at=now(session),
            )
        )
        choice.outcome = Outcome.release
        (attempt,) = session.scalars(select(Attempt).where(Attempt.delivery_id.is_not(None)))
        attempt.answer_sealed = key.seal(ANSWER, "answer")
        session.commit()


def download(hers: Hers, form: str, spoken: str = "") -> str:
    hers.visitor.spoken = spoken
    return hers.visitor.post(f"{hers.path}/yours/download", {"form": form}).text


def test_whatever_is_sealed_about_her_is_in_it(hers: Hers) -> None:
    fill(hers)
    told = json.loads(download(hers, "json"))
    larkspur = next(each for each in told["schools"] if each["school"] == "Larkspur Institute")
    assert [note["words"] for note in told["notes"]] == [NOTE]
    assert [(each["by"], each["words"]) for each in larkspur["decisions"]][-1] == (STAFF, VERDICT)
    (report,) = larkspur["reports"]
    assert (report["says"], report["reason"], report["words"]) == ("returned", "outside_area", RETURN)
    assert [each["words"] for each in larkspur["answers"]] == [ANSWER]
    (former,) = larkspur["agreed_before"]
    assert "text" not in former["ways"]
    assert "text message" in larkspur["agreed_to"]
    assert larkspur["agreed_to"] in " ".join(larkspur["page_as_shown"].split())
    assert "Check your answers" in told["page_as_shown"]
    assert {event["by"] for event in told["history"]} == {HERSELF, STAFF, SCHOOL, SYSTEM}
    assert "user:" not in json.dumps(told)


def test_a_page_to_read_shows_the_words_of_pages_and_no_source(hers: Hers) -> None:
    fill(hers)
    page = download(hers, "html")
    for words in (NOTE, VERDICT, RETURN, ANSWER, "Larkspur Institute", "Let Larkspur Institute reach me this way too"):
        assert words in page, words
    assert "&lt;" not in page
    assert "<pre" not in page
    assert "Outside the school&#39;s area" in page


def test_it_is_whole_in_spanish(hers: Hers) -> None:
    fill(hers)
    page = download(hers, "html", "/es")
    read = re.sub(r"<(blockquote|q)>.*?</\1>", " ", page, flags=re.DOTALL)
    for label in ("Usted", "Escuelas", "Enviada", "Solicitud recibida", "llamada telefónica", "usted"):
        assert label in read, label
    english = {str(words) for words in (*LABELS.values(), *WORDS["what"].values(), *WORDS["by"].values())}
    said = {part.strip() for run in re.findall(r">([^<>]+)<", read) for part in run.split("·")}
    assert said & english == set()


def test_it_speaks_any_language(hers: Hers, tmp_path: Path) -> None:
    fill(hers)
    speak_pseudo(hers.app, tmp_path / "translations")
    page = download(hers, "html")
    assert f'lang="{LANGUAGE}"' in page
    assert list_left(page) == set()


def test_the_words_of_a_page_are_its_lines() -> None:
    page = "<head><title>T</title></head><body><nav>Menu</nav><h1>Check\n it</h1><p>Ada<br>60601 &amp; more</p></body>"
    assert list_lines(page) == ["Check it", "Ada", "60601 & more"]


def test_every_kind_of_event_has_words_for_her() -> None:
    assert set(WORDS["what"]) == set(EVENT_WORDS)
