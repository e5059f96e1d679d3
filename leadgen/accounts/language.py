"""The language in which we write to a user: that of the page on which the user first came, until another is chosen on
the account's page. The language of a page is no part of it: that stands in the page's address."""

from sqlalchemy.orm import Session

from leadgen.accounts.errors import AccountError
from leadgen.accounts.sign_ins import name_user, tell
from leadgen.letters.site import LANGUAGES
from leadgen.marks import say
from leadgen.models import User


def note_language(user: User, language: str) -> None:
    """Keep the language of the page on which a user signs in, where none is known yet."""
    if user.language is None:
        user.language = language


def choose_language(session: Session, user: User, language: str) -> None:
    """From now on letters to this user are in that language, those that wait too. Raises AccountError where it is
    none of ours, or is so already."""
    if language not in LANGUAGES:
        raise AccountError(say("Choose one of the languages. Nothing was changed."))
    if language == user.language:
        raise AccountError(say("Letters to you are in this language already. Nothing was changed."))
    user.language = language
    session.flush()
    tell(session, user.id, "user.language_chosen", name_user(user.id), language=language)
