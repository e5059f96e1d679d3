"""Guides in another language: their files hold words alone, and say what the English guides say."""

import re
from pathlib import Path

import pytest

from leadgen.guides.agree import find_disagreements, read_numbers
from leadgen.guides.loader import (
    GuideError,
    list_programs,
    list_translated,
    read_program,
    read_translation,
    require_program,
)
from leadgen.guides.program import Program

TRANSLATED = [pytest.param(program, id=f"{program.slug}.{program.language}") for program in list_translated()]
FORBIDDEN = r"\b(el|la|los|las) mejor(es)?\b|\b(recomendad[oa]s?|inválid[oa]|haga clic|ups)\b"

ENGLISH = """---
title: Well digging
standfirst: Dig wells.
cip_codes: ["46.0404"]
soc_codes: ["47-5023"]
reviewed: 2026-11-22
description: What well diggers do, which rocks they meet, and what to ask a school that teaches it.
traits: {patients: few, blood: false, hours: day, posture: feet}
facts: [{label: Length, value: 10 months, year: 2023, source: bls}]
roles: [{title: Digger, summary: Digs., duties: [Dig, Look]}]
certifications: [{code: CWD, name: Certified Well Digger, body: WDA, field: Wells,
  renewal: Every two years., source: bls}]
pay: {year: 2023, source: bls, rows: [{role: Diggers, usd: 30000}]}
outlook: {words: slower than others, until: 2033, source: bls}
sources: [{key: bls, title: All on wells, publisher: BLS, year: 2023, url: "https://wells.example/"}]
---

## The work {#work}

They dig 12 wells a year, and two at once. [^bls]

- Rocks are [hard](#pay).
- Water is ever so wet.

## Pay {#pay}

Some earn $41,810. [^bls]
"""
SPANISH = """---
title: Pozos
standfirst: Cave pozos.
description: Qué hacen quienes cavan pozos, qué rocas encuentran y qué preguntar a una escuela que lo enseña.
facts: {Length: {label: Duración, value: 10 meses}}
roles: {Digger: {title: Pocero, summary: Cava., duties: [Cavar, Mirar]}}
certifications: {CWD: {meaning: pocero certificado, field: Pozos, renewal: Cada dos años.}}
pay: {Diggers: Poceros}
outlook: más despacio que otros
sources: {bls: {meaning: todo sobre pozos}}
---

## El trabajo {#work}

Cavan 12 pozos al año, y dos a la vez. [^bls]

- Las rocas son [duras](#pay).
- El agua moja.

## El pago {#pay}

Hay quien gana $41,810. [^bls]
"""


