"""What screening holds, for each of its reasons, and what staff made of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from leadgen.demo.stories import Tell
from leadgen.demo.story import STAFF, Story
from leadgen.demo.teller import Teller, Wish
from leadgen.intake.answers import Person
from leadgen.journey.release import decline_choice, hold_choice, release_choice
from leadgen.review.notes import add_note
from leadgen.review.reasons import Reason

# ten digits and a letter less: no number that anybody has
SHORT_NUMBER = "+1312555010"
MASHED_ADDRESS = "qwerty@mail.example"
NOT_ASKED_FOR = Reason("not_genuine", "The person called: somebody else filled in the form.")
SURE = Reason("confirmed", "Called back, the details are right.")
MISTAKEN = Reason("by_mistake")


def held(wish: Wish, hours: float) -> Callable[[Teller], Iterator[Story]]:
    """An inquiry that screening holds, so many hours ago."""

    def tell(teller: Teller) -> Iterator[Story]:
        story = teller.send(teller.shelf.pick(teller.dice), wish)
        if story:
            story.confirm()
            story.wait(hours=hours)
            yield story

    return tell


def _implausible(hours: float, **changes: Any) -> Callable[[Teller], Iterator[Story]]:
    return lambda teller: held(Wish(replace(teller.people.meet(), **changes)), hours)(teller)


def _twice(hours: float, *same: str) -> Callable[[Teller], Iterator[Story]]:
    """The same person, or the same number, at the same school within a few weeks."""

    def tell(teller: Teller) -> Iterator[Story]:
        first = teller.people.meet()
        story = teller.send(teller.shelf.pick(teller.dice), Wish(first))
        if story:
            story.carry_all()
            story.confirm()
            story.wait(days=9)
            yield story
            person = replace(teller.people.meet(), **{name: getattr(first, name) for name in same})
            yield from _again(teller, story.school_id, person, hours)

    return tell


def _again(teller: Teller, school_id: str, person: Person, hours: float) -> Iterator[Story]:
    story = teller.send(teller.shelf.of_school(school_id), Wish(person))
    if story:
        story.confirm()
        story.wait(hours=hours)
        yield story


def _with_note(tell: Tell, body: str) -> Tell:
    """The last inquiry of a story gets a note."""

    def tell_more(teller: Teller) -> Iterator[Story]:
        stories = list(tell(teller))
        for story in stories[-1:]:
            add_note(story.session, story.vault, story.inquiry, STAFF, body)
            story.wait(minutes=2)
        yield from stories

    return tell_more


def _released(teller: Teller) -> Iterator[Story]:
    for story in held(Wish(is_hurried=True), teller.dice.uniform(1, 5))(teller):
        release_choice(story.session, story.vault, story.choice, STAFF, SURE)
        story.carry_all()
        story.wait(days=teller.dice.uniform(1, 6))
        yield story


def _declined(teller: Teller) -> Iterator[Story]:
    for story in held(Wish(trap="http://spam.example"), teller.dice.uniform(1, 5))(teller):
        decline_choice(story.session, story.vault, story.choice, STAFF, NOT_ASKED_FOR)
        story.wait(days=teller.dice.uniform(1, 6))
        yield story


def _held_again(teller: Teller) -> Iterator[Story]:
    for story in _declined(teller):
        hold_choice(story.session, story.vault, story.choice, STAFF, MISTAKEN)
        story.wait(hours=2)
        yield story


STORIES: tuple[Tell, ...] = (
    *(_twice(hours, "name", "email", "phone", "phone_typed") for hours in (0.1, 7, 30)),
    *(_twice(hours, "phone", "phone_typed") for hours in (1.5, 20)),
    *(_implausible(hours, email=MASHED_ADDRESS) for hours in (0.5, 26)),
    *(_implausible(hours, phone=SHORT_NUMBER, phone_typed=SHORT_NUMBER) for hours in (3, 50)),
    *(held(Wish(trap="http://spam.example"), hours) for hours in (0.7, 11)),
    _with_note(held(Wish(is_hurried=True), 4), "Called at noon, nobody there. I try again tomorrow morning."),
    _with_note(held(Wish(is_reviewed=True), 29), "Asked for evening classes on the phone; the school has some."),
    _with_note(_released, "Speaks Spanish too. The school should know."),
    *(held(Wish(is_hurried=True, others=1), hours) for hours in (0.2, 5, 70)),
    *(held(Wish(is_reviewed=True, others=2), hours) for hours in (0.4, 9, 44)),
    *([_released] * 4),
    *([_declined] * 3),
    _held_again,
)
