"""A lost password: a letter with a link that is good once, and that says nothing about who has an account."""

from datetime import timedelta

from sqlalchemy.orm import Session

from leadgen.accounts.sign_ins import name_user, tell
from leadgen.accounts.users import change_password, find_user
from leadgen.clock import now
from leadgen.letters.kinds import PASSWORD_RESET
from leadgen.letters.write import cancel_user_letters, write_user_letter
from leadgen.links import end_links, find_link, make_link, use_link
from leadgen.models import LinkPurpose, User

GOOD_FOR = timedelta(hours=1)


def send_reset(session: Session, secret: str, email: str) -> None:
    """Write to the user with this address, if there is one who may sign in."""
    user = find_user(session, email)
    if user is None or not user.active:
        return
    take_back_reset(session, user)
    at = now(session)
    letter_id = write_user_letter(session, PASSWORD_RESET, user.id, at)
    make_link(session, secret, LinkPurpose.password, letter_id, GOOD_FOR, user.id)
    tell(session, user.id, "user.reset_asked", "stranger")


def take_back_reset(session: Session, user: User) -> None:
    """Let every link that the user was sent open nothing, and send none that waits."""
    at = now(session)
    end_links(session, LinkPurpose.password, user.id, at)
    cancel_user_letters(session, PASSWORD_RESET, user.id, at)


def check_reset(session: Session, token: str) -> None:
    """Look whether the link still holds. Changes nothing. Raises LinkError where it does not."""
    find_link(session, LinkPurpose.password, token)


def reset_password(session: Session, token: str, password: str) -> User:
    """Use the link up and set the password, which ends every sign-in; a second step is asked for as before. Raises
    LinkError where the link does not hold, AccountError where the password will not do."""
    link = find_link(session, LinkPurpose.password, token)
    user = session.get_one(User, link.user_id)
    use_link(session, link)
    change_password(session, user, password, name_user(user.id))
    return user
