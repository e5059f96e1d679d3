"""What is wrong with a guide: a figure that does not say whose it is, a section that is missing, a link that leads
nowhere, an old review. Pure: programs in, sentences out, for `leadgen doctor` and the tests."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from leadgen.guides.program import Program
from leadgen.guides.sections import CITED, SOURCE

REQUIRED = (
    "work", "day", "where", "requirements", "study", "certifications", "pay", "length", "online", "questions",
    "warnings", "aid", "sources",
)  # fmt: skip
REVIEW_AGE = timedelta(days=365)
LONGEST_TITLE = 60
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 50, 160
# places on the page that are no sections
OTHER_ANCHORS = {"find", "find-schools"}

_SPELLED = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred|thousand|million"
_UNITS = r"hours?|days?|weeks?|months?|years?|credits?|points?|units?|percent|times"
# money, shares, amounts of time or of credits, and any number of two digits; codes as ICD-10 and 29-2072 are none
FIGURE = re.compile(
    rf"\$ ?\d|\d ?%|\b(?:\d+|{_SPELLED})[ -](?:{_UNITS})\b|(?<![\w.-])\d[\d,]+(?![\w.,-]*\d|-)", re.IGNORECASE
)
_BLOCK = re.compile(r"<(?:p|li)>(?:(?!<(?:p|li|ul|ol)>).)*", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_CITATION = re.compile(rf'<a href="#{SOURCE}(?P<key>[^"]+)">\[\d+\]</a>')
_LINK = re.compile(r'href="([^"]+)"')


def find_faults(program: Program, programs: Mapping[str, Program]) -> list[str]:
    """Everything that has to be mended before a guide is shown, as sentences."""
    finders = (_check_sections, _check_text, _check_front_matter, check_lengths)
    found = [fault for find in finders for fault in find(program)]
    return [*found, *_check_links(program, programs)]


def find_overdue(programs: Iterable[Program], today: date) -> list[Program]:
    """The guides that nobody has reviewed for a year."""
    return [program for program in programs if today - program.reviewed > REVIEW_AGE]


def _check_sections(program: Program) -> Iterator[str]:
    there = {section.anchor for section in program.sections}
    yield from (f"the section “{anchor}” is missing" for anchor in REQUIRED if anchor not in there)


def _check_text(program: Program) -> Iterator[str]:
    years = {source.key: source.year for source in program.sources}
    for section in program.sections:
        for block in _BLOCK.findall(section.html):
            cited = _CITATION.findall(block)
            words = _TAG.sub("", _CITATION.sub("", block))
            if (figure := FIGURE.search(words)) and not any(years.get(key) for key in cited):
                yield f"{section.anchor}: “{figure[0]}” names no source with a year: put [^key] behind it"
            if unknown := CITED.search(words):
                yield f"{section.anchor}: no source has the key {unknown['key']}"


def _check_front_matter(program: Program) -> Iterator[str]:
    years = {source.key: source.year for source in program.sources}
    for words in (program.standfirst, program.description, *_list_role_words(program)):
        if figure := FIGURE.search(words):
            yield f"“{figure[0]}” stands where no source can be named: “{words}”"
    for fact in program.facts:
        if FIGURE.search(fact.value) and not (fact.year and fact.source):
            yield f"facts: “{fact.label}” has a figure but no year and source"
    for each in program.certifications:
        if FIGURE.search(f"{each.exam} {each.renewal}") and not years.get(each.source or ""):
            yield f"certifications: {each.code} has a figure but no source with a year"


def _list_role_words(program: Program) -> Iterator[str]:
    for role in program.roles:
        yield from (role.summary, *role.duties)


def check_lengths(program: Program) -> Iterator[str]:
    """Whether search engines show title and description whole."""
    if len(program.title) > LONGEST_TITLE:
        yield f"title: {len(program.title)} characters, at most {LONGEST_TITLE}"
    if not SHORTEST_DESCRIPTION <= (long := len(program.description)) <= LONGEST_DESCRIPTION:
        yield f"description: {long} characters, {SHORTEST_DESCRIPTION} to {LONGEST_DESCRIPTION} are shown"


def _check_links(program: Program, programs: Mapping[str, Program]) -> Iterator[str]:
    own = {section.anchor for section in program.sections} | OTHER_ANCHORS
    own |= {SOURCE + source.key for source in program.sources}
    for link in _LINK.findall("".join(section.html for section in program.sections)):
        address, _, fragment = link.partition("#")
        slug, _, code = address.removeprefix("/programs/").partition("?certification=")
        if address.startswith("/programs/"):
            other = programs.get(slug)
            if other is None or (code and other.find_certification(code) is None):
                yield f"the link {link} leads nowhere"
        elif not address and fragment not in own:
            yield f"the link {link} leads nowhere"
