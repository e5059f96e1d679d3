"""A guide as somebody reads it in Spanish, and one that nobody has translated yet."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leadgen.guides.loader import FOLDER, list_translated

SPANISH = [program.slug for program in list_translated() if program.language == "es"]
NOTE = "This guide has not been translated yet."


@pytest.fixture
def spanish(app: Flask) -> FlaskClient:
    app.extensions["babel"].locale_selector = lambda: "es"
    return app.test_client()


@pytest.mark.parametrize("slug", SPANISH)
def test_a_guide_is_shown_in_spanish(spanish: FlaskClient, slug: str) -> None:
    (program,) = (each for each in list_translated() if each.slug == slug)
    page = spanish.get(f"/programs/{slug}").text
    assert f"<h1>{program.title}</h1>" in page
    assert all(section.title in page for section in program.sections)
    assert 'lang="en"><p>' not in page
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    things = json.loads(block)["@graph"]
    assert [each["inLanguage"] for each in things if each["@type"] == "WebPage"] == ["es"]
    assert len(re.findall("<title>([^<]*)</title>", page)[0]) <= 60


def test_a_guide_without_spanish_words_is_marked_as_english_and_says_so(
    spanish: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "phlebotomy.md"
    path.write_text((FOLDER / path.name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr("leadgen.guides.loader.FOLDER", tmp_path)
    page = spanish.get("/programs/phlebotomy").text
    assert 'role="note">' in page
    assert '<h1 lang="en">Phlebotomy</h1>' in page
    assert '<div lang="en"><p>' in page


def test_an_english_guide_carries_no_note(client: FlaskClient) -> None:
    page = client.get("/programs/phlebotomy").text
    assert NOTE not in page
    assert 'lang="en"' not in page.partition("<body")[2]
