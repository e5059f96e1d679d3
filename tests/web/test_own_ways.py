"""She lets one school reach her in one more way: by new words, on a page of its own, with a box that she ticks."""

import json
import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import TimeoutError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.history import read_history
from leadgen.intake.consent import hash_words
from leadgen.intake.lint_consent import lint_consent
from leadgen.intake.page import open_page
from leadgen.intake.widen import word_wider
from leadgen.models import About, Channel, Consent, Delivery, FormerConsent, Inquiry, Subject
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from tests.web.test_own_data import Hers, hers
from tests.web.test_pages import Elements
from tests.web.workplace import database

__all__ = ["hers"]  # a fixture, used by name


def find_consent(session: Session, school: str = "larkspur") -> Consent:
    return session.scalars(select(Consent).where(Consent.school_id == school)).one()


def list_ways(consent: Consent) -> set[Channel]:
    return {row.channel for row in consent.channels}


def drop_text(hers: Hers) -> str:
    """She has not agreed to text messages from Larkspur; gives the page on which she may."""
    with database(hers.app) as session:
        assert Channel.text not in list_ways(find_consent(session))
    hers.enter()
    return f"{hers.path}/yours/ways?school=larkspur&way=text"


def read_words(page: str) -> str:
    found = re.search(r'name="words" value="(\w+)"', page)
    assert found
    return found[1]


def agree(hers: Hers, path: str, **more: str) -> TestResponse:
    return hers.visitor.post(path, {"words": read_words(hers.visitor.get(path).text), "agreed": "y"} | more)


def test_the_page_has_exact_words_and_nothing_is_ticked(hers: Hers) -> None:
    path = drop_text(hers)
    page = hers.visitor.get(path).text
    with database(hers.app) as session:
        inquiry, name = session.scalars(select(Inquiry)).one(), "Larkspur Institute"
        words = word_wider(inquiry, find_consent(session), (name, Channel.text))
    assert "email, phone call and text message" in words
    assert lint_consent(page, {name: words}) == []
    assert "checked" not in page[page.index("<main") :]
    assert f"{hers.path}/yours/ways?school=larkspur&amp;way=text" in hers.visitor.get(f"{hers.path}/yours").text


def test_without_the_tick_nothing_changes(hers: Hers) -> None:
    path = drop_text(hers)
    answer = hers.visitor.post(path, {"words": read_words(hers.visitor.get(path).text)})
    assert answer.status_code == 422
    assert "Tick the box if you agree" in answer.text
    with database(hers.app) as session:
        assert Channel.text not in list_ways(find_consent(session))
    assert hers.count(FormerConsent) == 0
    assert hers.deliveries(About.change) == []


def test_words_that_she_did_not_read_are_not_agreed_to(hers: Hers) -> None:
    path = drop_text(hers)
    assert hers.visitor.post(path, {"words": "0" * 64, "agreed": "y"}).status_code == 303
    assert hers.count(FormerConsent) == 0


def test_her_yes_is_a_new_consent_that_this_school_alone_is_told(hers: Hers) -> None:
    path = drop_text(hers)
    with database(hers.app) as session:
        before = find_consent(session).words
    assert agree(hers, path).location == f"{hers.path}/yours"
    with database(hers.app) as session:
        consent = find_consent(session)
        assert Channel.text in list_ways(consent)
        assert "text message" in consent.words
        assert consent.words_sha256 == hash_words(consent.words)
        (former,) = consent.former
        assert (former.words, former.replaced_at) == (before, consent.given_at)
        assert "text" not in former.channels
        assert Channel.text not in list_ways(find_consent(session, "bramble"))
        inquiry = session.scalars(select(Inquiry)).one()
        key = open_vault().open_key(inquiry.contact.wrapped_key, f"contact:{inquiry.reference}")
        opened = open_page(key, consent, inquiry.contact)
        assert opened
        assert consent.words in " ".join(opened[0].split())
        last = read_history(session, Subject.inquiry, inquiry.id)[-1]
        assert (last.kind, last.data["page"]) == ("consent.widened", consent.page_sha256)
        notice = session.scalars(select(Delivery.id).where(Delivery.about == About.change)).one()
        told = json.loads(build_parcel(open_vault(), find_facts(session, notice)).body)
        assert "text" in told["data"]["consent"]["channels"]
        assert told["data"]["consent"]["words"] == consent.words
    assert hers.deliveries(About.change) == ["larkspur"]


def test_a_second_tab_adds_nothing(hers: Hers) -> None:
    path = drop_text(hers)
    words = read_words(hers.visitor.get(path).text)
    agree(hers, path)
    assert hers.visitor.post(path, {"words": words, "agreed": "y"}).location == f"{hers.path}/yours"
    assert hers.count(FormerConsent) == 1
    assert "agreed to this already" in hers.visitor.get(f"{hers.path}/yours").text


def test_who_gave_no_number_gives_it_there(hers: Hers) -> None:
    path = drop_text(hers)
    form = {"phone": "", "language": "en", "channels-larkspur": "email", "channels-bramble": "email"}
    hers.visitor.post(f"{hers.path}/yours/change", form)
    page = hers.visitor.get(path).text
    assert 'name="phone"' in page
    for phone in ("555", "555-0187", "+1 5550187"):
        refused = agree(hers, path, phone=phone)
        assert refused.status_code == 422
        assert "with its area code" in refused.text
    assert agree(hers, path, phone="(312) 555-0187").location == f"{hers.path}/yours"
    page = hers.visitor.get(f"{hers.path}/yours").text
    assert "(312) 555-0187" in page
    with database(hers.app) as session:
        assert list_ways(find_consent(session)) == {Channel.email, Channel.text}
        assert find_consent(session).phone_evidence
        assert list_ways(find_consent(session, "bramble")) == {Channel.email}


def test_after_a_busy_moment_the_same_yes_goes_through(hers: Hers, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop_text(hers)
    words = read_words(hers.visitor.get(path).text)
    with monkeypatch.context() as busy:
        busy.setitem(hers.app.view_functions, "request.add_way", refuse)
        kept = Elements(hers.visitor.post(path, {"words": words, "agreed": "y"}).text)
    (form,) = kept.named("form")
    fields: dict[str, object] = {each["name"]: each["value"] for each in kept.named("input")}
    assert hers.visitor.post(form["action"], fields).location == f"{hers.path}/yours"
    assert hers.count(FormerConsent) == 1


@audience(Audience.everybody)
def refuse(token: str) -> None:
    """What the database answers when too many wait for it."""
    raise TimeoutError(token)


def test_a_school_that_she_left_cannot_be_widened(hers: Hers) -> None:
    path = drop_text(hers)
    words = read_words(hers.visitor.get(path).text)
    hers.visitor.post(f"{hers.path}/withdraw", {"school": "larkspur"})
    hers.visitor.post(path, {"words": words, "agreed": "y"})
    assert hers.count(FormerConsent) == 0
    assert hers.visitor.get(f"{hers.path}/yours/ways?school=stranger&way=text").status_code == 404
