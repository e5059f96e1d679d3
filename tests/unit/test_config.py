"""Settings: typed, loud, and safe by default."""

from pathlib import Path

import pytest

from leadgen.config import ConfigurationError, Mode, read_settings
from leadgen.local.keys import make_keys
from tests.conftest import TEST_ENVIRONMENT

SAFE = {
    "LEADGEN_BASE_URL": "https://schools.example.org/",
    "LEADGEN_SMTP_URL": "smtps://relay.example:465",
    "LEADGEN_MAIL_FROM": "First Step <inquiries@firststep.example>",
    "LEADGEN_OPERATOR_NAME": "First Step Example Co.",
    "LEADGEN_OPERATOR_CONTACT": "help@firststep.example",
    **make_keys(),
}
UNSAFE = {
    "LEADGEN_SECRET_KEY": "short",
    "LEADGEN_ENCRYPTION_KEYS": "k1:c2hvcnQ=",
    "LEADGEN_INDEX_KEY": "not base64",
    "LEADGEN_BASE_URL": "http://schools.example.org",
    "LEADGEN_SMTP_URL": "",
    "LEADGEN_MAIL_FROM": "",
    "LEADGEN_OPERATOR_NAME": "",
    "LEADGEN_OPERATOR_CONTACT": "",
    "LEADGEN_MIN_FORM_SECONDS": "2",
    "LEADGEN_SANDBOX_HTTP": "127.0.0.1:9000",
    "LEADGEN_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8",
    "LEADGEN_CRASH_AT": "sending",
}


def name_faults(environ: dict[str, str]) -> set[str]:
    """The variables that are named as wrong."""
    with pytest.raises(ConfigurationError) as raised:
        read_settings(environ)
    return {line.partition(":")[0] for line in str(raised.value).splitlines()}


def test_production_is_the_default_and_starts_with_safe_settings() -> None:
    settings = read_settings(SAFE)
    assert settings.mode is Mode.production
    assert settings.base_url == "https://schools.example.org"


def test_production_names_every_unsafe_setting_at_once() -> None:
    assert name_faults(UNSAFE) == set(UNSAFE)


@pytest.mark.parametrize("variable", UNSAFE)
def test_each_unsafe_setting_alone_stops_production(variable: str) -> None:
    assert name_faults(SAFE | {variable: UNSAFE[variable]}) == {variable}


def test_production_needs_every_secret() -> None:
    assert name_faults({}) == set(SAFE)


def test_every_value_of_the_wrong_type_is_named_at_once() -> None:
    wrong = {"LEADGEN_WEB_WORKERS": "none", "LEADGEN_TRUSTED_PROXIES": "-1", "LEADGEN_BASE_URL": "schools"}
    assert name_faults(SAFE | wrong) == set(wrong)


def test_a_message_never_repeats_a_secret() -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_settings(SAFE | {"LEADGEN_SECRET_KEY": "hunter2", "LEADGEN_INDEX_KEY": "hunter3", "LEADGEN_MODE": "fast"})
    assert "hunter" not in str(raised.value)


def test_settings_shown_in_full_keep_their_secrets() -> None:
    addresses = {
        "LEADGEN_DATABASE_URL": "postgresql+psycopg://leadgen:hunter2@db/leadgen",
        "LEADGEN_BROKER_URL": "redis://:hunter2@redis/0",
        "LEADGEN_SMTP_URL": "smtps://leadgen:hunter2@relay.example:465",
    }
    shown = repr(read_settings(SAFE | addresses))
    assert not [value for name, value in SAFE.items() if name in make_keys() and value in shown]
    assert "hunter" not in shown


def test_a_file_gives_a_setting(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret out of a file, long enough to pass\n", encoding="utf-8")
    given = {name: value for name, value in SAFE.items() if name != "LEADGEN_SECRET_KEY"}
    settings = read_settings(given | {"LEADGEN_SECRET_KEY_FILE": str(file)})
    assert settings.secret_key.get_secret_value() == "a secret out of a file, long enough to pass"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="LEADGEN_SECRET_KEY_FILE: cannot read"):
        read_settings(SAFE | {"LEADGEN_SECRET_KEY_FILE": str(tmp_path / "nowhere")})


def test_local_mode_needs_no_more_than_its_keys() -> None:
    assert read_settings(TEST_ENVIRONMENT).mode is Mode.local


def test_keys_are_read_newest_first() -> None:
    first, second = (make_keys(name)["LEADGEN_ENCRYPTION_KEYS"] for name in ("k2", "k1"))
    keys = read_settings(SAFE | {"LEADGEN_ENCRYPTION_KEYS": f"{first}, {second}"}).parse_encryption_keys()
    assert list(keys) == ["k2", "k1"]


@pytest.mark.parametrize(
    "url", ["leadgen.sqlite3", "mysql://leadgen@db/leadgen", "postgresql://leadgen@db", "postgresql://db:port/leadgen"]
)
def test_an_address_that_is_no_database_of_ours_is_named_with_what_would_be(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"LEADGEN_DATABASE_URL: give sqlite:///FILE or postgresql\+psycopg"):
        read_settings(SAFE | {"LEADGEN_DATABASE_URL": url})
