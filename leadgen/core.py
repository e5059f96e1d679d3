"""The database, its migrations and the settings: what a command needs that opens no door to anybody."""

from inspect import iscoroutinefunction
from typing import cast

from flask import Flask, current_app
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy

from leadgen import crash
from leadgen.config import ROOT, Settings
from leadgen.database import prepare_engine
from leadgen.logs import configure_logs
from leadgen.models import Base

db = SQLAlchemy()
alembic = Alembic(metadatas=Base.metadata, command_name="")


def create_core(settings: Settings) -> Flask:
    """An app with a database and nothing else. It needs no secrets."""
    app = Flask("leadgen", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "leadgen/web/static"))
    app.config.update(
        SQLALCHEMY_ENGINES={"default": _engine_options(settings)},
        ALEMBIC={"script_location": str(ROOT / "leadgen/migrations"), "version_locations": []},
        ALEMBIC_CONTEXT={"render_as_batch": True, "compare_type": True},
    )
    app.extensions["leadgen.settings"] = settings
    configure_logs()
    crash.arm(settings.crash_at)
    db.init_app(app)
    _close_only_what_is_opened(app)
    alembic.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    return app


def current_settings() -> Settings:
    """The settings of the running app."""
    return cast(Settings, current_app.extensions["leadgen.settings"])


def _close_only_what_is_opened(app: Flask) -> None:
    """We open no async sessions. To close them all the same, Flask starts a thread and an event loop per request."""
    closers = app.teardown_appcontext_funcs
    closers[:] = [close for close in closers if not iscoroutinefunction(close)]


def _engine_options(settings: Settings) -> dict[str, object]:
    # values are left out of error messages, which may be printed or logged
    options = {"url": settings.database_url, "hide_parameters": True}
    if settings.is_sqlite:
        return options
    # the connection used last is used next: few are busy, and those have their statements prepared
    return options | {
        "pool_size": 20,
        "max_overflow": 10,
        "pool_use_lifo": True,
        "pool_pre_ping": True,
        "pool_timeout": 5,
    }
