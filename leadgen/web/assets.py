"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

KEPT_SECONDS = 31_536_000
FINGERPRINT_LENGTH = 12


def register(app: Flask) -> None:
    """Add `?v=` to every static address, and the long life to every answer that was asked for by one.

    The files do not change while the process runs: each is looked up once. Templates get `find_asset`."""
    app.url_defaults(_add_fingerprint)
    app.after_request(_keep_long)
    app.add_template_global(find_asset)


def find_asset(endpoint: str, filename: str) -> str:
    """The address of a static file that every page names."""
    return _write_address(request.root_path, endpoint, filename)


@lru_cache(maxsize=256)
def _write_address(_root: str, endpoint: str, filename: str) -> str:
    return url_for(endpoint, filename=filename)


@cache
def find_fingerprint(path: Path) -> str:
    """The start of the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:FINGERPRINT_LENGTH]


def _add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
    if not endpoint.endswith("static") or "filename" not in values:
        return
    if path := _find_file(endpoint, values["filename"]):
        values.setdefault("v", find_fingerprint(path))


def _find_file(endpoint: str, filename: str) -> Path | None:
    blueprint, _, _ = endpoint.rpartition(".")
    folder = (current_app.blueprints[blueprint] if blueprint else current_app).static_folder
    found = safe_join(folder, filename) if folder else None
    return Path(found) if found and Path(found).is_file() else None


def _keep_long(response: Response) -> Response:
    if request.endpoint and request.endpoint.endswith("static") and "v" in request.args and response.status_code < 400:
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
    return response
