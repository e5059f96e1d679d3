"""Read the guides once. A file with a fault stops the start of the process and is named with its field."""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import frontmatter
from pydantic import TypeAdapter, ValidationError
from yaml import YAMLError  # type: ignore[import-untyped]

from leadgen.guides.program import FrontMatter, Program
from leadgen.guides.sections import read_sections

FOLDER = Path(__file__).parent / "programs"

_front_matter = TypeAdapter(FrontMatter)


class GuideError(Exception):
    """A guide file that cannot be read. The message names the file, the field and what is wrong with it."""


class UnknownProgramError(LookupError):
    """No guide has this slug."""


def list_programs() -> tuple[Program, ...]:
    """Every program: those with a full guide first, then by title."""
    return tuple(_read_folder(FOLDER).values())


def find_program(slug: str) -> Program | None:
    """The program with that slug, or None."""
    return _read_folder(FOLDER).get(slug)


def require_program(slug: str) -> Program:
    """The program with that slug.

    Raises UnknownProgramError.
    """
    program = find_program(slug)
    if program is None:
        raise UnknownProgramError(slug)
    return program


def read_program(path: Path) -> Program:
    """The program that one file describes; its slug is the file's name.

    Raises GuideError.
    """
    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
        front = _front_matter.validate_python(post.metadata)
    except ValidationError as error:
        raise GuideError(f"{path.name}: {_name_faults(error)}") from None
    except (ValueError, YAMLError) as error:
        raise GuideError(f"{path.name}: the front matter cannot be read: {error}") from error
    _check_figures(path, front)
    values: dict[str, Any] = {field.name: getattr(front, field.name) for field in fields(front)}
    return Program(slug=path.stem, sections=read_sections(post.content), **values)


@cache
def _read_folder(folder: Path) -> dict[str, Program]:
    programs = [read_program(path) for path in folder.glob("*.md")]
    return {each.slug: each for each in sorted(programs, key=lambda each: (each.is_stub, each.title))}


def _check_figures(path: Path, front: FrontMatter) -> None:
    keys = {source.key for source in front.sources}
    for fact in front.facts:
        if "$" in fact.value and not (fact.year and fact.source):
            raise GuideError(f"{path.name}: facts: “{fact.label}” has money in it but no year and source")
    named = {fact.source for fact in front.facts if fact.source} | ({front.pay.source} if front.pay else set())
    if unknown := named - keys:
        raise GuideError(f"{path.name}: sources: none has the key {', '.join(sorted(unknown))}")


def _name_faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
