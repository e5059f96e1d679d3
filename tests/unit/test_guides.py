"""The guides as files: every one loads, every figure says where it is from, every link leads somewhere."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from leadgen.guides.faults import REQUIRED, find_faults, find_overdue
from leadgen.guides.loader import (
    FOLDER,
    GuideError,
    UnknownProgramError,
    find_program,
    list_programs,
    read_program,
    require_program,
)
from leadgen.guides.pay import Measure
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
ALL = {program.slug: program for program in list_programs()}

GOOD = """---
title: Well digging
standfirst: Dig wells.
cip_codes: ["46.0404"]
soc_codes: ["47-5023"]
reviewed: 2026-11-22
description: What well diggers do, which rocks they meet, and what to ask a school that teaches it.
traits: {patients: few, blood: false, hours: day, posture: feet}
sources: [{key: bls, title: Wells, publisher: BLS, year: 2023, url: "https://wells.example/"}]
---
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "well-digging.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_ten_programs() -> None:
    assert {program.slug for program in list_programs()} == SLUGS
    assert {path.name.partition(".")[0] for path in FOLDER.glob("*.md")} == SLUGS


def test_billing_and_coding_comes_first_and_the_rest_by_title() -> None:
    titles = [program.title for program in list_programs()]
    assert titles[0] == "Medical billing and coding"
    assert titles[1:] == sorted(titles[1:])


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
def test_a_guide_is_whole_and_every_figure_says_whose_it_is(program: Program) -> None:
    assert find_faults(program, ALL) == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_pay_is_of_a_year_that_its_source_has(program: Program) -> None:
    assert program.pay
    assert program.find_source(program.pay.source).year == program.pay.year
    assert program.find_source(program.pay.source).publisher == "U.S. Bureau of Labor Statistics"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_guide_is_long_enough_to_be_one(program: Program) -> None:
    words = re.sub(r"<[^>]+>", " ", "".join(section.html for section in program.sections)).split()
    assert len(words) >= 600


@pytest.mark.parametrize("program", PROGRAMS)
def test_words_that_we_do_not_use(program: Program) -> None:
    words = program.standfirst + "".join(section.html for section in program.sections)
    assert not re.search(r"\b(best|top|recommended|oops|invalid|submit|click)\b", words, re.IGNORECASE)


def test_the_billing_guide_carries_the_facts() -> None:
    program = require_program("medical-billing-and-coding")
    assert program.pay
    rows = {row.role: (row.usd, row.high_usd) for row in program.pay.rows}
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


def read_well(folder: Path, text: str, **changes: str) -> list[str]:
    """What is wrong with a guide of these words, besides the sections that it lacks."""
    front = GOOD
    for name, value in changes.items():
        front = front.replace(f"{name}:", value)
    found = find_faults(read_program(write(folder, f"{front}## The work {{#work}}\n\n{text}\n")), ALL)
    return [fault for fault in found if "is missing" not in fault]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("They earn $41,810 a year.", "$4"),
        ("About 8 percent more.", "8 percent"),
        ("About 8% more.", "8%"),
        ("You renew every two years.", "two years"),
        ("It takes 9 months.", "9 months"),
        ("Some 141200 people do it.", "141200"),
        ("- You are 18.\n- You dig. [^bls]", "18"),
    ],
)
def test_a_figure_without_a_source_is_a_fault(tmp_path: Path, text: str, figure: str) -> None:
    assert read_well(tmp_path, text) == [f"work: “{figure}” names no source with a year: put [^key] behind it"]


@pytest.mark.parametrize(
    "text", ["They earn $41,810 in 2023. [^bls]", "ICD-10, 29-2072 and 51.0713 are codes.", "Dig."]
)
def test_a_figure_with_a_source_and_a_code_are_none(tmp_path: Path, text: str) -> None:
    assert read_well(tmp_path, text) == []


def test_a_source_without_a_year_does_not_carry_a_figure(tmp_path: Path) -> None:
    front = "year: 2023, url:"
    program = read_program(
        write(tmp_path, GOOD.replace(front, "url:") + "## Work {#work}\n\nIt takes 9 months. [^bls]")
    )
    assert "work: “9 months” names no source with a year: put [^key] behind it" in find_faults(program, ALL)


def test_a_key_that_no_source_has_is_a_fault(tmp_path: Path) -> None:
    assert read_well(tmp_path, "Some dig. [^rumor]") == ["work: no source has the key rumor"]


def test_figures_in_front_matter_need_a_source_too(tmp_path: Path) -> None:
    fact = "facts: [{label: Pay, value: $9}]\nreviewed:"
    renewal = "certifications: [{code: CWD, name: C, body: B, field: F, renewal: Every two years.}]\nreviewed:"
    assert read_well(tmp_path, "Dig.", reviewed=fact) == ["facts: “Pay” has a figure but no year and source"]
    assert read_well(tmp_path, "Dig.", reviewed=renewal) == [
        "certifications: CWD has a figure but no source with a year"
    ]
    standfirst = GOOD.replace("Dig wells.", "Dig for $9.")
    assert any(
        "“$9” stands where no source" in each for each in find_faults(read_program(write(tmp_path, standfirst)), ALL)
    )


@pytest.mark.parametrize("link", ["/programs/astrology", "/programs/phlebotomy?certification=CPC", "#nowhere"])
def test_a_link_that_leads_nowhere_is_a_fault(tmp_path: Path, link: str) -> None:
    assert read_well(tmp_path, f"See [there]({link}).") == [f"the link {link} leads nowhere"]


def test_a_missing_section_is_a_fault(tmp_path: Path) -> None:
    found = find_faults(read_program(write(tmp_path, GOOD + "## Work {#work}\n\nDig.")), ALL)
    assert found == [f"the section “{anchor}” is missing" for anchor in REQUIRED if anchor != "work"]


def test_a_description_that_search_engines_would_cut_is_a_fault(tmp_path: Path) -> None:
    front = re.sub("description: .*", f"description: {'long ' * 40}", GOOD)
    assert "description: 199 characters, 50 to 160 are shown" in find_faults(read_program(write(tmp_path, front)), ALL)


def test_a_review_of_a_year_ago_is_overdue() -> None:
    program = require_program("phlebotomy")
    assert find_overdue([program], program.reviewed + timedelta(days=365)) == []
    assert find_overdue([program], program.reviewed + timedelta(days=366)) == [program]
    assert find_overdue(ALL.values(), date(2026, 11, 25)) == []


def test_what_every_guide_says_alike_stands_at_the_end_of_its_section() -> None:
    for program in list_programs():
        aid = next(section for section in program.sections if section.anchor == "aid")
        assert all(words in aid.html for words in ("FAFSA", "WIOA", "GI Bill"))
    assert require_program("phlebotomy").pay.measure is Measure.median  # type: ignore[union-attr]


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    fact = "facts: [{label: Pay, value: $9, year: 2022, source: rumor}]\nreviewed:"
    with pytest.raises(GuideError, match="none has the key rumor"):
        read_program(write(tmp_path, GOOD.replace("reviewed:", fact)))


def test_html_in_a_guide_is_shown_as_text(tmp_path: Path) -> None:
    program = read_program(write(tmp_path, GOOD + "<script>alert(1)</script> [x](javascript:alert(1))"))
    assert "<script" not in program.sections[0].html
    assert "href" not in program.sections[0].html
