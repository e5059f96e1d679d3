"""How the school receives, and its word on tests that came twice."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.delivery.conformance import CountError, confirm_count
from leadgen.delivery.endpoints import list_in_use
from leadgen.delivery.trial import list_tests
from leadgen.extensions import db
from leadgen.journey.endpoint_letters import is_mailbox
from leadgen.models import Endpoint, EndpointKind, EndpointTest
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.portal.blueprint import bp, require_school
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext, say_error

KIND_WORDS = {
    EndpointKind.email: lazy_gettext("Letters to"),
    EndpointKind.webhook: lazy_gettext("Webhook at"),
    EndpointKind.form_post: lazy_gettext("Form posts to"),
    EndpointKind.portal: lazy_gettext("This portal"),
    EndpointKind.batch: lazy_gettext("A daily file to"),
}
COUNTS = {"one": True, "two": False}


@bp.get("/receiving")
@audience(Audience.school, Permission.receiving)
def receiving() -> str:
    """Where the school receives, and the tests that were sent there twice."""
    school = require_school()
    endpoints = list_in_use(db.session, school.id)
    tests = {each.id: [test for test in list_tests(db.session, each.id) if test.twice] for each in endpoints}
    return render_template(
        "portal/receiving.html",
        school=school,
        endpoints=endpoints,
        tests=tests,
        kinds=KIND_WORDS,
        is_mailbox=is_mailbox,
        now=now(db.session),
    )


@bp.post("/receiving/<int:test_id>/count")
@audience(Audience.school, Permission.receiving)
@writes
def count(test_id: int) -> Response:
    """The school says whether its system counts one, or two."""
    test = _require_test(test_id)
    counts = COUNTS.get(request.form.get("counts", ""))
    if counts is None:
        abort(400)
    try:
        confirm_count(db.session, test, name_actor(), counts_one=counts)
    except CountError as error:
        db.session.rollback()
        flash(gettext("%(error)s Nothing was changed.", error=say_error(error)), "warning")
    else:
        flash(gettext("Thank you. We have noted it."), "success")
    return redirect(url_for("portal.receiving"), 303)


def _require_test(test_id: int) -> EndpointTest:
    """A test of the school's own endpoints. Another school's is answered like one that never was."""
    test = db.session.get(EndpointTest, test_id, with_for_update=True) or abort(404)
    if db.session.get_one(Endpoint, test.endpoint_id).school_id != require_school().id:
        abort(404)
    return test
