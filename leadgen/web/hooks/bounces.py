"""`POST /hooks/bounces`: a mail server that hands bounces over as they are, each as one message."""

import hmac

from flask import Response, abort, jsonify, request

from leadgen.delivery.bounces.record import record_bounce
from leadgen.extensions import csrf, current_settings, db, limiter
from leadgen.web.access import Audience, audience
from leadgen.web.hooks.blueprint import bp
from leadgen.web.transaction import writes

MESSAGE = "message/rfc822"
LIMIT = "600 per minute"


@bp.post("/bounces")
@csrf.exempt  # type: ignore[untyped-decorator]
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def take_bounce() -> Response:
    """Write one bounce down; the answer says what came of it. For whoever knows the secret; without one set, there is
    no such page. A message that is longer than any request may be is answered with 413."""
    settings = current_settings()
    secret = settings.bounce_secret.get_secret_value()
    if not secret:
        abort(404)
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {secret}".encode()):
        return Response("Give the secret.\n", 401, {"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    if request.mimetype != MESSAGE:
        return Response(f"Send the message as {MESSAGE}.\n", 415, content_type="text/plain")
    outcome = record_bounce(db.session, settings.secret_key.get_secret_value(), request.get_data(cache=False))
    return jsonify(outcome=outcome.value)
