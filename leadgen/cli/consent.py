"""`leadgen consent`: the proof of a consent as a file."""

from pathlib import Path

import click
from sqlalchemy import select

from leadgen.app import create_app
from leadgen.cli.operator import name_operator
from leadgen.extensions import db
from leadgen.journey.prove import prove_for_staff
from leadgen.models import Lead
from leadgen.review.reasons import PROOF_REASONS
from leadgen.vault import open_vault


@click.group()
def consent() -> None:
    """Consents: what she read, agreed to, and when."""


@consent.command()
@click.argument("lead")
@click.option("--reason", type=click.Choice(list(PROOF_REASONS)), required=True, help="Why, for the history.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="The file; consent-LEAD.zip by itself.")
def proof(lead: str, reason: str, to: Path | None) -> None:
    """Write a ZIP that proves the consent to a LEAD (its reference): the page as shown, the words, hashes, times, and a
    verifier that needs nothing but Python. It holds personal data; the history says that it was taken."""
    place = to or Path(f"consent-{lead}.zip")
    if place.exists():
        raise click.ClickException(f"{place} is there already. Name another file with --to.")
    with create_app().app_context():
        found = db.session.scalars(select(Lead).where(Lead.reference == lead)).one_or_none()
        if found is None:
            raise click.ClickException(f"There is no lead {lead}. A reference looks like LD-7K2M-94QD.")
        packed = prove_for_staff(db.session, open_vault(), found, name_operator(), reason)
        _write(place, packed)
        db.session.commit()
    print(f"Wrote {place}. Check it with: python3 verify.py, after unpacking.")


def _write(place: Path, packed: bytes) -> None:
    try:
        place.touch(0o600, exist_ok=False)
        place.write_bytes(packed)
    except OSError as error:
        raise click.ClickException(f"{place} cannot be written: {error.strerror}.") from None
