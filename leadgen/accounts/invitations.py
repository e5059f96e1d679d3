"""Invitations: a user who cannot sign in until the link in a letter was used to choose a password, once."""

from datetime import timedelta
from uuid import uuid4

from flask_security import hash_password
from sqlalchemy.orm import Session

from leadgen.accounts.errors import AccountError
from leadgen.accounts.passwords import check_password, make_password
from leadgen.accounts.roles import RoleName
from leadgen.accounts.sign_ins import name_user, tell
from leadgen.accounts.users import find_user, make_user, read_email
from leadgen.clock import now
from leadgen.letters.kinds import INVITATION
from leadgen.letters.write import cancel_user_letters, tell_invited_elsewhere, write_user_letter
from leadgen.links import end_links, find_link, make_link, use_link
from leadgen.marks import say
from leadgen.models import LinkPurpose, User

GOOD_FOR = timedelta(days=7)
LONGEST_NAME = 80


def invite(
    session: Session,
    secret: str,
    email: str,
    role: RoleName,
    school_id: str | None,
    actor: str,
    language: str | None = None,
) -> User:
    """A user who may come, and the letter that says so in ``language``. Raises AccountError as `make_user` does."""
    user = make_user(session, email, make_password(), role, school_id)
    user.active, user.invited_by, user.language = False, actor, language
    session.flush()
    tell(session, user.id, "user.invited", actor, role=role, school=school_id)
    _write(session, secret, user)
    return user


def invite_colleague(
    session: Session,
    secret: str,
    email: str,
    role: RoleName,
    school_id: str,
    actor: str,
    language: str | None = None,
) -> None:
    """Invite to a school, for one of the school: an address that has an account elsewhere is answered like any other,
    and a letter tells its owner. Raises AccountError as `make_user` does."""
    known = find_user(session, read_email(email))
    if known is None or known.school_id == school_id:
        invite(session, secret, email, role, school_id, actor, language)
        return
    hash_password(make_password())  # so that the answer takes as long
    tell(session, known.id, "user.invited_elsewhere", actor, school=school_id)
    tell_invited_elsewhere(session, known.id, school_id, now(session))


def invite_again(session: Session, secret: str, user: User, actor: str) -> None:
    """A new letter with a new link; the old ones open nothing any more. Raises AccountError where the user came."""
    if user.active or has_come(user):
        raise AccountError(say("This user has an account already. Nothing was sent."))
    take_back(session, user)
    tell(session, user.id, "user.invited_again", actor)
    _write(session, secret, user)


def take_back(session: Session, user: User) -> None:
    """Let every link that the user was sent open nothing, and send none that waits."""
    end_links(session, LinkPurpose.invitation, user.id, now(session))
    cancel_user_letters(session, INVITATION, user.id, now(session))


def find_invited(session: Session, token: str) -> User:
    """Who is invited by this link. Changes nothing. Raises LinkError where it does not hold."""
    return session.get_one(User, find_link(session, LinkPurpose.invitation, token).user_id)


def accept_invitation(session: Session, token: str, name: str, password: str, language: str | None = None) -> User:
    """Use the link up: from now on the user can sign in, and is written to in the ``language`` of the page. Raises
    LinkError where the link does not hold, AccountError where the name or the password will not do."""
    link = find_link(session, LinkPurpose.invitation, token)
    user = session.get_one(User, link.user_id)
    bare = " ".join(name.split())
    if not bare or len(bare) > LONGEST_NAME:
        raise AccountError(say("Give your name, in at most %(most)s characters.", most=LONGEST_NAME))
    check_password(password, user.email, bare)
    use_link(session, link)
    user.name, user.password, user.fs_uniquifier = bare, hash_password(password), uuid4().hex
    user.active, user.language = True, language or user.language
    session.flush()
    tell(session, user.id, "user.invitation_accepted", name_user(user.id))
    return user


def has_come(user: User) -> bool:
    """Whether a user was not invited, or has used the invitation: only then is there a name."""
    return not user.invited_by or user.name is not None


def _write(session: Session, secret: str, user: User) -> None:
    letter_id = write_user_letter(session, INVITATION, user.id, now(session))
    make_link(session, secret, LinkPurpose.invitation, letter_id, GOOD_FOR, user.id)
