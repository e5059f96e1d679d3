"""What is the same for everybody, and may be kept for an hour."""

import json
from collections.abc import Mapping

from flask import Response, request

FRESH_SECONDS = 3600


def publish(told: Mapping[str, object], media_type: str = "application/json") -> Response:
    """JSON that any page may read."""
    response = Response(json.dumps(told, indent=2, ensure_ascii=False) + "\n", content_type=media_type)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"  # a school's developer may read it from a page
    response.add_etag()
    response.make_conditional(request)
    return response
