"""Colleagues: the users of the own school. For its owners."""

from typing import Any

from leadgen.accounts.roles import Permission
from leadgen.models import School
from leadgen.web.access import Audience
from leadgen.web.people import Room, add_people
from leadgen.web.portal.blueprint import bp, require_school


def _find_own(_address: dict[str, Any]) -> School:
    return require_school()


add_people(Room(bp, "/people", "people", Audience.school, Permission.colleagues, "portal/base.html", _find_own))
