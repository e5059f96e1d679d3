"""The guides as files: every one loads, every figure says where it is from, every link leads somewhere."""

import re
from pathlib import Path

import pytest

from leadgen.guides.loader import (
    FOLDER,
    GuideError,
    UnknownProgramError,
    find_program,
    list_programs,
    read_program,
    require_program,
)
from leadgen.guides.program import Program

SLUGS = {
    "dental-assistant",
    "health-information-technology",
    "medical-assistant",
    "medical-billing-and-coding",
    "medical-office-administration",
    "nursing-assistant",
    "pharmacy-technician",
    "phlebotomy",
    "practical-nursing",
    "surgical-technology",
}
PROGRAMS = [pytest.param(program, id=program.slug) for program in list_programs()]
FIGURE = re.compile(r"\$\d|\d+ percent|\d %")

GOOD = """---
title: Well digging
standfirst: Dig wells.
cip_codes: ["46.0404"]
soc_codes: ["47-5023"]
reviewed: 2026-11-22
---
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "well-digging.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_ten_programs() -> None:
    assert {program.slug for program in list_programs()} == SLUGS
    assert len(list(FOLDER.glob("*.md"))) == len(SLUGS)


def test_the_full_guide_comes_first() -> None:
    assert list_programs()[0].slug == "medical-billing-and-coding"
    assert [program.is_stub for program in list_programs()] == [False] + [True] * 9


def test_an_unknown_slug_finds_nothing() -> None:
    assert find_program("../../etc/passwd") is None
    with pytest.raises(UnknownProgramError):
        require_program("astrology")


@pytest.mark.parametrize("program", PROGRAMS)
def test_codes_look_like_codes(program: Program) -> None:
    assert all(re.fullmatch(r"\d\d\.\d{4}", code) for code in program.cip_codes)
    assert all(re.fullmatch(r"\d\d-\d{4}", code) for code in program.soc_codes)
    assert program.cip_codes
    assert program.soc_codes


@pytest.mark.parametrize("program", PROGRAMS)
def test_certifications_are_named_once_with_their_body(program: Program) -> None:
    codes = [each.code for each in program.certifications]
    assert codes
    assert len(codes) == len(set(codes))
    assert all(each.name and each.body and each.field for each in program.certifications)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_figure_has_a_year_and_a_source(program: Program) -> None:
    for fact in program.facts:
        if FIGURE.search(fact.value):
            assert fact.year
            assert program.find_source(fact.source or "").url
    if program.pay:
        assert program.pay.year
        assert program.find_source(program.pay.source).publisher
    for section in program.sections:
        assert not FIGURE.search(section.html), f"{section.anchor}: a figure belongs in the front matter"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_stub_gives_no_figures(program: Program) -> None:
    if program.is_stub:
        assert program.pay is None
        assert not program.facts
        assert not re.search(r"\d", "".join(section.html for section in program.sections))


@pytest.mark.parametrize("program", PROGRAMS)
def test_links_inside_the_site_lead_somewhere(program: Program) -> None:
    anchors = {section.anchor for section in program.sections} | {"find"}
    for link in re.findall(r'href="([^"]+)"', "".join(section.html for section in program.sections)):
        path, _, fragment = link.partition("#")
        if path.startswith("/"):
            slug, _, query = path.removeprefix("/programs/").partition("?certification=")
            assert slug in SLUGS, link
            assert not query or require_program(slug).find_certification(query), link
        assert not fragment or fragment in anchors, link


@pytest.mark.parametrize("program", PROGRAMS)
def test_words_that_we_do_not_use(program: Program) -> None:
    words = program.standfirst + "".join(section.html for section in program.sections)
    assert not re.search(r"\b(best|top|recommended|oops|invalid|submit|click)\b", words, re.IGNORECASE)


def test_the_billing_guide_carries_the_facts() -> None:
    program = require_program("medical-billing-and-coding")
    assert program.pay
    rows = {row.role: (row.average_usd, row.high_usd) for row in program.pay.rows}
    assert rows == {"Medical billers": (44_800, 60_480), "Medical coders": (51_090, 75_460)}
    assert program.pay.year == 2022
    assert [each.code for each in program.certifications] == ["CPB", "CMRS", "CPC", "CMC", "CCS"]
    assert program.soc_codes == ("29-2072",)


def test_a_missing_field_is_named_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"well-digging\.md: soc_codes: Field required"):
        read_program(write(tmp_path, GOOD.replace('soc_codes: ["47-5023"]\n', "")))


def test_a_misspelled_field_is_named(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"well-digging\.md: standfrist"):
        read_program(write(tmp_path, GOOD.replace("reviewed:", "standfrist: x\nreviewed:")))


def test_front_matter_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"well-digging\.md: the front matter cannot be read"):
        read_program(write(tmp_path, GOOD.replace("title: Well digging", "title: [")))


def test_money_without_a_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="no year and source"):
        read_program(write(tmp_path, GOOD.replace("reviewed:", "facts: [{label: Pay, value: $9}]\nreviewed:")))


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    fact = "facts: [{label: Pay, value: $9, year: 2022, source: rumor}]\nreviewed:"
    with pytest.raises(GuideError, match="none has the key rumor"):
        read_program(write(tmp_path, GOOD.replace("reviewed:", fact)))


def test_html_in_a_guide_is_shown_as_text(tmp_path: Path) -> None:
    program = read_program(write(tmp_path, GOOD + "<script>alert(1)</script> [x](javascript:alert(1))"))
    assert "<script" not in program.sections[0].html
    assert "href" not in program.sections[0].html
