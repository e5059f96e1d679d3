"""The map of a form post at the desk: written down as a text, looked at with a lead of nobody, and kept."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.delivery.posting.document import MapError, read_document
from leadgen.delivery.posting.keep import MAPPED_KINDS, MappedMeanwhileError, open_document, save_posting
from leadgen.delivery.posting.preview import explain, preview_request
from leadgen.delivery.posting.samples import read_answer
from leadgen.directory.about import find_last, name_endpoint
from leadgen.directory.reasons import MAP_REASONS
from leadgen.directory.records import Noun
from leadgen.extensions import db
from leadgen.journey.endpoints import lock_endpoint
from leadgen.models import Endpoint
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.outcome import MissingReasonError, pick_reason
from leadgen.web.desk.rooms.edit import CONFLICT, MISTAKE
from leadgen.web.desk.rooms.endpoints import require_endpoint
from leadgen.web.desk.rooms.posting_page import Preview, Typed, read_kept, read_typed, show_map
from leadgen.web.desk.rooms.tell import name_who
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, say_error


@bp.get("/endpoints/<int:endpoint_id>/map")
@audience(Audience.staff, Permission.endpoints, fresh=True)
def edit_map(endpoint_id: int) -> str:
    """The map as a text to edit."""
    endpoint = require_form_post(endpoint_id)
    return show_map(endpoint, Typed(read_kept(endpoint), endpoint.version))


@bp.post("/endpoints/<int:endpoint_id>/map")
@audience(Audience.staff, Permission.endpoints, fresh=True)
@writes
def save_map(endpoint_id: int) -> Response | tuple[str, int]:
    """Keep what was typed as a new version, unless something is wrong with it or somebody else was first."""
    require_form_post(endpoint_id)
    typed = read_typed()
    try:
        document = read_document(typed.text)
        document.refuse_unfinished()
        reason = pick_reason(MAP_REASONS)
        changed = save_posting(
            db.session,
            open_vault(),
            lock_endpoint(db.session, endpoint_id),
            document.posting,
            document.secrets,
            seen_version=typed.seen,
            actor=name_actor(),
            reason=reason,
        )
    except MappedMeanwhileError as error:
        db.session.rollback()
        return _tell_meanwhile(require_form_post(endpoint_id), typed, error)
    except MapError as error:
        db.session.rollback()
        return show_map(require_form_post(endpoint_id), typed, error=error), MISTAKE
    except MissingReasonError as error:
        db.session.rollback()
        return show_map(require_form_post(endpoint_id), typed, no_reason=say_error(error)), MISTAKE
    if changed:
        flash(gettext("Saved: this is a new version. Send a test; leads wait until one was accepted."), "success")
    else:
        flash(gettext("Nothing differs, so nothing was written."), "warning")
    return redirect(url_for("desk.endpoint", endpoint_id=endpoint_id, _anchor="map"), 303)


@bp.post("/endpoints/<int:endpoint_id>/map/preview")
@audience(Audience.staff, Permission.endpoints, fresh=True)
def preview_map(endpoint_id: int) -> str | tuple[str, int]:
    """What would be posted by what was typed, and what a sample answer would mean. Nothing is sent or kept."""
    endpoint, typed = require_form_post(endpoint_id), read_typed()
    try:
        opened = open_document(open_vault(), endpoint, read_document(typed.text))
    except MapError as error:
        return show_map(endpoint, typed, error=error), MISTAKE
    preview = Preview(
        preview_request(db.session, endpoint, opened),
        preview_request(db.session, endpoint, opened, is_lead=False),
        explain(read_answer(typed.answer), opened.posting) if typed.answer.strip() else None,
    )
    return show_map(endpoint, typed, preview=preview)


def require_form_post(endpoint_id: int) -> Endpoint:
    """The form post with this number that is in use; other kinds have no such page."""
    endpoint = require_endpoint(endpoint_id)
    if endpoint.kind not in MAPPED_KINDS or endpoint.retired_at is not None:
        abort(404)
    return endpoint


def _tell_meanwhile(endpoint: Endpoint, typed: Typed, error: MapError) -> tuple[str, int]:
    """Whoever comes second sees who was first and what is kept now; to save again goes over it."""
    last = find_last(db.session, endpoint.school_id, Noun.endpoint, name_endpoint(endpoint))
    who = name_who(db.session, last) if last else ""
    later = Typed(typed.text, endpoint.version, typed.reason, typed.answer)
    return show_map(endpoint, later, error=error, who=who, kept=read_kept(endpoint)), CONFLICT
