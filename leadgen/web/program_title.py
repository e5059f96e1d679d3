"""What a program is called, in the reader's language or another."""

from flask import Flask

from leadgen.guides.loader import find_program
from leadgen.web.translate import find_language


def register(app: Flask) -> None:
    """Give the templates, those of letters too, the filter `titled`."""
    app.add_template_filter(name_program_here, "titled")


def name_program_here(slug: str, language: str = "") -> str:
    """The title of a program's guide in a language, in the reader's where none is given."""
    return name_program(slug, language or find_language())


def name_program(slug: str, language: str) -> str:
    """The title of a program's guide in a language; the slug in words where there is no such guide."""
    program = find_program(slug, language)
    return program.title if program else slug.replace("-", " ").capitalize()
