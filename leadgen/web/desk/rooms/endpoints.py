"""The endpoints: a list with their health, and one endpoint's page."""

from dataclasses import asdict

from flask import abort, render_template

from leadgen.clock import now
from leadgen.delivery.batch.files import list_files
from leadgen.delivery.health import list_tries, read_health
from leadgen.delivery.posting.keep import read_posting
from leadgen.delivery.trial import PATIENCE, has_passed, list_tests
from leadgen.directory.about import name_endpoint
from leadgen.directory.records import Noun
from leadgen.extensions import db
from leadgen.journey.endpoint_letters import is_mailbox
from leadgen.models import Endpoint, EndpointKind, School
from leadgen.review.directory import DirectoryFilter, count_endpoints, list_endpoints
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.asked import keep_arguments, read_choice, read_words
from leadgen.web.desk.rooms.trails import read_own_trail
from leadgen.web.desk.rooms.words import ENDPOINT_STATE_WORDS, KIND_WORDS, SIGNATURE_WORDS
from leadgen.web.pages import read_page
from leadgen.web.translate import gettext

PAGE_SIZE = 50


@bp.get("/endpoints")
@audience(Audience.staff)
def endpoints() -> str:
    """Endpoints by school; the address may ask for part of a school's name or of an address, a kind, a state."""
    asked = DirectoryFilter(
        name=read_words("name"),
        school=read_words("school"),
        kind=read_choice("kind", KIND_WORDS),
        status=read_choice("status", ENDPOINT_STATE_WORDS),
    )
    page = read_page(count_endpoints(db.session, asked), PAGE_SIZE)
    rows = list_endpoints(db.session, asked, limit=page.size, offset=page.offset)
    at = now(db.session)
    return render_template(
        "desk/rooms/endpoints.html",
        asked=asked,
        arguments=keep_arguments(asdict(asked)),
        choices={"kind": (gettext("Any kind"), KIND_WORDS), "status": (gettext("Any state"), ENDPOINT_STATE_WORDS)},
        page=page,
        rows=rows,
        health=read_health(db.session, [row.endpoint for row in rows], at),
        now=at,
    )


@bp.get("/endpoints/<int:endpoint_id>")
@audience(Audience.staff)
def endpoint(endpoint_id: int) -> str:
    """One endpoint: its health, its last tries, its history."""
    found = require_endpoint(endpoint_id)
    tests = list_tests(db.session, endpoint_id)
    at = now(db.session)
    return render_template(
        "desk/rooms/endpoint.html",
        endpoint=found,
        school=require_school(found.school_id),
        posting=read_posting(found),
        files=list_files(db.session, endpoint_id) if found.kind is EndpointKind.batch else [],
        tests=tests,
        under_way=[test for test in tests if test.ended_at is None and at - test.asked_at < PATIENCE],
        passed=has_passed(db.session, found),
        gets_letters=is_mailbox(found),
        health=read_health(db.session, [found], at)[found.id],
        tries=list_tries(db.session, found.id),
        trail=read_own_trail(found.school_id, Noun.endpoint, name_endpoint(found)),
        signatures=SIGNATURE_WORDS,
        now=at,
    )


def require_endpoint(endpoint_id: int) -> Endpoint:
    """The endpoint with this number; there is no page where there is none."""
    return db.session.get(Endpoint, endpoint_id) or abort(404)


def require_school(school_id: str) -> School:
    """The school with this id; there is no page where there is none."""
    return db.session.get(School, school_id) or abort(404)
