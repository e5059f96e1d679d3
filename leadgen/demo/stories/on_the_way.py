"""Deliveries and letters in each of their states: on their way, held, uncertain, failed."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import select

from leadgen.delivery.carriers.contract import CarrierError
from leadgen.delivery.endpoints import pause_endpoint
from leadgen.delivery.resolve import redeliver, resend_letter, resolve_not_received, resolve_received
from leadgen.delivery.set_aside import set_aside
from leadgen.demo import away
from leadgen.demo.shelf import Goods
from leadgen.demo.stories import Tell
from leadgen.demo.stories.outcomes import (
    BAD_CERTIFICATE,
    BAD_GATEWAY,
    BUSY,
    FULL_BOX,
    NO_SUCH_USER,
    NO_WORD,
    REFUSED,
    SILENT,
    UNKNOWN_PROGRAM,
)
from leadgen.demo.story import STAFF, Outcome, Story
from leadgen.demo.teller import Teller, Wish
from leadgen.journey.release import release_choice
from leadgen.models import EndpointKind, Letter
from leadgen.review.reasons import Reason

LONG_LEASE = timedelta(hours=8)
TOO_OLD_DAYS = 31
TRIES_OVER_MINUTES = (0, 0.3, 1.3, 6.5, 19)


def _send(teller: Teller, candidates: list[Goods], wish: Wish | None = None) -> Iterator[Story]:
    story = teller.send(candidates, wish)
    if story:
        story.confirm()
        yield story


def _of_kind(teller: Teller, kind: EndpointKind) -> list[Goods]:
    return teller.shelf.pick(teller.dice, lambda goods: goods.kind is kind)


def _tried(kind: EndpointKind, outcome: Outcome, hours: float) -> Callable[[Teller], Iterator[Story]]:
    """A delivery that was tried once, with this outcome, so many hours ago."""

    def tell(teller: Teller) -> Iterator[Story]:
        for story in _send(teller, _of_kind(teller, kind)):
            story.carry(outcome)
            story.wait(hours=hours)
            yield story

    return tell


def _letter(outcome: CarrierError, hours: float, *, is_sent_again: bool = False) -> Callable[[Teller], Iterator[Story]]:
    """A confirmation that did not arrive."""

    def tell(teller: Teller) -> Iterator[Story]:
        story = teller.send(teller.shelf.pick(teller.dice))
        if story:
            story.carry_all()
            story.confirm(outcome)
            story.wait(hours=hours)
            if is_sent_again:
                letter = story.session.scalars(select(Letter).where(Letter.inquiry_id == story.inquiry_id)).one()
                resend_letter(story.session, letter, STAFF, "asked_again")
                story.confirm()
                story.wait(hours=hours)
            yield story

    return tell


def _received(teller: Teller) -> Iterator[Story]:
    for story in _tried(EndpointKind.webhook, SILENT, 1)(teller):
        resolve_received(story.session, story.find_delivery(), STAFF, "school_said")
        story.wait(hours=30)
        yield story


def _not_received(teller: Teller) -> Iterator[Story]:
    for story in _tried(EndpointKind.webhook, BAD_GATEWAY, 0.8)(teller):
        resolve_not_received(story.session, story.find_delivery(), STAFF, "seen_there")
        story.carry()
        story.wait(hours=50)
        yield story


def _redelivered(teller: Teller) -> Iterator[Story]:
    for story in _tried(EndpointKind.webhook, UNKNOWN_PROGRAM, 3)(teller):
        redeliver(story.session, story.find_delivery(), STAFF, "school_mended")
        story.carry()
        story.wait(hours=75)
        yield story


def _set_aside(teller: Teller) -> Iterator[Story]:
    for story in _tried(EndpointKind.email, FULL_BOX, 20)(teller):
        set_aside(story.session, story.find_delivery(), STAFF, "told_otherwise")
        story.wait(hours=10)
        yield story


def _fresh(teller: Teller) -> Iterator[Story]:
    """Nobody has carried it yet."""
    story = teller.send(teller.shelf.pick(teller.dice), Wish(others=1))
    if story:
        yield story


def _claimed(teller: Teller) -> Iterator[Story]:
    for story in _send(teller, _of_kind(teller, EndpointKind.email)):
        story.claim(LONG_LEASE)
        yield story


def _sending(teller: Teller) -> Iterator[Story]:
    for story in _send(teller, _of_kind(teller, EndpointKind.webhook)):
        story.start(LONG_LEASE)
        yield story


def _paused(teller: Teller) -> Iterator[Story]:
    """The first is too old by now; the others wait for somebody to resume the endpoint."""
    goods = teller.shelf.of_school(away.PAUSED)
    for days in (TOO_OLD_DAYS, 2, 0.1):
        for story in _send(teller, goods):
            endpoint = away.find_endpoint(story.session, story.school_id)
            if days == TOO_OLD_DAYS:
                pause_endpoint(story.session, endpoint, STAFF)
                away.note_away(story.session, story.school_id)
            story.carry()
            story.wait(days=days)
            if days == TOO_OLD_DAYS:
                story.carry()
                story.confirm()
                story.wait(hours=4)
            yield story


def _broken(teller: Teller) -> Iterator[Story]:
    """The first finds out, the second has to wait."""
    goods = teller.shelf.of_school(away.BROKEN)
    for hours in (6, 0.3):
        for story in _send(teller, goods):
            story.carry(BAD_CERTIFICATE)
            if hours > 1:
                away.note_away(story.session, story.school_id)
            story.wait(hours=hours)
            yield story


def _resting(teller: Teller) -> Iterator[Story]:
    """Three deliveries that are refused until the circuit opens."""
    stories = [story for _ in range(3) for story in _send(teller, teller.shelf.of_school(away.RESTING))]
    for minutes in TRIES_OVER_MINUTES:
        for story in stories:
            story.wait(minutes=minutes)
            story.carry(REFUSED)
    if stories:
        away.rest_long(teller.session, away.RESTING)
        away.note_away(teller.session, away.RESTING)
    for story in stories:
        story.wait(minutes=70)
        story.carry()
        yield story


def _capped(teller: Teller) -> Iterator[Story]:
    """The school's one place this month is taken, and staff release another lead to it."""
    goods = teller.shelf.of_school(away.CAPPED)
    held = teller.send(goods, Wish(is_hurried=True))
    taken = teller.send(goods) if held else None
    if held and taken:
        taken.confirm()
        taken.carry_all()
        yield taken
        held.confirm()
        held.wait(minutes=3)
        release_choice(held.session, held.vault, held.choice, STAFF, Reason("checked"))
        held.carry()
        yield held


STORIES: tuple[Tell, ...] = (
    *(_tried(EndpointKind.webhook, SILENT, hours) for hours in (0.07, 0.15, 0.7, 26)),
    *(_tried(EndpointKind.webhook, BAD_GATEWAY, hours) for hours in (0.2, 5)),
    _letter(NO_WORD, 2),
    _received,
    _not_received,
    _tried(EndpointKind.webhook, UNKNOWN_PROGRAM, 0.3),
    _tried(EndpointKind.email, FULL_BOX, 0.75),
    _tried(EndpointKind.email, FULL_BOX, 4),
    *(_tried(EndpointKind.webhook, UNKNOWN_PROGRAM, hours) for hours in (9, 52)),
    _letter(NO_SUCH_USER, 0.4),
    _letter(NO_SUCH_USER, 21),
    _letter(FULL_BOX, 12, is_sent_again=True),
    _redelivered,
    _set_aside,
    *(_tried(EndpointKind.webhook, BUSY, hours) for hours in (0.1, 1.2)),
    _fresh,
    _claimed,
    _sending,
    _paused,
    _broken,
    _resting,
    _capped,
)
