"""Whether a guide says the same in both languages: paragraph by paragraph the same figures, sources and links, and
words for everything that has English ones. Pure: two programs in, sentences out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leadgen.guides.faults import check_lengths
from leadgen.guides.program import Program
from leadgen.guides.sections import SOURCE

_SPELLED: dict[str, str] = {
    word: str(number)
    for number, words in {
        2: "two dos", 3: "three tres", 4: "four cuatro", 5: "five cinco", 6: "six seis", 7: "seven siete",
        8: "eight ocho", 9: "nine nueve", 10: "ten diez", 11: "eleven once", 12: "twelve doce", 20: "twenty veinte",
        30: "thirty treinta", 100: "hundred cien ciento", 1000: "thousand mil", 1000000: "million millón millones",
    }.items()
    for word in words.split()
}  # fmt: skip
# eleven in Spanish, but a part of “at once” and “once a week” in English
_NO_ENGLISH_NUMBER = "once"
_NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{'|'.join(_SPELLED)})\b", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|li)>(?P<html>(?:(?!<(?:p|li|ul|ol)>).)*)", re.DOTALL)
_CITATION = re.compile(rf'<a href="#{SOURCE}(?P<key>[^"]+)">\[\d+\]</a>')
_LINK = re.compile(r'href="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")
# shorter ones may be alike: names, or a word that both languages share
_ALIKE = 4


@dataclass(frozen=True)
class Block:
    """A paragraph or an entry of a list: its words, and what has to be the same in every language."""

    words: str
    numbers: tuple[str, ...]
    sources: tuple[str, ...]
    links: tuple[str, ...]


def find_disagreements(english: Program, other: Program) -> list[str]:
    """Everything in which a guide in another language says more, less or something else than the English one."""
    finders = (_compare_sections, _compare_front_matter)
    return [*(fault for find in finders for fault in find(english, other)), *check_lengths(other)]


def read_numbers(text: str, language: str) -> tuple[str, ...]:
    """Every number in the text as digits, spelled ones too, from the least; `41,810` and `41,810.` are the same."""
    found = (each.casefold() for each in _NUMBER.findall(text))
    told = (each for each in found if not (language == "en" and each == _NO_ENGLISH_NUMBER))
    return tuple(sorted(_SPELLED.get(each, each).rstrip(".,") for each in told))


def read_blocks(html: str, language: str) -> list[Block]:
    """The paragraphs and entries of a section, in their order."""
    return [_read_block(found["html"], language) for found in _BLOCK.finditer(html)]


def _read_block(html: str, language: str) -> Block:
    plain = _CITATION.sub("", html)
    words = " ".join(_TAG.sub("", plain).split())
    return Block(
        words, read_numbers(words, language), tuple(_CITATION.findall(html)), tuple(sorted(_LINK.findall(plain)))
    )


def _compare_sections(english: Program, other: Program) -> Iterator[str]:
    ours, theirs = [{each.anchor: each for each in program.sections} for program in (english, other)]
    if list(ours) != list(theirs):
        yield f"sections: {', '.join(theirs)}; in English {', '.join(ours)}"
    for anchor in (each for each in ours if each in theirs):
        first = read_blocks(ours[anchor].html, english.language)
        second = read_blocks(theirs[anchor].html, other.language)
        if len(first) != len(second):
            yield f"{anchor}: {len(second)} paragraphs and entries, in English {len(first)}"
        for at, (one, two) in enumerate(zip(first, second, strict=False), start=1):
            yield from _compare_blocks(f"{anchor}, paragraph {at}", one, two)


def _compare_blocks(where: str, one: Block, two: Block) -> Iterator[str]:
    for what, ours, theirs in (
        ("numbers", one.numbers, two.numbers),
        ("sources", one.sources, two.sources),
        ("links", one.links, two.links),
    ):
        if ours != theirs:
            yield f"{where}: {what} {', '.join(theirs) or 'none'}; in English {', '.join(ours) or 'none'}"
    if one.words == two.words and len(one.words.split()) >= _ALIKE:
        yield f"{where}: still in English"


def _compare_front_matter(english: Program, other: Program) -> Iterator[str]:
    for where, one, two in _pair_words(english, other):
        ours, theirs = read_numbers(one, english.language), read_numbers(two, other.language)
        if ours != theirs:
            yield f"{where}: numbers {', '.join(theirs) or 'none'}; in English {', '.join(ours) or 'none'}"
        if one == two and one:
            yield f"{where}: still in English"
    for mine, its in zip(english.roles, other.roles, strict=True):
        if len(mine.duties) != len(its.duties):
            yield f"roles: {mine.title}: {len(its.duties)} duties, in English {len(mine.duties)}"
    yield from (f"certifications: {each.code}: no meaning" for each in other.certifications if not each.meaning)


def _pair_words(english: Program, other: Program) -> Iterator[tuple[str, str, str]]:
    """Where words of the front matter stand, the English ones, and the others."""
    for name in ("title", "standfirst", "description"):
        yield name, getattr(english, name), getattr(other, name)
    for fact, its in zip(english.facts, other.facts, strict=True):
        yield f"facts: {fact.label}", f"{fact.label} {fact.value}", f"{its.label} {its.value}"
    for role, job in zip(english.roles, other.roles, strict=True):
        yield (
            f"roles: {role.title}",
            _join(role.title, role.summary, *role.duties),
            _join(job.title, job.summary, *job.duties),
        )
    for one, two in zip(english.certifications, other.certifications, strict=True):
        yield f"certifications: {one.code}, exam", one.exam, two.exam
        yield f"certifications: {one.code}, renewal", one.renewal, two.renewal
    for source, read in zip(english.sources, other.sources, strict=True):
        yield f"sources: {source.key}", source.title, read.meaning or read.title
    if english.pay and other.pay:
        for row, paid in zip(english.pay.rows, other.pay.rows, strict=True):
            yield f"pay: {row.role}", row.role, paid.role
    if english.outlook and other.outlook:
        yield "outlook", english.outlook.words, other.outlook.words


def _join(*words: str) -> str:
    return " ".join(words)
