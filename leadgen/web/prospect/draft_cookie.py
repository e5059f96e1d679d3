"""The cookie that finds her draft. It holds a random token, ends with the browser, and goes to /inquiry only, in every
language: she may change it in the middle."""

from flask import request
from werkzeug.wrappers import Response

from leadgen.config import Mode
from leadgen.extensions import current_settings, db
from leadgen.intake.draft import OpenDraft, find_draft
from leadgen.vault import open_vault
from leadgen.web.language import LANGUAGES, write_path_in

COOKIE = "leadgen_draft"
PATH = "/inquiry"


def find_my_draft() -> OpenDraft | None:
    """The draft of this browser, or None where it ran out, was sent, or never was."""
    return find_draft(db.session, open_vault(), request.cookies.get(COOKIE))


def give_cookie(response: Response, token: str) -> Response:
    """Let this browser find its draft."""
    secure = current_settings().mode is Mode.production
    for path in _list_paths():
        response.set_cookie(COOKIE, token, path=path, httponly=True, samesite="Lax", secure=secure)
    return response


def take_cookie(response: Response) -> Response:
    """Let this browser forget its draft."""
    for path in _list_paths():
        response.delete_cookie(COOKIE, path=path, httponly=True, samesite="Lax")
    return response


def _list_paths() -> list[str]:
    return [write_path_in(language, PATH) for language in LANGUAGES]
