"""Roles and what each may do. Every route names the permission it asks for; nothing else is asked about a role."""

from enum import StrEnum

from leadgen.marks import N_


class RoleName(StrEnum):
    """Staff: run the place, review, or only read. At a school: its owner, a counsellor, or only read."""

    admin = "admin"
    reviewer = "reviewer"
    reader = "reader"
    owner = "owner"
    counsellor = "counsellor"
    school_reader = "school_reader"


class Permission(StrEnum):
    """One kind of act. Reading the own pages asks for none."""

    decide = "decide"  # release, hold, decline, withdraw, ask, note, link; one by one or in bulk
    carry = "carry"  # settle, send again, pause and resume endpoints, write down that a school was told
    reveal = "reveal"  # see a prospect's contact details
    directory = "directory"  # change schools, campuses, offerings
    endpoints = "endpoints"  # add, change and test endpoints, see and rotate their secrets
    users = "users"  # invite, switch off, change roles of staff and of schools
    export = "export"  # take data out
    erase = "erase"  # destroy what an inquiry holds about a person
    report = "report"  # accept, report on and return leads of the own school
    receiving = "receiving"  # see where the own school receives, and say how it counts repeats
    colleagues = "colleagues"  # invite and switch off users of the own school


STAFF_ROLES = frozenset({RoleName.admin, RoleName.reviewer, RoleName.reader})
SCHOOL_ROLES = frozenset({RoleName.owner, RoleName.counsellor, RoleName.school_reader})

_REVIEW = {Permission.decide, Permission.carry, Permission.reveal}
_ANSWER = frozenset({Permission.reveal, Permission.report})
_RUN = {Permission.directory, Permission.endpoints, Permission.users, Permission.export, Permission.erase}

PERMISSIONS: dict[RoleName, frozenset[Permission]] = {
    RoleName.admin: frozenset(_REVIEW | _RUN),
    RoleName.reviewer: frozenset(_REVIEW),
    RoleName.reader: frozenset(),
    RoleName.owner: _ANSWER | {Permission.colleagues, Permission.receiving},
    RoleName.counsellor: _ANSWER,
    RoleName.school_reader: frozenset(),
}

ROLE_WORDS: dict[RoleName, str] = {
    RoleName.admin: N_("Admin: everything, with users, the directory and secrets"),
    RoleName.reviewer: N_("Reviewer: decides on inquiries and mends deliveries"),
    RoleName.reader: N_("Read-only: sees the desk and changes nothing"),
    RoleName.owner: N_("Owner: reports on leads and invites colleagues"),
    RoleName.counsellor: N_("Counsellor: reports on leads"),
    RoleName.school_reader: N_("Read-only: sees the school's leads without contact details, and changes nothing"),
}


def list_permissions(roles: list[str]) -> frozenset[Permission]:
    """What somebody with these roles may do, all taken together."""
    return frozenset().union(*(PERMISSIONS[RoleName(role)] for role in roles if role in list(RoleName)))
