"""The schools: a list, and one school's page with how it stands."""

from dataclasses import asdict

from flask import abort, render_template

from leadgen.clock import now
from leadgen.delivery.health import read_health
from leadgen.extensions import db
from leadgen.models import Campus, Offering, School, Subject
from leadgen.review.directory import DirectoryFilter, list_offerings, list_programs_taught, list_states
from leadgen.review.directory import count_offerings as count
from leadgen.review.dossier import read_trail
from leadgen.review.schools import BY_NAME, SchoolFilter, count_schools, list_leads, list_schools
from leadgen.review.standing import read_standing
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.picture import draw_school
from leadgen.web.desk.rooms.asked import keep_arguments, read_choice, read_words
from leadgen.web.desk.rooms.words import KIND_WORDS, SORT_WORDS, STATUS_WORDS
from leadgen.web.pages import read_page
from leadgen.web.program_title import name_program_here
from leadgen.web.translate import gettext

PAGE_SIZE = 50
RECENT_LEADS = 20
SHOWN_OFFERINGS = 100


@bp.get("/schools")
@audience(Audience.staff)
def schools() -> str:
    """Schools by name or by leads; the address may ask for part of a name, a status, a kind of endpoint, a state of
    a campus, a program."""
    states, programs = list_states(db.session), list_programs_taught(db.session)
    asked = SchoolFilter(
        read_words("name"),
        read_choice("status", STATUS_WORDS),
        read_choice("kind", KIND_WORDS),
        read_choice("state", states),
        read_choice("program", programs),
        read_choice("sort", SORT_WORDS) or BY_NAME,
    )
    page = read_page(count_schools(db.session, asked), PAGE_SIZE)
    return render_template(
        "desk/rooms/schools.html",
        asked=asked,
        arguments=keep_arguments(asdict(asked), sort=BY_NAME),
        choices=_list_choices(states, programs),
        page=page,
        rows=list_schools(db.session, asked, limit=page.size, offset=page.offset),
    )


@bp.get("/schools/<school_id>")
@audience(Audience.staff)
def school(school_id: str) -> str:
    """One school: how it stands, its endpoints with their health, what it teaches, recent leads, history."""
    found = db.session.get(School, school_id) or abort(404)
    mine = DirectoryFilter(school=school_id, status="current")
    at = now(db.session)
    campuses, offerings = _sort_campuses(found.campuses), _list_offerings(mine)
    return render_template(
        "desk/rooms/school.html",
        school=found,
        standing=read_standing(db.session, found, at),
        health=read_health(db.session, found.endpoints, at),
        campuses=campuses,
        offerings=offerings,
        picture=draw_school(campuses, offerings),
        total_offerings=count(db.session, mine),
        leads=list_leads(db.session, school_id, limit=RECENT_LEADS),
        trail=read_trail(db.session, Subject.school, school_id),
        now=at,
    )


def _list_choices(states: list[str], programs: list[str]) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "status": (gettext("Any status"), STATUS_WORDS),
        "kind": (gettext("Any kind of endpoint"), KIND_WORDS),
        "state": (gettext("Any state"), {state: state for state in states}),
        "program": (gettext("Any program"), {slug: name_program_here(slug) for slug in programs}),
        "sort": ("", SORT_WORDS),
    }


def _list_offerings(mine: DirectoryFilter) -> list[Offering]:
    return list_offerings(db.session, mine, limit=SHOWN_OFFERINGS)


def _sort_campuses(campuses: list[Campus]) -> list[Campus]:
    return sorted(campuses, key=lambda campus: (campus.retired_at is not None, campus.name))
