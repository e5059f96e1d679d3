"""Every letter, to whomever it goes, is there in Spanish, and says all that the English one does."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template

from leadgen.core import current_settings
from leadgen.letters.compose import render_letter
from leadgen.letters.kinds import Change
from leadgen.review.reasons import ASK_REASONS

FOLDER = Path("templates/letters")
KINDS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
PARTS = ("subject.txt", "body.txt", "body.html")
MARCH = datetime(2027, 3, 4, tzinfo=UTC)
LEAD = {
    "lead": "LD-7K2M-94QD",
    "school_reference": None,
    "test": True,
    "person": {
        "name": "Ada Example",
        "email": None,
        "phone": "+13125550142",
        "contact_times": ["evening", "weekend"],
        "time_zone": "America/Chicago",
        "preferred_channel": "call",
        "language": "es",
    },
    "place": {"zip": "60601", "city": "Chicago", "state": "IL"},
    "program": {"slug": "phlebotomy", "title": "Phlebotomy"},
    "offering": None,
    "distance_miles": 3.2,
    "wants": {"format": "any", "credential": "associate", "certifications": [], "age": 18, "education": "ged"},
    "consent": {
        "given_at": "2027-03-04T05:06:07Z",
        "channels": ["call", "email"],
        "words": "Acepto",
        "wording_version": "2026-11-26.es",
        "words_sha256": "0" * 64,
    },
    "received_at": "2027-03-04T05:06:07Z",
    "changed_at": "2027-03-04T05:06:07Z",
    "erased_at": "2027-03-04T05:06:07Z",
    "withdrawn_at": "2027-03-04T05:06:07Z",
}
LARKSPUR = SimpleNamespace(name="Larkspur Institute")
FACTS = {
    "about": Change.role,
    "address": "https://site.example/es/portal/leads/LD-7K2M-94QD",
    "alarms": [
        SimpleNamespace(bin=each, subject="endpoint:7", reference=None)
        for each in ("endpoints", "uncertain", "failed")
        for _ in range(21)
    ],
    "buttons": SimpleNamespace(addresses={"reached": "https://site.example/es/reply/token/reached"}, until=MARCH),
    "data": LEAD,
    "full": ["Larkspur Institute", "Bramble Institute"],
    "inquiry": SimpleNamespace(reference="LG-2345-6789", program="phlebotomy", program_title="Phlebotomy"),
    "is_change": False,
    "is_test": True,
    "lead": "LD-7K2M-94QD",
    "link_url": "https://site.example/es/inquiry/saved/token",
    "not_delivered": ["Larkspur Institute"],
    "operator_contact": "help@firststep.example",
    "program": "phlebotomy",
    "program_title": "Phlebotomy",
    "reason": next(iter(ASK_REASONS)),
    "request_url": "https://site.example/es/request/token",
    "role": "reader",
    "school": LARKSPUR,
    "schools": ["Larkspur Institute", "Bramble Institute"],
    "site": "https://site.example/es",
    "site_name": "First Step Example Co.",
    "until": MARCH,
    "user": SimpleNamespace(email="cora@larkspur.example"),
}
# what stands otherwise at times
CASES = [
    {},
    {"alarms": FACTS["alarms"][:1], "full": ["Larkspur Institute"], "not_delivered": FACTS["full"], "schools": []},
    {"is_change": True, "school": None, "data": LEAD | {"test": False, "distance_miles": None, "offering": "lark-1"}},
    *({"about": change} for change in Change),
    *({"reason": reason, "school": "Larkspur Institute"} for reason in ASK_REASONS),
]
ENGLISH = re.compile(
    r"\b(the|your|you|and|for|with|was|schools?|request|inquiry|letters?|account|sign|miles|March)\b", re.IGNORECASE
)
NOT_WORDS = re.compile(r"https?://\S+|\S+@\S+|<[^>]*>|First Step Example Co\.")
# a Spanish letter asks for a title where the English one has it
TITLES = {"inquiry.program|titled": "inquiry.program_title", "data.program.slug|titled": "data.program.title"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", PARTS)
def test_a_letter_fills_in_in_spanish_what_it_does_in_english(kind: str, part: str) -> None:
    english, spanish = (list_filled(f"{kind}{folder}/{part}") for folder in ("", "/es"))
    assert spanish == english


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_in_spanish_has_no_english_left(app: Flask, kind: str) -> None:
    with app.app_context():
        for case in CASES:
            if kind == "invited_elsewhere" and not isinstance(case.get("school", LARKSPUR), SimpleNamespace):
                continue  # there is a school in every one of these
            subject, text, html = render_letter(kind, "es", FACTS | case | {"settings": current_settings()})
            assert not ENGLISH.search(NOT_WORDS.sub(" ", f"{subject} {text} {html}"))
            assert '<html lang="es">' in html
            assert subject


def test_our_letters_call_the_same_things_by_a_name_in_spanish(app: Flask) -> None:
    with app.app_context():
        english, spanish = (
            vars(app.jinja_env.get_template(f"letters/{name}").module) for name in ("words.txt", "words.es.txt")
        )
    named = {name: set(words) for name, words in english.items() if name.isupper()}
    assert named
    assert {name: set(spanish[name]) for name in named} == named


def test_an_untranslated_letter_is_seen(app: Flask) -> None:
    with app.test_request_context():
        text = render_template("letters/saved/body.txt", **FACTS, settings=current_settings())
    assert ENGLISH.search(NOT_WORDS.sub(" ", text))


def list_filled(name: str) -> set[str]:
    """The facts that a template fills in, with those of the one that it extends."""
    template = (FOLDER / name).read_text()
    if extended := re.search(r'\{% extends "letters/(.*?)" %\}', template):
        template += (FOLDER / extended[1]).read_text()
    filled = re.sub(r"'[^']*'|\"[^\"]*\"", "", " ".join(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", template, re.DOTALL)))
    for asked, known in {**TITLES, "program|titled": "program_title"}.items():
        filled = re.sub(rf"(?<![\w.]){re.escape(asked)}", known, filled)
    names = re.findall(r"(?<![\w.])[a-z_]+(?:\.[a-z_]+)*", filled)
    return {each.removesuffix(".items").removesuffix(".get") for each in names if each.partition(".")[0] in FACTS}
