"""Where the work is: the desk for staff, the portal for schools."""

from flask import abort, url_for
from flask_security import current_user

from leadgen.web.access import ROLES, Audience

HOMES = {Audience.staff: "desk.worklist", Audience.school: "portal.inbox"}


def go_home() -> str:
    """The address of the signed-in user's first page."""
    for who, home in HOMES.items():
        if any(role.name in ROLES[who] for role in current_user.roles):
            return url_for(home)
    return abort(404)
