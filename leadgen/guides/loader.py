"""Read the guides once. A file with a fault stops the start of the process and is named with its field.

`phlebotomy.md` is the guide to phlebotomy, and `phlebotomy.es.md` beside it holds the words of the same in Spanish.
What every guide says alike, as on financial aid, stands in the folder ``common`` by the section's anchor: `aid.md`,
`aid.es.md`.
"""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import frontmatter
from pydantic import TypeAdapter, ValidationError
from yaml import YAMLError  # type: ignore[import-untyped]

from leadgen.guides.program import FrontMatter, Program
from leadgen.guides.sections import read_sections
from leadgen.guides.translation import Translation, list_strangers, translate_program

FOLDER = Path(__file__).parent / "programs"
COMMON = Path(__file__).parent / "common"
ENGLISH = "en"
Shape = TypeVar("Shape")

_front_matter = TypeAdapter(FrontMatter)
_translation = TypeAdapter(Translation)


class GuideError(Exception):
    """A guide file that cannot be read. The message names the file, the field and what is wrong with it."""


class UnknownProgramError(LookupError):
    """No guide has this slug."""


def list_programs(language: str = ENGLISH) -> tuple[Program, ...]:
    """Every program in that language, or in English where it has no guide in it, as they are to be listed."""
    return tuple(_read_folder(FOLDER, language).values())


def find_program(slug: str, language: str = ENGLISH) -> Program | None:
    """The program with that slug, or None."""
    return _read_folder(FOLDER, language).get(slug)


def require_program(slug: str, language: str = ENGLISH) -> Program:
    """The program with that slug.

    Raises UnknownProgramError.
    """
    program = find_program(slug, language)
    if program is None:
        raise UnknownProgramError(slug)
    return program


def list_translated() -> tuple[Program, ...]:
    """Every guide in another language than English, of those that have a file in it."""
    languages = sorted({path.stem.partition(".")[2] for path in FOLDER.glob("*.*.md")})
    guides = (each for language in languages for each in list_programs(language))
    return tuple(each for each in guides if each.language != ENGLISH)


def read_program(path: Path) -> Program:
    """The program that one English file describes; its slug is the file's name.

    Raises GuideError.
    """
    front, text = _read_file(path, _front_matter)
    _check_sources(path, front)
    values: dict[str, Any] = {field.name: getattr(front, field.name) for field in fields(front)}
    sections = read_sections(text, [each.key for each in front.sources], _read_common(ENGLISH))
    return Program(slug=path.stem, language=ENGLISH, sections=sections, **values)


def read_translation(path: Path, english: Program) -> Program:
    """The same program in the language that the file's name ends with.

    Raises GuideError, also where the file has words for something that the English guide has not.
    """
    words, text = _read_file(path, _translation)
    if strangers := list_strangers(english, words):
        raise GuideError(f"{path.name}: the English guide has no {'; no '.join(strangers)}")
    language = path.stem.partition(".")[2]
    sections = read_sections(text, [each.key for each in english.sources], _read_common(language))
    return translate_program(english, words, language, sections)


@cache
def _read_folder(folder: Path, language: str) -> dict[str, Program]:
    """The programs by slug, in their order in that language."""
    if language == ENGLISH:
        programs = [read_program(path) for path in folder.glob("*.md") if "." not in path.stem]
    else:
        programs = [_find_translation(folder, each, language) for each in _read_folder(folder, ENGLISH).values()]
    return {each.slug: each for each in sorted(programs, key=lambda each: (each.order, each.title))}


def _find_translation(folder: Path, english: Program, language: str) -> Program:
    path = folder / f"{english.slug}.{language}.md"
    return read_translation(path, english) if path.exists() else english


def _read_file(path: Path, shape: TypeAdapter[Shape]) -> tuple[Shape, str]:
    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
        return shape.validate_python(post.metadata), post.content
    except ValidationError as error:
        raise GuideError(f"{path.name}: {_name_faults(error)}") from None
    except (ValueError, YAMLError) as error:
        raise GuideError(f"{path.name}: the front matter cannot be read: {error}") from error


@cache
def _read_common(language: str) -> dict[str, str]:
    end = ".md" if language == ENGLISH else f".{language}.md"
    found = {path.name.removesuffix(end): path for path in COMMON.glob(f"*{end}")}
    return {anchor: path.read_text(encoding="utf-8") for anchor, path in found.items() if "." not in anchor}


def _check_sources(path: Path, front: FrontMatter) -> None:
    named = {fact.source for fact in front.facts} | {each.source for each in front.certifications}
    named |= {each.source for each in (front.pay, front.outlook) if each}
    if unknown := {each for each in named if each} - {source.key for source in front.sources}:
        raise GuideError(f"{path.name}: sources: none has the key {', '.join(sorted(unknown))}")


def _name_faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
