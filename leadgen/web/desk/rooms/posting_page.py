"""The page of a map: what was typed on it, what is wrong there, what it would post."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from leadgen.delivery.posting.document import MapError, make_starter, point_out, write_document
from leadgen.delivery.posting.fields import LEAD_FIELDS, NOTICE_FIELDS
from leadgen.delivery.posting.formats import FORMATS
from leadgen.delivery.posting.keep import read_posting
from leadgen.delivery.posting.preview import Meaning, Request
from leadgen.directory.reasons import MAP_REASONS
from leadgen.extensions import db
from leadgen.models import Endpoint, EndpointKind, School
from leadgen.web.translate import gettext, say_error, translate

FIELD = "map"


@dataclass(frozen=True)
class Typed:
    """What stands in the form. ``seen`` is the version of the endpoint that it was opened on."""

    text: str
    seen: int
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Preview:
    """What would be posted about a lead, and about a withdrawal where the map has one; what an answer would mean."""

    lead: Request | None
    notice: Request | None
    meaning: Meaning | None


def read_typed() -> Typed:
    """The form as it was sent. Lines end as they do in a file."""
    seen = request.form.get("seen", "")
    return Typed(
        request.form.get(FIELD, "").replace("\r\n", "\n"),
        int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        request.form.get("reason", ""),
        request.form.get("answer", "").replace("\r\n", "\n"),
    )


def read_kept(endpoint: Endpoint) -> str:
    """The map that is kept, as a text; where there is none, one to begin with."""
    return write_document(read_posting(endpoint) or make_starter(is_batch=endpoint.kind is EndpointKind.batch))


def show_map(
    endpoint: Endpoint,
    typed: Typed,
    *,
    error: MapError | None = None,
    no_reason: str = "",
    who: str = "",
    kept: str = "",
    preview: Preview | None = None,
    todo: Sequence[str] = (),
) -> str:
    """The page. ``kept`` is what somebody else made of it meanwhile; ``todo`` is what a draft leaves to a person."""
    errors = _list_errors(typed.text, error) if error and not kept else []
    if no_reason:
        errors.append(("reason-map", no_reason))
    return render_template(
        "desk/rooms/map.html",
        endpoint=endpoint,
        school=db.session.get_one(School, endpoint.school_id),
        typed=typed,
        errors=errors,
        no_reason=no_reason,
        who=who,
        kept=kept,
        preview=preview,
        todo=todo,
        reasons=MAP_REASONS,
        fields=LEAD_FIELDS | NOTICE_FIELDS,
        formats=FORMATS,
    )


def _list_errors(text: str, error: MapError) -> list[tuple[str, str]]:
    told = [
        gettext("Line %(line)s, %(part)s: %(words)s", line=each.line, part=each.name, words=translate(each.words))
        if each.name
        else gettext("Line %(line)s: %(words)s", line=each.line, words=translate(each.words))
        for each in point_out(text, error)
    ]
    return [(FIELD, words) for words in told or [say_error(error)]]
