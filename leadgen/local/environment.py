"""The environment of the children. What the person set herself wins."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadgen.config import PREFIX
from leadgen.local.preflight import HOST

# for a person's shell: the settings with which commands reach the running installation
COMMANDS_FILE = "local.env"


@dataclass(frozen=True)
class Ports:
    """Where the web and the sandbox listen on this machine."""

    web: int
    sandbox_http: int
    sandbox_smtp: int

    @property
    def site(self) -> str:
        return f"http://{HOST}:{self.web}"

    @property
    def sandbox(self) -> str:
        return f"http://{HOST}:{self.sandbox_http}"


def compose(
    own: Mapping[str, str], keys: Mapping[str, str], data_dir: Path, ports: Ports, broker: str
) -> dict[str, str]:
    """``own`` is the person's environment; everything that she did not set is filled in."""
    defaults = {
        "LEADGEN_MODE": "local",
        "LEADGEN_DATABASE_URL": f"sqlite:///{data_dir / 'leadgen.sqlite3'}",
        "LEADGEN_BROKER_URL": broker,
        "LEADGEN_SMTP_URL": f"smtp://{HOST}:{ports.sandbox_smtp}",
        "LEADGEN_SANDBOX_HTTP": f"{HOST}:{ports.sandbox_http}",
        "LEADGEN_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8",
        "LEADGEN_BASE_URL": ports.site,
        "LEADGEN_MAIL_FROM": "First Step <inquiries@firststep.example>",
        "LEADGEN_OPERATOR_NAME": "Local Sample Co.",
        "LEADGEN_OPERATOR_CONTACT": "help@firststep.example",
        **keys,
    }
    unset = {name: value for name, value in defaults.items() if not is_set(own, name)}
    return {**own, **unset, f"{PREFIX}DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}


def spell(environment: Mapping[str, str]) -> str:
    """Our settings among ``environment`` as lines for a shell to read."""
    ours = sorted(name for name in environment if name.startswith(PREFIX))
    return "".join(f"export {name}={shlex.quote(environment[name])}\n" for name in ours)


def is_set(own: Mapping[str, str], name: str) -> bool:
    """Whether the person gave this setting, as a variable or as a file."""
    return name in own or f"{name}_FILE" in own
