"""`leadgen user`: who may sign in."""

import json
import sys

import click
from sqlalchemy.exc import IntegrityError

from leadgen.accounts.errors import AccountError
from leadgen.accounts.passwords import make_password
from leadgen.accounts.people import forget_second_factor
from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user, change_password, find_user, list_users
from leadgen.app import create_app
from leadgen.extensions import db
from leadgen.models import User

ACTOR = "cli"
# the first user of a school runs its side
ROLES = {**{str(role): role for role in RoleName}, "school": RoleName.owner}


@click.group()
def user() -> None:
    """Who may sign in: staff and people at schools."""


@user.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
@click.option("--school", help="The id of the school that the user belongs to; for the roles of a school only.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, not from a random source.")
@click.option("--json", "as_machine", is_flag=True, help="Print JSON.")
def add(email: str, role: str, school: str | None, password_stdin: bool, as_machine: bool) -> None:
    """Make a user with the address EMAIL. Without a password given, a random one is made and printed once."""
    password = _read_password(password_stdin)
    with create_app().app_context():
        try:
            made = add_user(db.session, email, password, ROLES[role], school, ACTOR)
            db.session.commit()
        except AccountError as error:
            raise click.ClickException(str(error)) from None
        except IntegrityError:
            raise click.ClickException("There is a user with this e-mail address already.") from None
        _print_user(made, None if password_stdin else password, as_machine)


@user.command("list")
@click.option("--json", "as_machine", is_flag=True, help="Print JSON.")
def list_(as_machine: bool) -> None:
    """All users with their roles and schools."""
    with create_app().app_context():
        described = [_describe(each) for each in list_users(db.session)]
    if as_machine:
        click.echo(json.dumps(described, indent=2))
        return
    for each in described:
        off = "" if each["active"] else ", switched off"
        click.echo(f"{each['email']}  {each['role']}{' of ' + str(each['school']) if each['school'] else ''}{off}")


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, not from a random source.")
def password(email: str, password_stdin: bool) -> None:
    """Set a new password for EMAIL, and sign the user out everywhere."""
    new = _read_password(password_stdin)
    with create_app().app_context():
        found = find_user(db.session, email)
        if found is None:
            raise click.ClickException(f"There is no user {email}.")
        try:
            change_password(db.session, found, new, ACTOR)
        except AccountError as error:
            raise click.ClickException(str(error)) from None
        db.session.commit()
    click.echo(f"The password of {email} is changed." if password_stdin else f"The new password of {email}: {new}")


@user.command("forget-second-step")
@click.argument("email")
def forget_second_step(email: str) -> None:
    """For EMAIL, whose phone, passkeys and recovery codes are lost: ask for the password alone until a new second step
    is set up. Make sure by voice that it is really the person who asks."""
    with create_app().app_context():
        found = find_user(db.session, email)
        if found is None:
            raise click.ClickException(f"There is no user {email}.")
        try:
            forget_second_factor(db.session, found, ACTOR)
        except AccountError as error:
            raise click.ClickException(str(error)) from None
        db.session.commit()
    click.echo(f"The second step of {email} is removed, and every sign-in is ended.")


def _read_password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else make_password()


def _describe(user: User) -> dict[str, object]:
    return {
        "email": user.email,
        "role": ", ".join(role.name for role in user.roles),
        "school": user.school_id,
        "active": user.active,
        "created_at": user.created_at.isoformat(timespec="seconds"),
    }


def _print_user(user: User, password: str | None, as_machine: bool) -> None:
    if as_machine:
        click.echo(json.dumps(_describe(user) | ({"password": password} if password else {}), indent=2))
        return
    click.echo(f"Made {user.email}.")
    if password:
        click.echo(f"Password (shown this once): {password}")
