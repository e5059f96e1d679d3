"""People: all staff, and the users of each school. For admins."""

from typing import Any

from flask import abort

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.models import School
from leadgen.web.access import Audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.people import Room, add_people

FRAME = "desk/base.html"


def _find_nobodys(_address: dict[str, Any]) -> None:
    """Staff belong to no school."""


def _find_school(address: dict[str, Any]) -> School:
    return db.session.get(School, address["school_id"]) or abort(404)


add_people(Room(bp, "/people", "people", Audience.staff, Permission.users, FRAME, _find_nobodys))
add_people(
    Room(bp, "/schools/<school_id>/people", "school_people", Audience.staff, Permission.users, FRAME, _find_school)
)
