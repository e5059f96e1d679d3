"""All walks, by who takes them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from leadgen.accounts.roles import RoleName
from leadgen.config import ROOT
from leadgen.web.access import Audience
from tests.sights.accounts import sign_in_and_fail
from tests.sights.album import Album
from tests.sights.hers import answer_staff, look_after, reply_for_a_school, see_how_it_stands
from tests.sights.inquiring import inquire, turn_out_otherwise
from tests.sights.reading import read
from tests.sights.working import find_school_with_leads, receive, work
from tests.web.workplace import sign_in

EXTENDS = re.compile(r"(\{#.*?#\}\s*)?\{% extends", re.DOTALL)
# what other pages stand in
LAYOUTS = {"errors/error.html", "prospect/inquiry/step.html", "desk/base.html", "portal/base.html"}


def walk_in_public(app: Flask, language: str) -> Album:
    """Every page that anybody may see."""
    album = Album(app, language)
    with album.watch_templates():
        read(album, album.visit())
        hers = album.visit()
        look_after(album, hers, inquire(album, hers))
        turn_out_otherwise(album, *(album.visit() for _ in range(5)))
        see_how_it_stands(album, album.visit())
        answer_staff(album, album.visit())
        reply_for_a_school(album, album.visit())
        sign_in_and_fail(album, sign_in(app, f"adam-{language}@firststep.example", RoleName.admin))
    return album


def walk_at_work(app: Flask, language: str) -> Album:
    """The desk and the portal."""
    album = Album(app, language)
    admin = sign_in(app, f"ada-{language}@firststep.example", RoleName.admin)
    school = find_school_with_leads(app)
    owner = sign_in(app, f"lou-{language}@school.example", RoleName.owner, school)
    with album.watch_templates():
        work(album, admin, school)
        receive(album, owner, school)
    return album


@dataclass(frozen=True)
class Walk:
    """Who takes it, whose pages it comes to all of, and in which folders their templates are."""

    take: Callable[[Flask, str], Album]
    audiences: frozenset[Audience]
    folders: tuple[str, ...]


WALKS = {
    "public": Walk(walk_in_public, frozenset({Audience.everybody, Audience.user}), ("prospect", "errors", "account")),
    "work": Walk(walk_at_work, frozenset({Audience.staff, Audience.school}), ("desk", "portal", "people", "api_keys")),
}


def list_page_templates(*folders: str) -> set[str]:
    """The templates below these folders that are pages of their own."""
    found = [path for folder in folders for path in (ROOT / "templates" / folder).rglob("*.html")]
    pages = {str(path.relative_to(ROOT / "templates")) for path in found if EXTENDS.match(path.read_text())}
    return pages - LAYOUTS
