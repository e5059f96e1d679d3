"""The campuses: a list, and one campus's page."""

from dataclasses import asdict

from flask import abort, render_template

from leadgen.directory.geocode import tell_precision
from leadgen.directory.records import Noun
from leadgen.extensions import db
from leadgen.models import Campus, School
from leadgen.review.directory import (
    DirectoryFilter,
    count_campuses,
    list_campuses,
    list_offerings,
    list_states,
)
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.asked import keep_arguments, read_choice, read_words
from leadgen.web.desk.rooms.trails import read_own_trail
from leadgen.web.desk.rooms.words import STANDING_WORDS
from leadgen.web.pages import read_page
from leadgen.web.translate import gettext, lazy_gettext

PAGE_SIZE = 50
MOST_OFFERINGS = 500
PRECISION_WORDS = {
    "ZIP": lazy_gettext("middle of the ZIP code"),
    "street": lazy_gettext("street address, found by a geocoder"),
    "given": lazy_gettext("given by the school's file or by hand"),
}


@bp.get("/campuses")
@audience(Audience.staff)
def campuses() -> str:
    """Campuses by school; the address may ask for part of a name, city or ZIP code, a state, a school, a standing."""
    states = list_states(db.session)
    asked = DirectoryFilter(
        name=read_words("name"),
        school=read_words("school"),
        status=read_choice("status", STANDING_WORDS),
        state=read_choice("state", states),
    )
    page = read_page(count_campuses(db.session, asked), PAGE_SIZE)
    return render_template(
        "desk/rooms/campuses.html",
        asked=asked,
        arguments=keep_arguments(asdict(asked)),
        choices={
            "state": (gettext("Any state"), {state: state for state in states}),
            "status": (gettext("In use and retired"), STANDING_WORDS),
        },
        page=page,
        rows=list_campuses(db.session, asked, limit=page.size, offset=page.offset),
    )


@bp.get("/campuses/<int:campus_id>")
@audience(Audience.staff)
def campus(campus_id: int) -> str:
    """One campus: where it is, what is taught there, its history."""
    found = db.session.get(Campus, campus_id) or abort(404)
    taught = list_offerings(db.session, DirectoryFilter(school=found.school_id), limit=MOST_OFFERINGS)
    return render_template(
        "desk/rooms/campus.html",
        campus=found,
        precision=PRECISION_WORDS[tell_precision(db.session, found)],
        school=db.session.get_one(School, found.school_id),
        offerings=[offering for offering in taught if offering.campus_id == campus_id],
        trail=read_own_trail(found.school_id, Noun.campus, [found.name]),
    )
