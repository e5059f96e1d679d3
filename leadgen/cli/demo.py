"""`leadgen demo`: invented inquiries, to see a desk at work."""

import click

from leadgen.app import create_app
from leadgen.demo.clear import clear_demo
from leadgen.demo.seed import DemoError, seed_demo
from leadgen.extensions import current_settings, db
from leadgen.vault import open_vault


@click.group()
def demo() -> None:
    """Invented inquiries in every state, marked as demo. Never in production."""


@demo.command()
def seed() -> None:
    """Make the demo: the same stories each time, told up to this hour."""
    with create_app().app_context():
        count = 0
        try:
            for told in seed_demo(db.session, open_vault(), current_settings()):
                db.session.commit()
                count += told
        except DemoError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"Made {count} demo inquiries. `leadgen demo clear` takes them away.")


@demo.command()
def clear() -> None:
    """Take the demo away, and nothing else."""
    with create_app().app_context():
        count = clear_demo(db.session)
        db.session.commit()
    click.echo(f"Took away {count} demo inquiries." if count else "There is no demo here.")
