"""The offerings: a list, and one offering's page."""

from dataclasses import asdict

from flask import abort, render_template

from leadgen.directory.records import Noun
from leadgen.extensions import db
from leadgen.models import Offering
from leadgen.review.directory import (
    DirectoryFilter,
    count_offerings,
    list_offerings,
    list_programs_taught,
    list_states,
)
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.asked import keep_arguments, read_choice, read_words
from leadgen.web.desk.rooms.trails import read_own_trail
from leadgen.web.desk.rooms.words import CREDENTIAL_WORDS, FORMAT_WORDS, STANDING_WORDS
from leadgen.web.pages import read_page
from leadgen.web.program_title import name_program_here
from leadgen.web.translate import gettext

PAGE_SIZE = 50


@bp.get("/offerings")
@audience(Audience.staff)
def offerings() -> str:
    """Offerings by school; the address may ask for part of an id, a school's or a campus's name or a city, and for a
    program, a format, an award, a state, a school, a standing."""
    states, programs = list_states(db.session), list_programs_taught(db.session)
    asked = DirectoryFilter(
        name=read_words("name"),
        school=read_words("school"),
        program=read_choice("program", programs),
        format=read_choice("format", FORMAT_WORDS),
        credential=read_choice("credential", CREDENTIAL_WORDS),
        state=read_choice("state", states),
        status=read_choice("status", STANDING_WORDS),
    )
    page = read_page(count_offerings(db.session, asked), PAGE_SIZE)
    return render_template(
        "desk/rooms/offerings.html",
        asked=asked,
        arguments=keep_arguments(asdict(asked)),
        choices=_list_choices(states, programs),
        page=page,
        rows=list_offerings(db.session, asked, limit=page.size, offset=page.offset),
    )


@bp.get("/offerings/<offering_id>")
@audience(Audience.staff)
def offering(offering_id: str) -> str:
    """One offering: its facts and its history."""
    found = db.session.get(Offering, offering_id) or abort(404)
    return render_template(
        "desk/rooms/offering.html", offering=found, trail=read_own_trail(found.school_id, Noun.offering, [found.id])
    )


def _list_choices(states: list[str], programs: list[str]) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "program": (gettext("Any program"), {slug: name_program_here(slug) for slug in programs}),
        "format": (gettext("Any format"), FORMAT_WORDS),
        "credential": (gettext("Any award"), CREDENTIAL_WORDS),
        "state": (gettext("Any state"), {state: state for state in states}),
        "status": (gettext("In use and retired"), STANDING_WORDS),
    }
