"""`leadgen endpoint`: where schools receive."""

import json

import click

from leadgen.config import read_settings
from leadgen.core import create_core, db
from leadgen.directory.endpoints import export_example_secrets, rotate_secret, seal_missing_secrets
from leadgen.vault import Vault


@click.group()
def endpoint() -> None:
    """Where schools receive."""


@endpoint.command()
@click.option("--example", is_flag=True, required=True, help="Of the invented schools, which only the sandbox plays.")
def secrets(example: bool) -> None:
    """Print the webhook secrets of ``.example`` hosts as JSON, for the sandbox: host to a list of secrets.

    Secrets that are still missing are made first. Those of real schools are never printed.
    """
    settings = read_settings()
    vault = Vault.from_settings(settings)
    with create_core(settings).app_context():
        seal_missing_secrets(db.session, vault)
        db.session.commit()
        found = export_example_secrets(db.session, vault) if example else {}
    print(json.dumps({host: [secret] for host, secret in found.items()}, indent=2))


@endpoint.command("rotate-secret")
@click.argument("school")
@click.option("--at-once", is_flag=True, help="The old secret stops signing now, not at the next rotation.")
def rotate(school: str, at_once: bool) -> None:
    """Make a new webhook secret for SCHOOL (its id) and print it once, to be handed over on a safe way."""
    settings = read_settings()
    with create_core(settings).app_context():
        secret = rotate_secret(db.session, Vault.from_settings(settings), school, "cli", at_once=at_once)
        if secret is None:
            raise click.ClickException(f"There is no school {school} with a webhook.")
        db.session.commit()
    print(secret)
