"""What goes well: delivered within seconds, and what the schools say of it in the weeks after."""

from collections.abc import Callable, Iterator

from leadgen.demo.says import say
from leadgen.demo.stories import Tell
from leadgen.demo.story import SCHOOL, Story
from leadgen.demo.teller import Teller, Wish
from leadgen.dispositions.report import accept_lead
from leadgen.models import Disposition

MOST_DAYS = 24
LATER = (
    Disposition.contacted,
    Disposition.appointment,
    Disposition.enrolled,
    Disposition.not_interested,
    Disposition.unreachable,
)


def deliver(teller: Teller, wish: Wish | None = None) -> Iterator[Story]:
    """An ordinary inquiry, delivered and confirmed a moment ago."""
    story = teller.send(teller.shelf.pick(teller.dice), wish)
    if story:
        story.carry_all()
        story.confirm()
        yield story


def _delivered(teller: Teller) -> Iterator[Story]:
    for story in deliver(teller, Wish(others=teller.dice.choice((0, 0, 1, 2)))):
        story.wait(hours=teller.dice.uniform(0.2, 60))
        yield story


def _accepted(teller: Teller) -> Iterator[Story]:
    for story in deliver(teller, Wish(others=teller.dice.choice((0, 1)))):
        story.wait(hours=teller.dice.uniform(0.5, 20))
        accept_lead(story.session, story.lead, SCHOOL)
        story.wait(days=teller.dice.uniform(0.1, MOST_DAYS))
        yield story


def _later(disposition: Disposition) -> Callable[[Teller], Iterator[Story]]:
    def tell(teller: Teller) -> Iterator[Story]:
        for story in _accepted(teller):
            if disposition is not Disposition.contacted:
                say(story.session, story.lead, Disposition.contacted)
                story.wait(days=teller.dice.uniform(0.2, 4))
            say(story.session, story.lead, disposition)
            story.wait(hours=teller.dice.uniform(1, 60))
            yield story

    return tell


STORIES: tuple[Tell, ...] = (
    *([_delivered] * 8),
    *([_accepted] * 5),
    *(_later(disposition) for disposition in LATER for _ in range(3)),
)
