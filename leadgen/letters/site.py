"""Where a letter leads: our own address, in the language of whoever reads it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.links import make_link_token
from leadgen.models import Letter, Link, LinkPurpose

ENGLISH, SPANISH = "en", "es"
LANGUAGES = (ENGLISH, SPANISH)
# the token follows
LINK_PATHS = {
    LinkPurpose.invitation: "/invitation/",
    LinkPurpose.password: "/password/",
    LinkPurpose.asking: "/asking/",
}


def find_site(language: str) -> str:
    """Where the pages in a language begin."""
    base = current_settings().base_url
    return base if language == ENGLISH else f"{base}/{language}"


def find_link_url(session: Session, letter: Letter, language: str) -> str:
    """The whole address that goes with a letter; empty where it has none."""
    link = session.scalars(select(Link).where(Link.letter_id == letter.id)).one_or_none()
    return "" if link is None else find_site(language) + LINK_PATHS[link.purpose] + _make_token(link)


def find_link_token(session: Session, letter: Letter) -> str:
    """The token that goes with a letter whose link leads to a page of the inquiry's own."""
    return _make_token(session.scalars(select(Link).where(Link.letter_id == letter.id)).one())


def _make_token(link: Link) -> str:
    return make_link_token(current_settings().secret_key.get_secret_value(), link.purpose, link.salt)
