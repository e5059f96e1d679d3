"""A guide in another language: its file holds words alone, and each is put where the English guide has its own.

Codes, years, pay, sources, dates and the order of everything are read from the English file, so that they are written
once. Words name what they stand for by its key: a source by ``key``, a certification by ``code``, a fact, a role and a
row of pay by their English words. Where words are missing the English ones stay; `leadgen.guides.agree` names them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from leadgen.guides.pay import Pay
from leadgen.guides.program import Certification, Fact, Program, Role, Section, Source
from leadgen.guides.shape import STRICT

Thing = TypeVar("Thing", Fact, Role, Certification, Source)


@dataclass(frozen=True)
class FactWords:
    """A fact's label, and its value with the same figures."""

    __pydantic_config__ = STRICT

    label: str
    value: str


@dataclass(frozen=True)
class CertificationWords:
    """``meaning`` explains the English name, which stays. ``body`` only where it is not a name alone."""

    __pydantic_config__ = STRICT

    meaning: str
    field: str
    body: str | None = None
    exam: str | None = None
    renewal: str | None = None


@dataclass(frozen=True)
class SourceWords:
    """``meaning`` explains the title of something that is in English; ``title`` and ``publisher`` replace ours."""

    __pydantic_config__ = STRICT

    meaning: str | None = None
    title: str | None = None
    publisher: str | None = None


@dataclass(frozen=True)
class Translation:
    """What stands above the Markdown of a guide file in another language. ``pay`` names the rows, ``outlook`` is the
    source's scale as in mid-sentence."""

    __pydantic_config__ = STRICT

    title: str
    standfirst: str
    description: str
    facts: Mapping[str, FactWords] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    certifications: Mapping[str, CertificationWords] = field(default_factory=dict)
    pay: Mapping[str, str] = field(default_factory=dict)
    outlook: str | None = None
    sources: Mapping[str, SourceWords] = field(default_factory=dict)


def translate_program(english: Program, words: Translation, language: str, sections: tuple[Section, ...]) -> Program:
    """The English guide with the words of another language in their places."""
    return replace(
        english,
        language=language,
        sections=sections,
        title=words.title,
        standfirst=words.standfirst,
        description=words.description,
        facts=_put(english.facts, lambda each: each.label, words.facts),
        roles=tuple(words.roles.get(each.title, each) for each in english.roles),
        certifications=_put(english.certifications, lambda each: each.code, words.certifications),
        sources=_put(english.sources, lambda each: each.key, words.sources),
        pay=_name_rows(english.pay, words.pay),
        outlook=replace(english.outlook, words=words.outlook) if english.outlook and words.outlook else english.outlook,
    )


def list_strangers(english: Program, words: Translation) -> list[str]:
    """The keys of words that the English guide has no place for, with the field they stand in."""
    known = {
        "facts": {each.label for each in english.facts},
        "roles": {each.title for each in english.roles},
        "certifications": {each.code for each in english.certifications},
        "pay": {row.role for row in english.pay.rows} if english.pay else set(),
        "sources": {each.key for each in english.sources},
    }
    return [f"{name}: {key}" for name, there in known.items() for key in getattr(words, name) if key not in there]


def _put(things: Sequence[Thing], find_key: Callable[[Thing], str], words: Mapping[str, Any]) -> tuple[Thing, ...]:
    """Each with the words of its key; those that are not given stay."""
    return tuple(
        replace(each, **{name: value for name, value in vars(found).items() if value})
        if (found := words.get(find_key(each)))
        else each
        for each in things
    )


def _name_rows(pay: Pay | None, names: Mapping[str, str]) -> Pay | None:
    return pay and replace(pay, rows=tuple(replace(row, role=names.get(row.role, row.role)) for row in pay.rows))
