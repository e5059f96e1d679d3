"""Tell every story, each in a transaction of its own, so that nobody waits long for the turn to write."""

from collections.abc import Iterator
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.config import Mode, Settings
from leadgen.demo import away
from leadgen.demo.shelf import fill_shelf
from leadgen.demo.stories import Tell, asked, on_the_way, ordinary, review, taken_back
from leadgen.demo.teller import Teller
from leadgen.models import Inquiry
from leadgen.vault import Vault

SEED = 20_270_304
FEWEST_SCHOOLS = 3
STORIES: tuple[Tell, ...] = (
    *on_the_way.STORIES,
    *review.STORIES,
    *taken_back.STORIES,
    *asked.STORIES,
    *taken_back.CHANGED,
    *ordinary.STORIES,
)


class DemoError(Exception):
    """No demo here. The message says why, in one line."""


def seed_demo(session: Session, vault: Vault, settings: Settings) -> Iterator[int]:
    """Tell the stories; gives, after each, how many inquiries it made, and the caller commits. Raises DemoError."""
    refuse_production(settings)
    if count_demo(session):
        raise DemoError("The demo is there already. `leadgen demo clear` takes it away.")
    shelf = fill_shelf(session, away.KEPT)
    if len(shelf.ordinary) < FEWEST_SCHOOLS:
        raise DemoError("The demo needs at least three schools whose addresses are all under .example.")
    failures = away.read_failures(session)
    teller = Teller(session, vault, settings, shelf, Random(SEED))  # noqa: S311 - the same stories each time
    for tell in STORIES:
        stories = list(tell(teller))
        for story in stories:
            story.end()
        away.forget_failures(session, failures)
        yield len(stories)


def count_demo(session: Session) -> int:
    """How many demo inquiries there are."""
    return session.scalar(select(func.count()).select_from(Inquiry).where(Inquiry.demo)) or 0


def refuse_production(settings: Settings) -> None:
    """Raises DemoError where real people may send inquiries."""
    if settings.mode is Mode.production:
        raise DemoError("No demo in production: LEADGEN_MODE is production, where only real inquiries belong.")
