"""Who is signed in: the token in the cookie, the row it opens, and how old the last proof is.

The cookie is the session that Flask signs. It holds the token of the sign-in and nothing that opens an account by
itself; signing in and out empties it, so nothing that was planted before outlives either.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, Response, g, request, session
from flask_security import current_user
from sqlalchemy.exc import OperationalError

from leadgen.accounts.language import note_language
from leadgen.accounts.sign_ins import Proof, find_sign_in, needs_touch, start_sign_in, touch_sign_in
from leadgen.clock import now
from leadgen.database import writing_if_free
from leadgen.extensions import db
from leadgen.models import SignIn, User
from leadgen.web.browser_name import name_browser
from leadgen.web.translate import find_language

TOKEN = "sign_in"  # noqa: S105 - the name of a field
PROVED_AT = "proved_at"
FRESH = timedelta(minutes=10)

# hooks of libraries that look at the user before every request, and at the session after it
ASKING_EVERY_TIME = {"flask_principal", "flask_login.login_manager"}

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Load users by our own rows alone, and only when somebody asks who it is."""
    _load_users_when_asked(app)
    manager = app.login_manager  # type: ignore[attr-defined]
    # the library would also take what an older cookie says, and tokens from addresses and headers
    manager.user_loader(lambda _user_id: None)
    manager.request_loader(lambda _request: _load_user())
    app.after_request(_touch)


def begin(user: User, proof: Proof) -> None:
    """Sign the user in here, with a new token and an empty session."""
    note_language(user, find_language())
    token = start_sign_in(db.session, user, proof, name_browser(request.headers.get("User-Agent", "")))
    session.clear()
    session[TOKEN] = token
    note_proof()


def note_proof() -> None:
    """The user has just shown who it is."""
    session[PROVED_AT] = now(db.session).isoformat()


def is_fresh() -> bool:
    """Whether the user showed lately who it is."""
    try:
        proved_at = datetime.fromisoformat(session.get(PROVED_AT, ""))
    except ValueError:
        return False
    return now(db.session) - proved_at < FRESH


def require_user() -> User:
    """The user of this request, on a page that nobody else can ask for."""
    user: User = current_user._get_current_object()
    return user


def find_own_sign_in() -> SignIn | None:
    """The sign-in of this very request."""
    # asking who it is loads both
    return g.get("sign_in") if current_user.is_authenticated else None


def _load_user() -> User | None:
    found = find_sign_in(db.session, token) if (token := session.get(TOKEN)) else None
    if found is None:
        return None
    g.sign_in, user = found
    g.unseen = g.sign_in.id if needs_touch(g.sign_in, now(db.session)) else None
    return user


def _touch(response: Response) -> Response:
    """Note that the user is still there. Pages that refresh themselves are nobody, and a busy database can wait."""
    asked_by_a_script = request.headers.get("Sec-Fetch-Dest", "document") == "empty"
    if (unseen := g.pop("unseen", None)) and not asked_by_a_script:
        try:
            with writing_if_free(db.engine) as connection:
                touch_sign_in(connection, unseen)
        except OperationalError:
            log.info("sign_in.not_touched")
    return response


def _load_users_when_asked(app: Flask) -> None:
    """The hooks serve permissions of another kind than ours, and a cookie that outlives the session, which we never
    give. Without them a page for everybody needs no user, and one that all may keep does not vary by cookie."""
    both: tuple[list[Any], ...] = (app.before_request_funcs[None], app.after_request_funcs[None])
    for hooks in both:
        hooks[:] = [each for each in hooks if getattr(each, "__module__", "") not in ASKING_EVERY_TIME]
