"""The worklist's address: what is wanted, read from the arguments and written back. It holds codes and ids alone."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from leadgen.review.wanted import Age, Bin, Sort, Wanted

MINE = "mine"
TEXT_CHARACTERS = 120
Choice = TypeVar("Choice", bound=StrEnum)


def read_wanted(arguments: Mapping[str, str]) -> Wanted:
    """What these arguments ask for. Unknown orders and ages are passed over; there is no page for an unknown bin."""
    which = _pick(Bin, arguments.get("bin", Bin.held)) or abort(404)
    return Wanted(
        which,
        reason=_read_text(arguments, "reason"),
        school=_read_text(arguments, "school"),
        program=_read_text(arguments, "program"),
        state=_read_text(arguments, "state"),
        age=_pick(Age, arguments.get("age", "")),
        holder=current_user.id if arguments.get("who") == MINE else None,
        sort=_pick(Sort, arguments.get("sort", "")) or Sort.oldest,
    )


def write_arguments(wanted: Wanted) -> dict[str, str]:
    """The arguments that ask for this, and none that say nothing."""
    named = {"reason": wanted.reason, "school": wanted.school, "program": wanted.program, "state": wanted.state}
    arguments = {"bin": str(wanted.bin)} | {name: value for name, value in named.items() if value}
    if wanted.age:
        arguments["age"] = str(wanted.age)
    if wanted.holder:
        arguments["who"] = MINE
    if wanted.sort is not Sort.oldest:
        arguments["sort"] = str(wanted.sort)
    return arguments


def write_query(wanted: Wanted) -> str:
    """The same as a query string, to be kept or to come back with a form."""
    return urlencode(write_arguments(wanted))


def read_query(query: str) -> Wanted:
    """What a query string asks for; whatever else stands in it is dropped."""
    return read_wanted(dict(parse_qsl(query)))


def find_address(wanted: Wanted, **changes: Any) -> str:
    """The worklist's address for this, with some of it changed. Any change leads to the first page."""
    return f"{url_for('desk.worklist')}?{write_query(replace(wanted, **changes))}"


def show_worklist() -> Response:
    """Back to the list from which the form came; its field ``back`` holds the query string."""
    return redirect(find_address(read_query(request.form.get("back", ""))), 303)


def _read_text(arguments: Mapping[str, str], name: str) -> str | None:
    return arguments.get(name, "").strip()[:TEXT_CHARACTERS].replace("\0", "") or None


def _pick(choices: type[Choice], value: str) -> Choice | None:
    return choices(value) if value in list(choices) else None
