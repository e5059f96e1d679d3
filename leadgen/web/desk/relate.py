"""What staff write about an inquiry: notes, and that it is a duplicate of another."""

from flask import flash, request
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.extensions import db
from leadgen.models import Inquiry
from leadgen.review.dossier import find_inquiry
from leadgen.review.duplicates import link_duplicate, unlink_duplicate
from leadgen.review.notes import add_note
from leadgen.review.reasons import LINK_REASONS, UNLINK_REASONS
from leadgen.review.search import read_reference
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp, require_inquiry
from leadgen.web.desk.outcome import read_reason, show_inquiry, telling
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext

NOTE_CHARACTERS = 2_000


@bp.post("/inquiries/<reference>/notes")
@audience(Audience.staff, Permission.decide)
@writes
def write_note(reference: str) -> Response:
    """Add a note. It is sealed, and never changed or removed."""
    inquiry = require_inquiry(reference)
    body = request.form.get("body", "").replace("\r\n", "\n").strip()[:NOTE_CHARACTERS]
    if not body:
        flash(gettext("Write the note first. Nothing was added."), "warning")
        return show_inquiry(reference)
    with telling(gettext("The note was added. It is sealed with the contact details.")):
        add_note(db.session, open_vault(), inquiry, name_actor(), body)
    return show_inquiry(reference)


@bp.post("/inquiries/<reference>/duplicate")
@audience(Audience.staff, Permission.decide)
@writes
def link(reference: str) -> Response:
    """Link this inquiry to the one named in ``original``. Their contacts stay apart."""
    inquiry = require_inquiry(reference)
    with telling(gettext("Linked. The contact details of both stay as they are.")):
        reason = read_reason(LINK_REASONS)
        link_duplicate(db.session, open_vault(), inquiry, _find_original(), name_actor(), reason)
    return show_inquiry(reference)


@bp.post("/inquiries/<reference>/duplicate/undo")
@audience(Audience.staff, Permission.decide)
@writes
def unlink(reference: str) -> Response:
    """Take the link back."""
    inquiry = require_inquiry(reference)
    with telling(gettext("The link was taken back.")):
        unlink_duplicate(db.session, open_vault(), inquiry, name_actor(), read_reason(UNLINK_REASONS))
    return show_inquiry(reference)


def _find_original() -> Inquiry:
    reference = read_reference(request.form.get("original", ""))
    original = find_inquiry(db.session, reference) if reference else None
    if original is None:
        raise ReleaseError(
            gettext("There is no inquiry with that reference. It looks like LG-7K2M-94QD. Nothing was changed.")
        )
    return original
