"""`leadgen check` at a terminal."""

from pathlib import Path

from click.testing import CliRunner

from leadgen.cli import main


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    environment = {"LEADGEN_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"}
    checked = CliRunner().invoke(main, ["check"], env=environment)
    assert checked.exit_code == 1
    assert "leadgen db upgrade" in checked.stderr
