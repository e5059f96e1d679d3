"""Settings: typed, frozen, read once from ``LEADGEN_*`` variables or from files named by ``LEADGEN_*_FILE``.

Everything that is wrong is named at once, so that one restart mends all of it.
"""

import os
from base64 import b64decode
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "LEADGEN_"
PRODUCTION_MIN_FORM_SECONDS = 3
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
DATABASE_HINT = "give sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
MIN_SECRET_CHARACTERS = 32
SQLITE_WORKER_THREADS, POSTGRESQL_WORKER_THREADS = 4, 16

ROOT = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """One or more settings are missing, malformed or unsafe. The message lists all of them."""


class Mode(StrEnum):
    production = "production"
    local = "local"


class Review(StrEnum):
    """What staff see before a school does: what screening flags, everything, or nothing."""

    flagged = "flagged"
    all = "all"
    none = "none"


class Settings(BaseModel):
    """Every setting of the product. The table in the README is made from this class."""

    model_config = ConfigDict(frozen=True)

    mode: Mode = Field(Mode.production, description="`production`, or `local` as set by `leadgen up`")
    # addresses hold passwords, so they are left out where settings are shown
    database_url: str = Field(
        validate_default=True,
        repr=False,
        default="sqlite:///var/leadgen.sqlite3",
        description="SQLAlchemy URL: `sqlite:///…` or `postgresql+psycopg://…`",
    )
    broker_url: str = Field(
        "redis://127.0.0.1:6379/0", repr=False, description="Redis or Valkey that carries Celery's messages"
    )
    data_dir: Path = Field(Path("var"), description="Folder for the local database, keys and sockets")
    base_url: str = Field("http://127.0.0.1:8000", description="Public address of the site, used in every link we mail")
    secret_key: SecretStr = Field(SecretStr(""), description="Signs sessions, CSRF tokens and request-page links")
    encryption_keys: SecretStr = Field(
        SecretStr(""),
        description="Comma-separated `id:base64` of 32-byte keys that seal personal data; the first seals new rows",
    )
    index_key: SecretStr = Field(
        SecretStr(""), description="Base64 of 32 bytes: keys the blind indexes of e-mail and phone. Never changes"
    )
    smtp_url: str = Field(
        "", repr=False, description="`smtp://user:password@host:587?starttls=1`, or `smtps://…`, for every mail we send"
    )
    mail_from: str = Field("", description="Sender of our mails, for example `First Step <inquiries@example.org>`")
    bounce_address: str = Field(
        "",
        description="Return path of our mails, such as `bounces@example.org`; a signed key follows after a `+`. "
        "Empty: the sender's address, without a key",
    )
    bounce_mailbox: str = Field(
        "",
        repr=False,
        description="Mailbox for bounces alone, where what was read is deleted: `maildir:///FOLDER`, "
        "`imaps://user:password@host/FOLDER` or `pop3s://user:password@host`",
    )
    bounce_secret: SecretStr = Field(
        SecretStr(""), description="Bearer token that `/hooks/bounces` asks for; without one the page does not exist"
    )
    site_name: str = Field("First Step", description="Name of the site, as prospects read it")
    operator_name: str = Field("", description="Who runs the site: the legal name printed in every footer and letter")
    operator_contact: str = Field("", description="E-mail or postal address where prospects reach the operator")
    letter_button_days: int = Field(
        60, ge=1, le=365, description="How long the buttons in a lead's letter to a school work, from its release"
    )
    review: Review = Field(
        Review.flagged, description="`flagged` holds what screening flags, `all` everything, `none` nothing"
    )
    min_form_seconds: int = Field(8, ge=0, description="An inquiry finished faster than this is held for review")
    keep_drafts_hours: int = Field(
        24, ge=1, description="Answers that are not sent are deleted this many hours after they were last used"
    )
    keep_saved_days: int = Field(
        30, ge=1, description="They are kept this many days where the way back to them was sent by letter"
    )
    keep_inquiries_months: int = Field(
        24, ge=1, description="Personal data of an inquiry is erased this many months after it came"
    )
    keep_evidence_years: float = Field(
        5, ge=0, description="After an erasure the proof of consent (keyed e-mail and phone) is held this many years"
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="How many proxies in front set `X-Forwarded-*`")
    rate_limits: bool = Field(True, description="Limit requests per address on the pages that write")
    web_workers: int = Field(2, ge=1, description="Web processes")
    web_threads: int = Field(0, ge=0, description="Threads per web process; 0 picks 1 on SQLite and 4 on PostgreSQL")
    worker_threads: int = Field(
        0, ge=0, description="Deliveries one worker carries at once; 0 picks 4 on SQLite and 16 on PostgreSQL"
    )
    sweep_seconds: float = Field(2.0, gt=0, description="Pause between two looks of the sweeper")
    lease_seconds: float = Field(
        0, ge=0, description="Lease of a claimed delivery; 0 picks 30 for webhooks and 120 for mail"
    )
    sandbox_http: str = Field(
        "", description="`host:port` that answers for every `*.example` web address. Refused in production"
    )
    allowed_private_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description="Private networks that a webhook may reach, comma-separated. Refused in production"
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token that `/metrics` asks for; without one the page does not exist"
    )
    crash_at: str = Field(
        "", description="Fault tests: name of the point where the process kills or stops itself. Refused in production"
    )

    @field_validator("allowed_private_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url")
    @classmethod
    def _make_absolute(cls, value: str) -> str:
        try:
            parts = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError(DATABASE_HINT) from None
        if parts.drivername not in DATABASES or not (parts.database or parts.drivername == "sqlite"):
            raise ValueError(DATABASE_HINT)
        # relative to where the command is run, whoever opens it
        path = value.removeprefix("sqlite:///")
        return f"sqlite:///{Path(path).absolute()}" if path not in (value, "", ":memory:") else value

    @field_validator("base_url")
    @classmethod
    def _trim_base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("give an absolute address such as https://schools.example.org")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> "Settings":
        if self.mode is Mode.production and (faults := list(_unsafe_in_production(self))):
            raise ValueError("; ".join(faults))
        return self

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def threads_of_worker(self) -> int:
        """Deliveries that one worker carries at once."""
        return self.worker_threads or (SQLITE_WORKER_THREADS if self.is_sqlite else POSTGRESQL_WORKER_THREADS)

    def parse_encryption_keys(self) -> dict[str, bytes]:
        """Key id to 32 raw bytes, newest first. Raises ConfigurationError where one is malformed."""
        pairs = [
            part.strip().split(":", 1) for part in self.encryption_keys.get_secret_value().split(",") if part.strip()
        ]
        try:
            keys = {name: b64decode(encoded, validate=True) for name, encoded in pairs}
        except ValueError as error:
            raise ConfigurationError("LEADGEN_ENCRYPTION_KEYS: each key is id:base64") from error
        if not keys or any(len(key) != 32 or not name.isalnum() for name, key in keys.items()):
            raise ConfigurationError("LEADGEN_ENCRYPTION_KEYS: give at least one id:base64 of 32 bytes")
        return keys

    def parse_index_key(self) -> bytes:
        """The 32 raw bytes that key the blind indexes. Raises ConfigurationError where malformed."""
        try:
            key = b64decode(self.index_key.get_secret_value(), validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ConfigurationError("LEADGEN_INDEX_KEY: give the base64 of 32 bytes")
        return key


def _unsafe_in_production(settings: Settings) -> list[str]:
    faults = []
    if len(settings.secret_key.get_secret_value()) < MIN_SECRET_CHARACTERS:
        faults.append(f"LEADGEN_SECRET_KEY: give at least {MIN_SECRET_CHARACTERS} random characters")
    for parse in (settings.parse_encryption_keys, settings.parse_index_key):
        try:
            parse()
        except ConfigurationError as error:
            faults.append(str(error))
    if not settings.base_url.startswith("https://"):
        faults.append("LEADGEN_BASE_URL: must start with https:// in production")
    for name in ("smtp_url", "mail_from", "operator_name", "operator_contact"):
        if not getattr(settings, name):
            faults.append(f"{PREFIX}{name.upper()}: is required in production")
    if settings.min_form_seconds < PRODUCTION_MIN_FORM_SECONDS:
        faults.append(f"LEADGEN_MIN_FORM_SECONDS: at least {PRODUCTION_MIN_FORM_SECONDS} in production")
    for name in ("sandbox_http", "allowed_private_networks", "crash_at"):
        if getattr(settings, name):
            faults.append(f"{PREFIX}{name.upper()}: is for local use and tests only")
    return faults


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment (or from the mapping given).

    Raises ConfigurationError naming every variable that is wrong.
    """
    environ = os.environ if environ is None else environ
    try:
        return Settings.model_validate(_collect(environ))
    except ValidationError as error:
        raise ConfigurationError("\n".join(_describe(item) for item in error.errors())) from None


def read_database_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings for commands that touch no personal data (`db`, `directory`, `match`): no secrets needed."""
    environ = dict(os.environ if environ is None else environ)
    environ[f"{PREFIX}MODE"] = Mode.local
    return read_settings(environ)


def _collect(environ: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if file := environ.get(f"{variable}_FILE"):
            try:
                values[name] = Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigurationError(f"{variable}_FILE: cannot read {file}: {error.strerror}") from None
        elif variable in environ:
            values[name] = environ[variable]
    return values


def _describe(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    if not item["loc"]:
        return "\n".join(message.split("; "))
    return f"{PREFIX}{str(item['loc'][0]).upper()}: {message}"
