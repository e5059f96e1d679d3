"""`leadgen key`: with what a school's own system asks us."""

import json

import click

from leadgen.accounts.api_keys import RevokeReason, add_key, find_by_prefix, list_keys, revoke_key
from leadgen.accounts.errors import AccountError
from leadgen.cli.operator import name_operator
from leadgen.config import read_database_settings
from leadgen.core import create_core, db
from leadgen.models import ApiKey, School

of_school = click.option("--school", required=True, help="The id of the school.")
as_machine = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def key() -> None:
    """Keys with which a school's own system asks for its feed."""


@key.command()
@of_school
@click.option("--name", required=True, help="The system that will use it, such as “Admissions CRM”.")
@as_machine
def add(school: str, name: str, as_json: bool) -> None:
    """Make a key and print it once, to be handed over on a safe way."""
    with create_core(read_database_settings()).app_context():
        try:
            made, secret = add_key(db.session, school, name, name_operator())
            db.session.commit()
        except AccountError as error:
            raise click.ClickException(str(error)) from None
        told = _describe(made) | {"key": secret}
    click.echo(json.dumps(told, indent=2) if as_json else f"Key (shown this once): {secret}")


@key.command("list")
@of_school
@as_machine
def list_(school: str, as_json: bool) -> None:
    """List a school's keys by their beginning; the keys themselves are stored nowhere."""
    with create_core(read_database_settings()).app_context():
        if db.session.get(School, school) is None:
            raise click.ClickException(f"There is no school {school!r} in the directory.")
        rows = [_describe(each) for each in list_keys(db.session, school)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        standing = f"revoked {row['revoked_at']}" if row["revoked_at"] else f"last used {row['used_at'] or 'never'}"
        click.echo(f"{row['prefix']}  {standing}  {row['name']}")


@key.command()
@click.argument("prefix")
@of_school
@click.option("--reason", type=click.Choice(list(RevokeReason)), required=True, help="Why.")
def revoke(prefix: str, school: str, reason: str) -> None:
    """Let the key that begins with PREFIX (like lgk_1f3a5b7c) open nothing any more."""
    with create_core(read_database_settings()).app_context():
        found = find_by_prefix(db.session, school, prefix)
        if found is None:
            raise click.ClickException(f"The school {school} has no key {prefix}. `leadgen key list` shows its keys.")
        try:
            revoke_key(db.session, found, RevokeReason(reason), name_operator())
            db.session.commit()
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"The key {prefix} is revoked.")


def _describe(found: ApiKey) -> dict[str, str | None]:
    moments = {"made_at": found.made_at, "used_at": found.used_at, "revoked_at": found.revoked_at}
    told = {name: at.isoformat(timespec="seconds") if at else None for name, at in moments.items()}
    return {"school": found.school_id, "name": found.name, "prefix": found.prefix, "made_by": found.made_by} | told
