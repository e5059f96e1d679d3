"""A form of the directory on its page: which record it is about, what it offers, how it ends."""

from dataclasses import dataclass

from flask import abort, flash, render_template, url_for

from leadgen.directory.by_hand import Written
from leadgen.directory.edit import ChangedMeanwhileError, list_editable
from leadgen.directory.records import Key, Noun
from leadgen.extensions import db
from leadgen.guides.loader import list_programs
from leadgen.models import Campus, Offering, School
from leadgen.web.desk.rooms.forms import ColumnsForm, make_form
from leadgen.web.desk.rooms.tell import name_who
from leadgen.web.program_title import name_program_here
from leadgen.web.translate import gettext, name_code, translate


@dataclass(frozen=True)
class Place:
    """What is edited: the record, its name as a heading, and where its page is."""

    noun: Noun
    school: School
    key: Key
    title: str
    back: str


def find_place(room: str, name: str) -> Place:
    """The record that an address names; there is no page where there is none."""
    school: School | None
    if room == "schools":
        school = db.session.get(School, name) or abort(404)
        return Place(Noun.school, school, (name,), school.name, url_for("desk.school", school_id=name))
    if room == "campuses":
        campus = db.session.get(Campus, int(name) if name.isdecimal() and len(name) < 10 else 0) or abort(404)
        school = db.session.get_one(School, campus.school_id)
        back = url_for("desk.campus", campus_id=campus.id)
        return Place(
            Noun.campus, school, (school.id, campus.name), gettext("Campus %(campus)s", campus=campus.name), back
        )
    offering = db.session.get(Offering, name) or abort(404)
    title = f"{name_program_here(offering.program)}, {name}"
    back = url_for("desk.offering", offering_id=name)
    return Place(Noun.offering, db.session.get_one(School, offering.school_id), (name,), title, back)


def find_new(school_id: str, room: str) -> Place:
    """A campus or an offering that is not there yet."""
    school = db.session.get(School, school_id) or abort(404)
    noun = Noun.campus if room == "campuses" else Noun.offering
    return Place(
        noun, school, (), gettext("New %(noun)s", noun=name_code(noun)), url_for("desk.school", school_id=school_id)
    )


def make_edit_form(noun: Noun, school: School, program: str) -> ColumnsForm:
    """The form of what may be edited. ``program`` is offered although it may have no guide."""
    return make_form(list_editable(noun), _list_choices(school, program) if noun is Noun.offering else {})


def make_new_form(place: Place) -> ColumnsForm:
    """The form of all that a new record needs."""
    columns = list_editable(place.noun)
    if place.noun is Noun.campus:
        return make_form(("campus", *columns), {})
    return make_form(("offering_id", *columns), _list_choices(place.school, ""))


def _list_choices(school: School, program: str) -> dict[str, dict[str, str]]:
    campuses = {campus.name: campus.name for campus in school.campuses if campus.retired_at is None}
    programs = {each.slug: each.title for each in list_programs()}
    return {"campus": campuses, "program": programs | ({program: name_program_here(program)} if program else {})}


def tell_written(written: Written) -> None:
    """Say what was written, and what is odd about it."""
    if written.version is None:
        flash(gettext("Nothing differs from what was there, so nothing was written."), "warning")
        return
    flash(gettext("Saved. This is version %(version)s of the directory.", version=written.version.id), "success")
    for warning in written.warnings:
        flash(translate(warning), "warning")


def show_form(
    place: Place,
    form: ColumnsForm,
    meanwhile: ChangedMeanwhileError | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """The page with the form; ``meanwhile`` and ``typed`` where somebody else was first."""
    who = name_who(db.session, meanwhile.last) if meanwhile and meanwhile.last else None
    return render_template(
        "desk/rooms/edit.html", place=place, form=form, meanwhile=meanwhile, who=who, typed=typed or {}
    )
