"""The blueprint of the door for schools' systems, and how often one may ask."""

from hashlib import sha256

from flask import Blueprint, Response
from flask_limiter.util import get_remote_address

from leadgen.extensions import csrf, db, limiter
from leadgen.models import School
from leadgen.web.bearer import read_key, require_key

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# a key is sent by a program and never by a browser on its own, so there is nothing to forge
csrf.exempt(bp)

PER_KEY = "120 per minute"
GUESSES = "30 per minute"  # of one address, with keys that do not hold


def require_own_school() -> School:
    """The school whose key this is. Nothing in a request names the school."""
    return db.session.get_one(School, require_key().school_id)


def _name_asker() -> str:
    """Whoever knows the whole key has a count of its own: nobody can use it up who knows only its beginning."""
    secret = read_key()
    return f"key:{sha256(secret.encode()).hexdigest()}" if secret else get_remote_address()


def _is_guess(response: Response) -> bool:
    return response.status_code == 401


limiter.limit(PER_KEY, key_func=_name_asker)(bp)
limiter.limit(GUESSES, key_func=get_remote_address, deduct_when=_is_guess)(bp)
