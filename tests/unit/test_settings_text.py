"""The lists of settings that people read say what the model says."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from leadgen.cli.settings import settings
from leadgen.cli.settings_text import END, START, find_required, replace_table, write_env, write_page, write_table
from leadgen.config import PREFIX, ROOT, Settings, read_settings

MEND = "bring it into step with: leadgen settings --write"
SAFE = {
    "LEADGEN_BASE_URL": "https://schools.example.org",
    "LEADGEN_SMTP_URL": "smtps://relay.example:465",
    "LEADGEN_MAIL_FROM": "First Step <inquiries@firststep.example>",
    "LEADGEN_OPERATOR_NAME": "First Step Example Co.",
    "LEADGEN_OPERATOR_CONTACT": "help@firststep.example",
}


def read_lines(text: str) -> dict[str, str]:
    """The variables of an `.env` file."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_env_file_is_in_step() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == write_env(), MEND


def test_the_configuration_page_is_in_step() -> None:
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == write_page(), MEND


def test_the_table_in_the_readme_is_in_step() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text == replace_table(text), MEND


def test_every_setting_has_a_description_and_stands_in_both() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"| `{PREFIX}{name.upper()}` |" in write_table()
        assert f"{PREFIX}{name.upper()}=" in write_env()


def test_the_env_file_with_its_gaps_filled_runs_production() -> None:
    keys = read_lines(CliRunner().invoke(settings, ["keys"]).output)
    given = read_lines(write_env()) | keys | SAFE
    assert {name for name in given if name.startswith(PREFIX)} == find_required()
    assert read_settings(given).base_url == "https://schools.example.org"


def test_the_defaults_shown_are_values_that_the_settings_read() -> None:
    shown = {
        name.removeprefix("# "): value
        for name, sign, value in (line.partition("=") for line in write_env().splitlines())
        if sign and name.startswith(f"# {PREFIX}")
    }
    defaults = read_settings({"LEADGEN_MODE": "local"})
    assert len(shown) == len(Settings.model_fields) - len(find_required())
    assert read_settings(shown | {"LEADGEN_MODE": "local"}) == defaults


def test_keys_are_fresh_each_time_and_carry_the_name_asked_for() -> None:
    first, second = (read_lines(CliRunner().invoke(settings, ["keys", "--id", "k2"]).output) for _ in range(2))
    assert not set(first.values()) & set(second.values())
    assert first["LEADGEN_ENCRYPTION_KEYS"].startswith("k2:")


@pytest.mark.parametrize("name", ["k:2", "k,2", "", "schlüssel"])
def test_a_key_name_that_cannot_be_read_back_is_refused(name: str) -> None:
    assert CliRunner().invoke(settings, ["keys", "--id", name]).exit_code == 1


def test_writing_changes_the_block_between_the_markers_and_nothing_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# leadgen\n\n{START}\nold\n{END}\n\nMore.\n", encoding="utf-8")
    assert CliRunner().invoke(settings, ["--write", "--root", str(tmp_path)]).exit_code == 0
    assert readme.read_text(encoding="utf-8") == f"# leadgen\n\n{START}\n{write_table()}{END}\n\nMore.\n"
    assert (tmp_path / ".env.example").read_text(encoding="utf-8") == write_env()
    assert (tmp_path / "docs/configuration.md").read_text(encoding="utf-8") == write_page()


@pytest.mark.parametrize("text", ["", "no markers\n", f"{START} and no end\n", f"{END} before {START}\n"])
def test_a_text_without_both_markers_stays_as_it_is(text: str) -> None:
    assert replace_table(text) == text
