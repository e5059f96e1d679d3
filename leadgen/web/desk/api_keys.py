"""The keys of a school's own system, made and revoked by staff."""

from typing import Any

from flask import abort

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.models import School
from leadgen.web.access import Audience
from leadgen.web.api_keys import add_api_keys
from leadgen.web.desk.blueprint import bp
from leadgen.web.people import Room


def _find_school(address: dict[str, Any]) -> School:
    return db.session.get(School, address["school_id"]) or abort(404)


add_api_keys(
    Room(
        bp,
        "/schools/<school_id>/keys",
        "school_api_keys",
        Audience.staff,
        Permission.endpoints,
        "desk/base.html",
        _find_school,
    )
)
