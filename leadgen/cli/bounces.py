"""`leadgen bounces`: letters that came back."""

import json

import click

from leadgen.app import create_app
from leadgen.delivery.bounces.servers import MailboxError
from leadgen.delivery.bounces.turn import Outcome
from leadgen.extensions import current_settings
from leadgen.tasks.bounces import read_bounces

WORDS = {
    Outcome.failed: "bounced: their deliveries failed",
    Outcome.recorded: "only written down",
    Outcome.known: "known already",
    Outcome.passed_on: "say that the letter arrived",
    Outcome.not_ours: "about no letter of ours",
    Outcome.unreadable: "not readable",
}


@click.group()
def bounces() -> None:
    """Letters that came back."""


@bounces.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def read(as_json: bool) -> None:
    """Read the mailbox of LEADGEN_BOUNCE_MAILBOX once, as the sweeper does every minute, and delete what was read."""
    with create_app().app_context():
        if not current_settings().bounce_mailbox:
            raise click.ClickException("LEADGEN_BOUNCE_MAILBOX is not set, so there is nothing to read.")
        try:
            counted = read_bounces()
        except MailboxError as error:
            raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps({outcome.value: counted[outcome] for outcome in Outcome}))
        return
    for outcome, words in WORDS.items():
        click.echo(f"{counted[outcome]:>6}  {words}")
