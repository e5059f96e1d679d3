"""Every view of the rooms: importing them puts them on the desk's blueprint."""

from leadgen.web.desk.rooms import (
    add,
    campuses,
    drafting,
    edit,
    endpoints,
    offerings,
    posting,
    receivers,
    schools,
    standing,
)

__all__ = [
    "add",
    "campuses",
    "drafting",
    "edit",
    "endpoints",
    "offerings",
    "posting",
    "receivers",
    "schools",
    "standing",
]
