"""Consents withdrawn and ways changed, told and not told; leads that schools gave back."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from leadgen.delivery.by_hand import tell_by_hand
from leadgen.demo import away
from leadgen.demo.stories import Tell
from leadgen.demo.stories.outcomes import BUSY, SILENT
from leadgen.demo.story import SCHOOL, STAFF, Outcome, Story
from leadgen.demo.teller import Teller
from leadgen.dispositions.judge import REASONS_FOR, judge_return
from leadgen.dispositions.report import ReturnReason, return_lead
from leadgen.intake.change import Change, read_person
from leadgen.journey.change import change_inquiry
from leadgen.journey.withdraw import withdraw_for_person, withdraw_inquiry
from leadgen.models import About, DispositionReport, EndpointKind, Judgment
from leadgen.review.reasons import Reason

PROSPECT = "prospect"
NOTES = {
    ReturnReason.wrong_number: "The number is not in service.",
    ReturnReason.not_eligible: "Has no high-school diploma yet.",
    ReturnReason.duplicate: "In our system since last month.",
}


def _sent_to(teller: Teller, kind: EndpointKind | None, *, is_carried: bool = True) -> Iterator[Story]:
    story = teller.send(teller.shelf.pick(teller.dice, lambda goods: kind in (None, goods.kind)))
    if story:
        story.confirm()
        if is_carried:
            story.carry_all()
        yield story


def _sent_to_untold(teller: Teller) -> Iterator[Story]:
    """Sent to the school that takes no notices from us."""
    story = teller.send(teller.shelf.of_school(away.UNTOLD))
    if story:
        story.confirm()
        story.carry_all()
        yield story


def _withdraw(story: Story) -> None:
    withdraw_inquiry(story.session, story.inquiry_id, None, PROSPECT)


def _before_it_left(teller: Teller) -> Iterator[Story]:
    for story in _sent_to(teller, EndpointKind.email, is_carried=False):
        _withdraw(story)
        story.wait(days=3)
        yield story


def _told(outcome: Outcome | None, hours: float) -> Callable[[Teller], Iterator[Story]]:
    """Withdrawn after the school had it, and what became of the notice."""

    def tell(teller: Teller) -> Iterator[Story]:
        for story in _sent_to(teller, EndpointKind.webhook):
            story.wait(hours=14)
            _withdraw(story)
            story.carry(outcome, About.withdrawal)
            story.wait(hours=hours)
            yield story

    return tell


def _withdrawn_for_her(teller: Teller) -> Iterator[Story]:
    for story in _sent_to(teller, EndpointKind.email):
        story.wait(days=2)
        why = Reason("called_us", "Has found a job.")
        withdraw_for_person(story.session, story.vault, story.inquiry, None, STAFF, why)
        story.carry_all()
        story.wait(hours=19)
        yield story


def _untold(hours: float, *, is_told_by_hand: bool) -> Callable[[Teller], Iterator[Story]]:
    """Withdrawn from a school that takes no notices from us."""

    def tell(teller: Teller) -> Iterator[Story]:
        for story in _sent_to_untold(teller):
            story.wait(hours=20)
            _withdraw(story)
            story.wait(hours=hours)
            if is_told_by_hand:
                tell_by_hand(story.session, story.lead, STAFF, "called_school")
                story.wait(hours=hours)
            yield story

    return tell


def _changed_untold(teller: Teller) -> Iterator[Story]:
    """She changed when she may be called, and the school takes no notices from us."""
    for story in _sent_to_untold(teller):
        story.wait(hours=30)
        person = read_person(story.session, story.vault, story.inquiry)
        times = ["weekend"] if person["times"] == ["evening"] else ["evening"]
        change = Change(person["phone"], times, person["language"], {})
        change_inquiry(story.session, story.vault, story.inquiry, change)
        story.wait(hours=3)
        yield story


def _returned(reason: ReturnReason, days: float) -> Callable[[Teller], Iterator[Story]]:
    """A lead that the school gave back, waiting for a judgment."""

    def tell(teller: Teller) -> Iterator[Story]:
        for story in _sent_to(teller, EndpointKind.portal):
            story.wait(days=4)
            return_lead(story.session, story.vault, story.lead, reason, NOTES.get(reason), SCHOOL)
            story.wait(days=days)
            yield story

    return tell


def _judged(judgment: Judgment, reason: ReturnReason) -> Callable[[Teller], Iterator[Story]]:
    def tell(teller: Teller) -> Iterator[Story]:
        for story in _returned(reason, 0.8)(teller):
            mine = DispositionReport.lead_id == story.lead.id
            report = story.session.scalars(select(DispositionReport).where(mine)).one()
            judge_return(story.session, report, judgment, REASONS_FOR[judgment][0], STAFF)
            story.wait(days=3)
            yield story

    return tell


STORIES: tuple[Tell, ...] = (
    _before_it_left,
    _withdrawn_for_her,
    _told(None, 40),
    _told(None, 5),
    _told(SILENT, 1.5),
    _told(BUSY, 0.5),
    _untold(7, is_told_by_hand=False),
    _untold(30, is_told_by_hand=True),
    *(_returned(reason, days) for reason, days in zip(ReturnReason, (0.1, 0.6, 1, 2, 3, 5), strict=True)),
    _judged(Judgment.accepted, ReturnReason.wrong_number),
    _judged(Judgment.refused, ReturnReason.not_interested),
)
CHANGED: tuple[Tell, ...] = (_changed_untold,)