def read_both(folder: Path, spanish: str) -> tuple[Program, Program]:
    (folder / "well-digging.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "well-digging.es.md").write_text(spanish, encoding="utf-8")
    english = read_program(folder / "well-digging.md")
    return english, read_translation(folder / "well-digging.es.md", english)


@pytest.mark.parametrize("program", TRANSLATED)
def test_a_guide_says_the_same_in_both_languages(program: Program) -> None:
    assert find_disagreements(require_program(program.slug), program) == []


@pytest.mark.parametrize("program", TRANSLATED)
def test_words_that_we_do_not_use_in_spanish(program: Program) -> None:
    words = program.standfirst + "".join(section.html for section in program.sections)
    assert not re.search(FORBIDDEN, words, re.IGNORECASE)
    assert not re.search(r"\b(tú|tu|tus|vosotros|vuestr[oa]s?|ordenador)\b", words, re.IGNORECASE)


def test_words_in_their_places_and_the_rest_is_read_from_the_english_file(tmp_path: Path) -> None:
    english, spanish = read_both(tmp_path, SPANISH)
    assert find_disagreements(english, spanish) == []
    assert (spanish.slug, spanish.language, spanish.title) == ("well-digging", "es", "Pozos")
    assert (spanish.cip_codes, spanish.reviewed, spanish.traits) == (
        english.cip_codes,
        english.reviewed,
        english.traits,
    )
    assert spanish.pay
    assert [(row.role, row.usd) for row in spanish.pay.rows] == [("Poceros", 30000)]
    assert spanish.outlook
    assert (spanish.outlook.words, spanish.outlook.until) == ("más despacio que otros", 2033)
    (fact,), (certification,), (source,) = spanish.facts, spanish.certifications, spanish.sources
    assert (fact.label, fact.year, fact.source) == ("Duración", 2023, "bls")
    assert (certification.name, certification.meaning) == ("Certified Well Digger", "pocero certificado")
    assert (source.title, source.meaning, source.year) == ("All on wells", "todo sobre pozos", 2023)


@pytest.mark.parametrize(
    ("words", "changed", "fault"),
    [
        ("12 pozos", "15 pozos", "work, paragraph 1: numbers 15, 2; in English 12, 2"),
        ("dos a la vez", "tres a la vez", "work, paragraph 1: numbers 12, 3; in English 12, 2"),
        ("dos a la vez. [^bls]", "dos a la vez.", "work, paragraph 1: sources none; in English bls"),
        ("[duras](#pay)", "duras", "work, paragraph 2: links none; in English #pay"),
        ("- El agua moja.\n", "", "work: 2 paragraphs and entries, in English 3"),
        ("$41,810", "$41,801", "pay, paragraph 1: numbers 41,801; in English 41,810"),
        ("{#pay}", "{#paga}", "sections: work, paga; in English work, pay"),
        ("El agua moja.", "Water is ever so wet.", "work, paragraph 3: still in English"),
        ("10 meses", "12 meses", "facts: Length: numbers 12; in English 10"),
        ("Cada dos años", "Cada año", "certifications: CWD, renewal: numbers none; in English 2"),
        ("pay: {Diggers: Poceros}\n", "", "pay: Diggers: still in English"),
        ("outlook: más despacio que otros\n", "", "outlook: still in English"),
        ("sources: {bls: {meaning: todo sobre pozos}}\n", "", "sources: bls: still in English"),
        ("[Cavar, Mirar]", "[Cavar]", "roles: Digger: 1 duties, in English 2"),
        ("meaning: pocero certificado", "meaning: pocero dos", None),
        ("description: Qué", "description: " + "Muy " * 40 + "qué", "description: 256 characters, 50 to 160 are shown"),
    ],
)
def test_what_differs_is_named_with_its_place(tmp_path: Path, words: str, changed: str, fault: str | None) -> None:
    assert words in SPANISH
    found = find_disagreements(*read_both(tmp_path, SPANISH.replace(words, changed)))
    assert found == [] if fault is None else fault in found


def test_words_for_something_that_the_english_guide_has_not_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"well-digging\.es\.md: the English guide has no pay: Miners"):
        read_both(tmp_path, SPANISH.replace("pay: {Diggers:", "pay: {Miners:"))


@pytest.mark.parametrize("field", ["reviewed: 2026-11-22", "cip_codes: []", "order: 1"])
def test_what_the_english_file_says_is_not_said_again(tmp_path: Path, field: str) -> None:
    with pytest.raises(GuideError, match=field.partition(":")[0]):
        read_both(tmp_path, SPANISH.replace("title: Pozos", f"title: Pozos\n{field}"))


def test_a_guide_without_a_file_in_the_language_stays_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_both(tmp_path, SPANISH)
    (tmp_path / "roofing.md").write_text(ENGLISH.replace("Well digging", "Roofing"), encoding="utf-8")
    monkeypatch.setattr("leadgen.guides.loader.FOLDER", tmp_path)
    assert [(each.slug, each.title) for each in list_programs()] == [
        ("roofing", "Roofing"),
        ("well-digging", "Well digging"),
    ]
    assert {each.slug: (each.title, each.language) for each in list_programs("es")} == {
        "roofing": ("Roofing", "en"),
        "well-digging": ("Pozos", "es"),
    }
    assert [each.title for each in list_translated()] == ["Pozos"]


def test_numbers_are_read_as_figures_in_both_languages() -> None:
    assert read_numbers("At once, two of 1,200. In 2022.", "en") == ("1,200", "2", "2022")
    assert read_numbers("Once de cada cien, en 2022", "es") == ("100", "11", "2022")
