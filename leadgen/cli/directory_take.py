"""`leadgen directory take-inquiries`: a listed school that agrees to receive."""

import click

from leadgen.cli.directory_database import open_directory, open_keys
from leadgen.cli.operator import name_operator
from leadgen.directory.by_hand import EditError, NotThereError
from leadgen.directory.endpoints import seal_missing_secrets
from leadgen.directory.listed import take_inquiries
from leadgen.models import EndpointKind


@click.command("take-inquiries")
@click.argument("school_id")
@click.option("--delivery", type=click.Choice([*EndpointKind]), required=True, help="How it receives.")
@click.option("--deliver-to", default="", help="Where: an e-mail address, or an https address. None for the portal.")
@click.option("--contact-email", help="A mail box for notices.")
def take(school_id: str, delivery: str, deliver_to: str, contact_email: str | None) -> None:
    """Let a listed school take inquiries. It keeps its facts, and the next federal files update them."""
    with open_directory() as (session, settings):
        try:
            kind = EndpointKind(delivery)
            written = take_inquiries(session, school_id, kind, deliver_to, contact_email, name_operator())
        except (EditError, NotThereError) as error:
            raise click.ClickException(str(error)) from None
        if vault := open_keys(settings):
            seal_missing_secrets(session, vault)
        session.commit()
        number = written.version.id if written.version else None
    click.echo(f"{school_id} takes inquiries now. This is version {number} of the directory.")
