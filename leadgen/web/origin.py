"""A form on a page without a cookie has no token. It is known to be ours by the headers that browsers add."""

from urllib.parse import urlsplit

from flask import Request, abort

# "none" is what a browser says of a post that no page started
OWN_SITES = frozenset({"same-origin", "none"})


def refuse_foreign_post(request: Request, base_url: str) -> None:
    """Answer 403 to a post that another site's page made.

    A client that sends neither header is no browser with cookies to abuse, and passes."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in OWN_SITES:
        abort(403)
    if origin is not None and origin not in {_find_origin(base_url), _find_origin(request.host_url)}:
        abort(403)


def _find_origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
