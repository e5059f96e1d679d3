"""Markdown into clean sections. Raw HTML is not read, and what comes out is sanitised all the same."""

import re

import nh3
from markdown_it import MarkdownIt

from leadgen.guides.program import Section

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h3", "code"}
ATTRIBUTES = {"a": {"href"}}
HEADING = re.compile(r"^## (?P<title>.+?)(?: \{#(?P<anchor>[a-z-]+)\})?$", re.MULTILINE)

_markdown = MarkdownIt("commonmark", {"html": False})


def read_sections(text: str) -> tuple[Section, ...]:
    """One section per `## Title {#anchor}`. Words before the first heading make a section without a title."""
    headings = list(HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)][: len(headings)]
    opening = text[: headings[0].start()] if headings else text
    first = [Section("opening", "", render_markdown(opening))] if opening.strip() else []
    rest = [
        Section(_find_anchor(heading), heading["title"], render_markdown(text[heading.end() : end]))
        for heading, end in zip(headings, ends, strict=True)
    ]
    return tuple(first + rest)


def render_markdown(text: str) -> str:
    """HTML of the few elements that a guide needs."""
    return nh3.clean(_markdown.render(text.strip()), tags=TAGS, attributes=ATTRIBUTES, link_rel=None)


def _find_anchor(heading: re.Match[str]) -> str:
    return heading["anchor"] or re.sub(r"[^a-z]+", "-", heading["title"].lower()).strip("-")
