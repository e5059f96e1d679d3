"""Make, list and mend the users who sign in. Roles come into being with their first user."""

from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from leadgen.accounts.errors import AccountError
from leadgen.accounts.passwords import check_password
from leadgen.accounts.roles import SCHOOL_ROLES, RoleName
from leadgen.accounts.sign_ins import EndedWhy, end_sign_ins, tell
from leadgen.clock import now
from leadgen.letters.kinds import Change
from leadgen.letters.write import tell_account_changed
from leadgen.links import end_links
from leadgen.marks import say
from leadgen.models import LinkPurpose, Role, School, User


def add_user(session: Session, email: str, password: str, role: RoleName, school_id: str | None, actor: str) -> User:
    """A new user who can sign in at once. Raises AccountError as `make_user` does."""
    user = make_user(session, email, password, role, school_id)
    tell(session, user.id, "user.added", actor, role=role, school=school_id)
    return user


def make_user(session: Session, email: str, password: str, role: RoleName, school_id: str | None) -> User:
    """The row of a new user. Raises AccountError where the e-mail is taken or malformed, the password too easy to
    guess, the school unknown, or a school named for staff or not named for a school's user."""
    address = read_email(email)
    check_password(password, address)
    _check_school(session, role, school_id)
    if find_user(session, address):
        raise AccountError(say("There is a user %(address)s already.", address=address))
    user = User(
        email=address,
        password=hash_password(password),
        active=True,
        fs_uniquifier=uuid4().hex,
        school_id=school_id,
        created_at=now(session),
        roles=[find_or_make_role(session, role)],
    )
    session.add(user)
    session.flush()
    return user


def change_password(session: Session, user: User, password: str, actor: str) -> None:
    """Set a new password, end every sign-in of the user, and say so by letter. Raises AccountError where the
    password is too easy to guess."""
    check_password(password, user.email, user.name or "")
    user.password, user.fs_uniquifier = hash_password(password), uuid4().hex
    session.flush()
    end_sign_ins(session, user.id, EndedWhy.password, actor)
    end_links(session, LinkPurpose.password, user.id, now(session))
    tell(session, user.id, "user.password_changed", actor)
    tell_account_changed(session, user.id, Change.password, now(session))


def find_user(session: Session, email: str) -> User | None:
    """The user with this e-mail address, in whatever letter case."""
    return session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).one_or_none()


def find_unchanged(session: Session, user_id: int, mark: str) -> User | None:
    """The user whose password was proved while ``fs_uniquifier`` was ``mark``, as of now and locked until the
    transaction ends; None where the password was changed, or the user switched off, since. A change that waits for
    the lock ends the sign-in that begins under it."""
    still = (User.id == user_id, User.fs_uniquifier == mark, User.active.is_(True))
    query = select(User).where(*still).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def list_users(session: Session) -> list[User]:
    """All users with their roles, by e-mail."""
    return list(session.scalars(select(User).options(selectinload(User.roles)).order_by(User.email)))


def read_email(email: str) -> str:
    """An address as it is stored. Raises AccountError where it is none."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise AccountError(say("%(address)s is not an e-mail address.", address=repr(email.strip()))) from None


def _check_school(session: Session, role: RoleName, school_id: str | None) -> None:
    if role not in SCHOOL_ROLES and school_id:
        raise AccountError(say("A user with the role %(role)s belongs to no school: leave the school out.", role=role))
    if role in SCHOOL_ROLES and not school_id:
        raise AccountError(say("A user with the role %(role)s belongs to a school: name the school.", role=role))
    if school_id and session.get(School, school_id) is None:
        raise AccountError(say("There is no school %(school)s in the directory.", school=repr(school_id)))


def find_or_make_role(session: Session, name: RoleName) -> Role:
    """The row of a role."""
    role = session.scalars(select(Role).where(Role.name == name)).one_or_none()
    if role is None:
        role = Role(name=str(name))
        session.add(role)
    return role
