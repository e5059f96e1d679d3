"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

from leadgen.intake.page import Sheet
from leadgen.web.language import find_mount
from leadgen.web.sheet import read_sheet

KEPT_SECONDS = 31_536_000
FINGERPRINT_LENGTH = 12


def register(app: Flask) -> None:
    """Add `?v=` to every static address, and the long life to every answer that was asked for by one.

    The files do not change while the process runs: each is looked up once. Templates get `find_asset`."""
    app.url_defaults(_add_fingerprint)
    app.after_request(_keep_long)
    app.add_template_global(find_asset)
    app.add_template_global(find_sheet)


def find_asset(endpoint: str, filename: str) -> str:
    """The address of a static file that every page names: one for all languages, so that a browser keeps one."""
    return _write_address(find_mount(), endpoint, filename=filename)


@lru_cache(maxsize=256)
def _write_address(mount: str, endpoint: str, **values: Any) -> str:
    return mount + url_for(endpoint, **values).removeprefix(request.root_path)


def find_sheet() -> str:
    """The address of the style sheet of every page."""
    return _write_address(find_mount(), "sheet.static")


@cache
def list_sheets() -> tuple[Sheet, ...]:
    """The style sheets of every page, in the order in which `base.html` names them."""
    return (Sheet.of(read_sheet()),)


@cache
def find_fingerprint(path: Path) -> str:
    """The start of the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:FINGERPRINT_LENGTH]


def _add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
    if version := _find_version(endpoint, values.get("filename", "")):
        values.setdefault("v", version)


def _find_version(endpoint: str, filename: str) -> str | None:
    """The fingerprint of what stands at a static address now; None where nothing does, or the address is another."""
    if endpoint == "sheet.static":
        return list_sheets()[0].sha256[:FINGERPRINT_LENGTH]
    path = _find_file(endpoint, filename) if endpoint.endswith("static") else None
    return find_fingerprint(path) if path else None


def _find_file(endpoint: str, filename: str) -> Path | None:
    blueprint, _, _ = endpoint.rpartition(".")
    folder = (current_app.blueprints[blueprint] if blueprint else current_app).static_folder
    found = safe_join(folder, filename) if folder else None
    return Path(found) if found and Path(found).is_file() else None


def _keep_long(response: Response) -> Response:
    asked = request.args.get("v")
    # a process of another release asks by another: what we have must not be kept under its name
    if (
        asked
        and response.status_code < 400
        and asked == _find_version(request.endpoint or "", (request.view_args or {}).get("filename", ""))
    ):
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
    return response
