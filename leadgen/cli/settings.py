"""`leadgen settings`: the list of settings, and fresh keys."""

from pathlib import Path

import click

from leadgen.cli.settings_text import replace_table, write_env, write_page, write_table
from leadgen.config import ROOT
from leadgen.local.keys import make_keys


@click.group(invoke_without_command=True)
@click.option("--markdown", "form", flag_value="markdown", default=True, help="Print a Markdown table (the default).")
@click.option("--env", "form", flag_value="env", help="Print an .env file.")
@click.option("--write", is_flag=True, help="Bring .env.example, docs/configuration.md and the README into step.")
@click.option("--root", type=click.Path(file_okay=False, path_type=Path), default=ROOT, help="With --write: where.")
@click.pass_context
def settings(context: click.Context, form: str, write: bool, root: Path) -> None:
    """Every setting with its default and meaning."""
    if context.invoked_subcommand:
        return
    if write:
        _write_files(root)
    else:
        print(write_env() if form == "env" else write_table(), end="")


@settings.command()
@click.option("--id", "key_id", default="k1", show_default=True, help="Names the encryption key: letters and digits.")
def keys(key_id: str) -> None:
    """Print fresh keys as lines for an .env file. Keep them: without them, stored contacts stay sealed."""
    if not (key_id.isalnum() and key_id.isascii()):
        raise click.ClickException("The id of a key is made of letters and digits.")
    for name, value in make_keys(key_id).items():
        print(f"{name}={value}")


def _write_files(root: Path) -> None:
    readme = root / "README.md"
    texts = {root / ".env.example": write_env(), root / "docs/configuration.md": write_page()}
    if readme.exists():
        texts[readme] = replace_table(readme.read_text(encoding="utf-8"))
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
