"""The challenge that a passkey answers: random, in the session's cookie, good once and for five minutes."""

import secrets
from base64 import b64decode, b64encode
from datetime import datetime, timedelta

from flask import session

from leadgen.accounts.challenges import use_challenge
from leadgen.accounts.errors import AccountError
from leadgen.accounts.passkeys import Site, find_site
from leadgen.clock import now
from leadgen.extensions import current_settings, db
from leadgen.web.translate import gettext

CHALLENGE = "challenge"
BYTES = 32
GOOD_FOR = timedelta(minutes=5)


def make_challenge() -> bytes:
    """A new challenge; one made before is forgotten."""
    made = secrets.token_bytes(BYTES)
    until = (now(db.session) + GOOD_FOR).isoformat()
    session[CHALLENGE] = {"bytes": b64encode(made).decode(), "until": until}
    return made


def take_challenge() -> bytes:
    """The challenge of this session, used up, and that committed: it stays so whatever comes of the answer.

    Raises AccountError where there is none, it ran out, or was answered before."""
    waiting = session.pop(CHALLENGE, None)
    if not waiting or (until := datetime.fromisoformat(waiting["until"])) <= now(db.session):
        raise AccountError(gettext("Too much time has passed. Try the passkey again."))
    challenge = b64decode(waiting["bytes"])
    if not use_challenge(db.session, challenge, until):
        raise AccountError(gettext("This was answered before. Try the passkey again."))
    db.session.commit()
    return challenge


def find_own_site() -> Site:
    """This site, as the settings name it."""
    settings = current_settings()
    return find_site(settings.base_url, settings.site_name)
