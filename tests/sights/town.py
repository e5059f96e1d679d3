"""The installation that pages are seen in: the sample directory, and a demo so that nothing is empty by chance."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, abort
from flask_limiter import Limit, RateLimitExceeded
from flask_limiter.util import get_remote_address
from sqlalchemy import select, update
from sqlalchemy.exc import TimeoutError

from leadgen.app import create_app
from leadgen.config import ROOT
from leadgen.demo.seed import seed_demo
from leadgen.directory.sync import import_directory
from leadgen.extensions import current_settings, db
from leadgen.models import Inquiry, School
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.own_door import LINKS
from tests.conftest import make_settings
from tests.web.workplace import database

NEAR, FIRST, ONLINE = "quillwater-community-college", "larkspur-career-institute", "harebell-online-college"
ERRORS = (400, 403, 405, 410, 413, 429, 500)


def build_town(template: Path, folder: Path) -> Path:
    """A database with the sample directory and the demo, as a copy of a migrated one."""
    path = folder / "leadgen.sqlite3"
    shutil.copy(template, path)
    app = create_app(make_settings(f"sqlite:///{path}", data_dir=str(folder)))
    with database(app) as session:
        import_directory(session, "schools.csv", (ROOT / "schools.csv").read_bytes(), open_vault())
        session.commit()
        for _ in seed_demo(session, open_vault(), current_settings()):
            session.commit()
        # as it is where nothing is invented: no page says that it shows demo data
        session.execute(update(Inquiry).values(demo=False))
        session.commit()
        db.engine.dispose()
    return path


def open_town(town: Path, folder: Path) -> Flask:
    """An app on a copy of the town, where some addresses fail in each way there is."""
    shutil.copy(town, folder / "leadgen.sqlite3")
    app = create_app(make_settings(f"sqlite:///{folder}/leadgen.sqlite3", data_dir=str(folder)))
    app.config["WTF_CSRF_ENABLED"] = False
    for status in ERRORS:
        _add_failing(app, f"/fail/{status}", partial(abort, status))
    _add_failing(app, "/fail/busy", _be_busy)
    _add_failing(app, "/fail/by-the-hour", _come_too_often)
    return app


def set_caps(app: Flask, cap: int | None, *schools: str) -> None:
    """Let these schools take so many a day."""
    with database(app) as session:
        for school in session.scalars(select(School).where(School.id.in_(schools))):
            school.daily_cap = cap
        session.commit()


def _add_failing(app: Flask, path: str, fail: Callable[[], Any]) -> None:
    app.add_url_rule(path, path.strip("/"), audience(Audience.everybody)(fail), methods=["GET", "POST"])


def _be_busy() -> None:
    raise TimeoutError


def _come_too_often() -> None:
    raise RateLimitExceeded(next(iter(Limit(LINKS, key_function=get_remote_address))))
