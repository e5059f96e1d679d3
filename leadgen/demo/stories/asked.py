"""What staff do beside deciding: ask her for another school, and link who came twice."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select

from leadgen.demo.stories import Tell
from leadgen.demo.stories.ordinary import deliver
from leadgen.demo.story import STAFF, Story
from leadgen.demo.teller import Teller, Wish
from leadgen.intake.asked import AskedVisit
from leadgen.intake.page import ShownPage
from leadgen.journey.ask import ask, say_no, say_yes
from leadgen.models import Answer, Asking, Choice, Link
from leadgen.review.duplicates import link_duplicate
from leadgen.review.reasons import Reason
from leadgen.review.verdicts import ReleaseError

VISIT = AskedVisit("192.0.2.77", ShownPage("<p>Invented for the demo.</p>"))
CLOSER = Reason("other", "The other school starts a month earlier.")
SAME_PERSON = Reason("other", "Wrote that the first one had the wrong street.")


def _asked(answer: Answer | None, hours: float) -> Callable[[Teller], Iterator[Story]]:
    """Staff ask about a school that she did not tick; she answers, or has not yet."""

    def tell(teller: Teller) -> Iterator[Story]:
        for story in deliver(teller):
            story.wait(days=2)
            if school_id := _ask_for_another(teller, story):
                story.confirm()
                story.wait(hours=5)
                _answer(story, school_id, answer)
            story.wait(hours=hours)
            yield story

    return tell


def _ask_for_another(teller: Teller, story: Story) -> str | None:
    """Ask about the first school that may be asked about: those that she saw come first."""
    seen = select(Choice.school_id).where(Choice.inquiry_id == story.inquiry_id).order_by(Choice.rank)
    schools: dict[str, None] = dict.fromkeys([*story.session.scalars(seen), *sorted(teller.shelf.ordinary)])
    secret = teller.settings.secret_key.get_secret_value()
    for school_id in schools:
        if school_id in teller.shelf.ordinary:
            with suppress(ReleaseError):
                ask(story.session, story.vault, secret, story.inquiry, school_id, STAFF, CLOSER)
                return school_id
    return None


def _answer(story: Story, school_id: str, answer: Answer | None) -> None:
    mine = (Asking.inquiry_id == story.inquiry_id, Asking.school_id == school_id)
    asking = story.session.scalars(select(Asking).where(*mine)).one()
    link = story.session.get_one(Link, asking.link_id)
    if answer is Answer.yes:
        say_yes(story.session, story.vault, asking, link, VISIT)
        story.carry_all()
    elif answer is Answer.no:
        say_no(story.session, asking, link)


def _twice(teller: Teller) -> Iterator[Story]:
    """The same person at another school a week later: staff link the second to the first."""
    person = teller.people.meet()
    stories = [*deliver(teller, Wish(person)), *deliver(teller, Wish(replace(person)))]
    if len(stories) > 1:
        first, second = stories
        first.wait(days=7)
        link_duplicate(second.session, second.vault, second.inquiry, first.inquiry, STAFF, SAME_PERSON)
        for story in stories:
            story.wait(hours=9)
            yield story


STORIES: tuple[Tell, ...] = (
    _asked(None, 20),
    _asked(Answer.yes, 26),
    _asked(Answer.no, 40),
    _twice,
)
