"""`leadgen prospect`: find, export and erase what is held about a person, by the desk's own functions."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy import select

from leadgen.app import create_app
from leadgen.cli.operator import name_operator
from leadgen.extensions import current_settings, db
from leadgen.journey.erase import AFTER_RESTORE, erase_inquiry
from leadgen.journey.suppress import lift_suppression, suppress_person
from leadgen.models import Inquiry
from leadgen.privacy.erase import ErasedAlreadyError
from leadgen.privacy.export import export_inquiry
from leadgen.privacy.tombstones import FILE, find_risen, list_tombstones, read_tombstones
from leadgen.review.reasons import ERASE_REASONS
from leadgen.review.search import find_inquiries, index_contact
from leadgen.vault import ErasedError, open_vault


@click.group()
def prospect() -> None:
    """People who inquired: what we hold about them, and its end."""


@prospect.command()
def find() -> None:
    """Read an e-mail address or a phone number from standard input; print the references of its inquiries.

    Not an argument: what stands in a command line, everybody on the machine may read."""
    wanted = sys.stdin.readline().strip()
    if not wanted:
        raise click.ClickException("Give an e-mail address or a phone number on standard input.")
    with create_app().app_context():
        for inquiry in find_inquiries(db.session, open_vault(), wanted):
            print(f"{inquiry.reference}  {inquiry.received_at:%Y-%m-%d}  {inquiry.program}")


@prospect.command()
@click.argument("reference")
def export(reference: str) -> None:
    """Print all that is held about the person of an inquiry, as JSON."""
    with create_app().app_context():
        try:
            print(json.dumps(export_inquiry(db.session, open_vault(), _require(reference)), indent=2))
        except ErasedError:
            raise click.ClickException(f"The personal data of {reference} was erased.") from None


@prospect.command()
@click.argument("reference")
@click.option("--reason", type=click.Choice(list(ERASE_REASONS)), required=True, help="Why, for the history.")
def erase(reference: str, reason: str) -> None:
    """Withdraw an inquiry everywhere, tell the schools that have it, and destroy what opens its personal data."""
    with create_app().app_context():
        inquiry = _require(reference)
        try:
            done = erase_inquiry(db.session, open_vault(), current_settings(), inquiry, name_operator(), reason)
        except ErasedAlreadyError as error:
            raise click.ClickException(str(error)) from None
        db.session.commit()
    print(f"{reference} is erased. Schools that are told: {done.told}, that staff have to tell: {done.unreachable}.")


@prospect.command()
@click.option("--reason", type=click.Choice(list(ERASE_REASONS)), required=True, help="Why, for the history.")
def suppress(reason: str) -> None:
    """Never contact again: read an e-mail address or a phone number from standard input, withdraw its inquiries
    everywhere, and hold every later one that gives it."""
    with create_app().app_context():
        references = suppress_person(db.session, [_read_index()], name_operator(), reason)
        db.session.commit()
    print(f"Nothing goes there or goes out with it any more. Withdrawn: {', '.join(references) or 'no inquiry'}.")


@prospect.command()
def unsuppress() -> None:
    """The owner may be contacted again: read the e-mail address or phone number from standard input."""
    with create_app().app_context():
        count = lift_suppression(db.session, [_read_index()], name_operator())
        db.session.commit()
    print("It is off the list. What was withdrawn stays so." if count else "It was not on the list.")


@prospect.command()
def tombstones() -> None:
    """List every erasure, one reference and time a line: keep it beside your backups."""
    with create_app().app_context():
        for reference, at in list_tombstones(db.session):
            print(f"{reference} {at.isoformat(timespec='seconds')}")


@prospect.command(name="replay-tombstones")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def replay_tombstones(file: Path | None) -> None:
    """After a restore: erase again whoever is in FILE (by default the one in the data folder) and is back."""
    with create_app().app_context():
        source = file or current_settings().data_dir / FILE
        if not source.exists():
            raise click.ClickException(f"There is no file {source}.")
        risen = find_risen(db.session, read_tombstones(source.read_text(encoding="ascii").splitlines()))
        for inquiry in risen:
            erase_inquiry(db.session, open_vault(), current_settings(), inquiry, name_operator(), AFTER_RESTORE)
            db.session.commit()
        print(f"Erased again: {len(risen)}.")


def _read_index() -> bytes:
    index = index_contact(open_vault(), sys.stdin.readline())
    if index is None:
        raise click.ClickException("Give an e-mail address or a phone number on standard input.")
    return index


def _require(reference: str) -> Inquiry:
    inquiry = db.session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one_or_none()
    if inquiry is None:
        raise click.ClickException(f"There is no inquiry {reference}.")
    return inquiry
