"""The settings told to people: a Markdown table and an `.env` file, both made from the one model."""

import textwrap
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from leadgen.config import PREFIX, ConfigurationError, Settings, read_settings

START, END = "<!-- settings -->", "<!-- /settings -->"
WIDTH = 110

_ENV_HEAD = """\
# Every setting, made from leadgen/config.py by `leadgen settings --write`. Copy this file to .env and fill in
# what stands without a #: production does not start without it. A line with a # shows the default.
# Each LEADGEN_X may also be given as LEADGEN_X_FILE, the path of a file that holds the value.
# `leadgen settings keys` prints fresh keys to put here.
"""

_ENV_COMPOSE = """
# For docker-compose.yml alone: the password of its PostgreSQL (letters, digits, - and _ only), and where the
# site listens on the host, for the proxy in front.
POSTGRES_PASSWORD=
# WEB_ADDRESS=127.0.0.1:8000
"""


def write_table() -> str:
    """The settings as a Markdown table, in the order of the model."""
    rows = [_write_row(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(["| Variable | Default | What it does |", "|---|---|---|", *rows]) + "\n"


def write_env() -> str:
    """The settings as an `.env` file: what production needs stands empty, the rest is commented out."""
    return "\n".join([_ENV_HEAD, *map(_write_variable, Settings.model_fields)]) + _ENV_COMPOSE


def write_page() -> str:
    """The page `docs/configuration.md`."""
    return (
        "# Configuration\n\n"
        "Settings are environment variables, read once when a process starts. If any are wrong, it says so for all\n"
        "of them at once and does not start. Each variable may instead be given as a file: `LEADGEN_X_FILE` names a\n"
        'file that holds the value of `LEADGEN_X`. "Required" means required in production; `leadgen up` fills\n'
        "those in for local use. `leadgen settings keys` prints fresh keys.\n\n"
        f"{START}\n{write_table()}{END}\n\n"
        "This page, `.env.example` and the table in the README are made by `leadgen settings --write`.\n"
    )


def replace_table(text: str) -> str:
    """``text`` with the table between the two markers made anew. Without the markers it stays as it is."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    return f"{before}{START}\n{write_table()}{END}{after}" if start and end else text


@cache
def find_required() -> frozenset[str]:
    """The variables without which production refuses to start."""
    try:
        read_settings({})
    except ConfigurationError as error:
        return frozenset(line.partition(":")[0] for line in str(error).splitlines())
    return frozenset()


def _write_row(name: str, field: FieldInfo) -> str:
    variable, value = PREFIX + name.upper(), _spell(field.default)
    default = "**required**" if variable in find_required() else f"`{value}`" if value else ""
    return f"| `{variable}` | {default} | {(field.description or '').replace('|', '&#124;')} |"


def _write_variable(name: str) -> str:
    field, variable = Settings.model_fields[name], PREFIX + name.upper()
    words = textwrap.fill(
        (field.description or "").replace("`", ""), WIDTH, initial_indent="# ", subsequent_indent="# "
    )
    line = f"{variable}=" if variable in find_required() else f"# {variable}={_spell(field.default)}"
    return f"{words}\n{line}\n"


def _spell(value: Any) -> str:
    """A value as it is written in a variable."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case bool():
            return str(value).lower()
        case StrEnum():
            return value.value
        case float():
            return f"{value:g}"
        case tuple():
            return ",".join(map(str, value))
    return str(value)
