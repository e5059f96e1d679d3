"""Markdown into clean sections. Raw HTML is not read, and what comes out is sanitised all the same.

`[^key]` behind a sentence names the source of its figures; it becomes a link to that source, by number.
"""

import re
from collections.abc import Mapping, Sequence

import nh3
from markdown_it import MarkdownIt

from leadgen.guides.program import Section

TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h3", "code"}
ATTRIBUTES = {"a": {"href"}}
HEADING = re.compile(r"^## (?P<title>.+?)(?: \{#(?P<anchor>[a-z-]+)\})?$", re.MULTILINE)

CITED = re.compile(r"\s?\[\^(?P<key>[a-z0-9-]+)\]")
SOURCE = "source-"

_markdown = MarkdownIt("commonmark", {"html": False})


def read_sections(text: str, keys: Sequence[str] = (), common: Mapping[str, str] | None = None) -> tuple[Section, ...]:
    """One section per `## Title {#anchor}`. Words before the first heading make a section without a title. ``keys`` are
    those of the sources in their order; ``common`` is what the section of an anchor says in every guide, at its end."""
    text, shared = _cite(text, keys), common or {}
    headings = list(HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)][: len(headings)]
    opening = text[: headings[0].start()] if headings else text
    first = [Section("opening", "", render_markdown(opening))] if opening.strip() else []
    rest = [
        Section(anchor := _find_anchor(heading), heading["title"], _join(text[heading.end() : end], shared.get(anchor)))
        for heading, end in zip(headings, ends, strict=True)
    ]
    return tuple(first + rest)


def render_markdown(text: str) -> str:
    """HTML of the few elements that a guide needs."""
    return nh3.clean(_markdown.render(text.strip()), tags=TAGS, attributes=ATTRIBUTES, link_rel=None)


def _find_anchor(heading: re.Match[str]) -> str:
    return heading["anchor"] or re.sub(r"[^a-z]+", "-", heading["title"].lower()).strip("-")


def _join(own: str, shared: str | None) -> str:
    return render_markdown(own if shared is None else f"{own}\n\n{shared}")


def _cite(text: str, keys: Sequence[str]) -> str:
    """A key that no source has stays as it was typed: `leadgen.guides.faults` names it."""

    def link(found: re.Match[str]) -> str:
        key = found["key"]
        return f" [[{keys.index(key) + 1}]](#{SOURCE}{key})" if key in keys else found[0]

    return CITED.sub(link, text)
