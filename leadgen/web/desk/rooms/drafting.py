"""A map drafted at the desk from a posting specification. It is read and never run; nothing is sent or kept."""

from flask import render_template, request

from leadgen.accounts.roles import Permission
from leadgen.delivery.posting.document import write_document
from leadgen.delivery.posting.draft import Draft, draft_posting
from leadgen.delivery.posting.draft_sample import DraftError
from leadgen.extensions import db
from leadgen.marks import Said, say
from leadgen.models import Endpoint, School
from leadgen.web.access import Audience, audience
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.rooms.edit import MISTAKE
from leadgen.web.desk.rooms.posting import require_form_post
from leadgen.web.desk.rooms.posting_page import Typed, show_map
from leadgen.web.translate import say_error, translate

PARTS = ("spec", "accepted", "rejected")


@bp.get("/endpoints/<int:endpoint_id>/map/draft")
@audience(Audience.staff, Permission.endpoints, fresh=True)
def draft_map(endpoint_id: int) -> str:
    """The form: a command or a request, and two answers."""
    return _show_form(require_form_post(endpoint_id), dict.fromkeys(PARTS, ""))


@bp.post("/endpoints/<int:endpoint_id>/map/draft")
@audience(Audience.staff, Permission.endpoints, fresh=True)
def make_draft(endpoint_id: int) -> str | tuple[str, int]:
    """The page of the map, with the draft in it to correct."""
    endpoint = require_form_post(endpoint_id)
    typed = {name: request.form.get(name, "").replace("\r\n", "\n") for name in PARTS}
    try:
        draft = draft_posting(**typed)
    except DraftError as error:
        return _show_form(endpoint, typed, say_error(error)), MISTAKE
    todo = [translate(each) for each in (*_tell_address(endpoint, draft), *draft.todo)]
    text = write_document(draft.posting, [translate(each) for each in draft.todo])
    return show_map(endpoint, Typed(text, endpoint.version, answer=typed["accepted"]), todo=todo)


def _tell_address(endpoint: Endpoint, draft: Draft) -> list[Said]:
    if not draft.address or draft.address == endpoint.address:
        return []
    return [say("Their sample posts to %(theirs)s. This endpoint has another address.", theirs=draft.address)]


def _show_form(endpoint: Endpoint, typed: dict[str, str], wrong: str = "") -> str:
    school = db.session.get_one(School, endpoint.school_id)
    return render_template("desk/rooms/map_draft.html", endpoint=endpoint, school=school, typed=typed, wrong=wrong)
