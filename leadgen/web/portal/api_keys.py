"""The keys with which the school's own system asks us. For its owners."""

from typing import Any

from leadgen.accounts.roles import Permission
from leadgen.models import School
from leadgen.web.access import Audience
from leadgen.web.api_keys import add_api_keys
from leadgen.web.people import Room
from leadgen.web.portal.blueprint import bp, require_school


def _find_own(_address: dict[str, Any]) -> School:
    return require_school()


add_api_keys(Room(bp, "/keys", "api_keys", Audience.school, Permission.receiving, "portal/base.html", _find_own))
