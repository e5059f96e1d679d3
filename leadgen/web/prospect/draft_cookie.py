"""The cookie that finds her draft. It holds a random token, ends with the browser, and goes to /inquiry only."""

from flask import request
from werkzeug.wrappers import Response

from leadgen.config import Mode
from leadgen.extensions import current_settings, db
from leadgen.intake.draft import OpenDraft, find_draft
from leadgen.vault import open_vault

COOKIE = "leadgen_draft"
PATH = "/inquiry"


def find_my_draft() -> OpenDraft | None:
    """The draft of this browser, or None where it ran out, was sent, or never was."""
    return find_draft(db.session, open_vault(), request.cookies.get(COOKIE))


def give_cookie(response: Response, token: str) -> Response:
    """Let this browser find its draft."""
    secure = current_settings().mode is Mode.production
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="Lax", secure=secure)
    return response


def take_cookie(response: Response) -> Response:
    """Let this browser forget its draft."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Lax")
    return response
