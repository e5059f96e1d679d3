"""Two people at one inquiry at the very same moment: one is first, the other is told, and nothing happens twice."""

from collections.abc import Callable
from threading import Event
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.delivery.claim import claim_delivery
from leadgen.delivery.resolve import resend_letter
from leadgen.extensions import db
from leadgen.intake.consent import hash_words
from leadgen.intake.widen import word_wider
from leadgen.invariants import find_breaches
from leadgen.journey.ask import ask, say_no, say_yes
from leadgen.journey.release import decline_choice, hold_choice, lock_choices, release_choice
from leadgen.journey.widen import widen_consent
from leadgen.journey.withdraw import withdraw_inquiry
from leadgen.letters.kinds import ASKING
from leadgen.models import (
    Asking,
    Base,
    Channel,
    Choice,
    Consent,
    ConsentChannel,
    Delivery,
    Duplicate,
    Inquiry,
    Lead,
    Letter,
    Link,
    State,
    Verdict,
)
from leadgen.review.duplicates import link_duplicate
from leadgen.review.reasons import Reason
from leadgen.vault import open_vault
from tests.at_once import Act, do_at_once
from tests.inquiries import HER_VISIT, Prospect, add_school, send_inquiry

ROUNDS = 8


def count(session: Session, model: type[Base]) -> int:
    session.rollback()
    return len(session.scalars(select(model)).all())


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """Held, to one school; another fits too."""
    add_school(session, "larkspur")
    inquiry = send_inquiry(session, ["larkspur"], trap="x")
    add_school(session, "harebell")
    return inquiry


def decide(verb: Callable[..., object], inquiry_id: int, code: str, seen: int) -> Act:
    def act(session: Session) -> None:
        (choice,) = lock_choices(session, inquiry_id)
        verb(session, open_vault(), choice, "user:1", Reason(code), seen)

    return act


@pytest.mark.parametrize(
    ("first", "second"),
    [(release_choice, release_choice), (release_choice, decline_choice), (decline_choice, hold_choice)],
)
def test_of_two_decisions_on_what_both_saw_one_counts(
    app: Flask, session: Session, inquiry: Inquiry, first: Callable[..., object], second: Callable[..., object]
) -> None:
    seen, number = inquiry.choices[0].verdicts[-1].id, inquiry.id
    session.rollback()
    went = do_at_once(app, decide(first, number, "other", seen), decide(second, number, "other", seen))
    assert sorted(went) == [False, True]
    assert count(session, Verdict) == 2
    assert count(session, Lead) == count(session, Delivery) <= 1
    assert list(find_breaches(session)) == []


def test_release_is_taken_back_or_a_worker_has_it_never_both(app: Flask, session: Session, inquiry: Inquiry) -> None:
    number = inquiry.id
    for _ in range(ROUNDS):
        session.rollback()
        (choice,) = lock_choices(session, number)
        release_choice(session, open_vault(), choice, "user:1", Reason("checked"))
        session.commit()
        delivery = session.scalars(select(Delivery.id)).one()
        seen = session.scalars(select(Verdict.id).order_by(Verdict.id.desc())).first() or 0
        claims: list[object] = []
        session.rollback()
        back, _ = do_at_once(
            app,
            decide(hold_choice, number, "by_mistake", seen),
            lambda session, row=delivery, kept=claims: kept.append(claim_delivery(session, row, 30)),  # type: ignore[misc]
        )
        assert back is (claims == [None])
        assert count(session, Lead) == (0 if back else 1)
        assert list(find_breaches(session)) == []
        if not back:
            return


def start_asking(session: Session, inquiry_id: int) -> None:
    secret = current_settings().secret_key.get_secret_value()
    inquiry = session.get_one(Inquiry, inquiry_id)
    ask(session, open_vault(), secret, inquiry, "harebell", "user:1", Reason("fits_now"))


def test_two_who_ask_about_the_same_school_write_one_letter(app: Flask, session: Session, inquiry: Inquiry) -> None:
    number = inquiry.id
    session.rollback()
    went = do_at_once(app, *[lambda session: start_asking(session, number)] * 2)
    assert sorted(went) == [False, True]
    assert count(session, Asking) == count(session, Link) == 1
    assert list(find_breaches(session)) == []


def give(answer: str) -> Act:
    def act(session: Session) -> None:
        asking = session.scalars(select(Asking)).one()
        link = session.get_one(Link, asking.link_id)
        if answer == "yes":
            say_yes(session, open_vault(), asking, link, HER_VISIT)
        else:
            say_no(session, asking, link)

    return act


@pytest.mark.parametrize("second", ["yes", "no"])
def test_one_link_takes_one_answer(app: Flask, session: Session, inquiry: Inquiry, second: str) -> None:
    start_asking(session, inquiry.id)
    session.commit()
    went = do_at_once(app, give("yes"), give(second))
    assert sorted(went) == [False, True]
    said_yes = went[0] or second == "yes"
    assert count(session, Lead) == count(session, Delivery) == count(session, Consent) - 1 == int(said_yes)
    assert list(find_breaches(session)) == []


def test_yes_and_the_withdrawal_of_everything_leave_no_doubt(app: Flask, session: Session, inquiry: Inquiry) -> None:
    number = inquiry.id
    start_asking(session, number)
    session.commit()
    yes, _ = do_at_once(app, give("yes"), lambda session: withdraw_inquiry(session, number, None, "prospect"))
    ticked = session.scalars(select(Choice.ticked).where(Choice.school_id == "harebell")).one()
    assert ticked is yes
    assert count(session, Lead) == int(yes)
    assert list(find_breaches(session)) == []


def in_turn(first: Act, second: Act) -> list[Act]:
    """The second begins when the first has done its work and not committed yet."""
    done = Event()

    def begin(session: Session) -> None:
        first(session)
        done.set()
        sleep(0.5)

    def follow(session: Session) -> None:
        done.wait()
        second(session)

    return [begin, follow]


def take_back(inquiry_id: int, school: str | None) -> Act:
    return lambda session: withdraw_inquiry(session, inquiry_id, [school] if school else None, "prospect")


def test_a_failed_letter_is_not_sent_again_as_she_withdraws(app: Flask, session: Session, inquiry: Inquiry) -> None:
    number = inquiry.id
    start_asking(session, number)
    letter = session.scalars(select(Letter).where(Letter.kind == ASKING)).one()
    letter.state, letter_id = State.failed, letter.id
    session.commit()

    def resend(session: Session) -> None:
        resend_letter(session, session.get_one(Letter, letter_id), "user:1", "relay_mended")

    assert do_at_once(app, *in_turn(take_back(number, None), resend)) == [True, False]
    assert do_at_once(app, resend) == [False]
    assert session.get_one(Letter, letter_id, populate_existing=True).state is State.failed


def test_withdrawal_of_everything_takes_a_yes_of_the_same_moment_with_it(
    app: Flask, session: Session, inquiry: Inquiry
) -> None:
    number = inquiry.id
    start_asking(session, number)
    session.commit()
    assert do_at_once(app, *in_turn(give("yes"), take_back(number, None))) == [True, True]
    session.rollback()
    assert session.scalars(select(Consent.school_id).where(Consent.withdrawn_at.is_(None))).all() == []
    assert list(find_breaches(session)) == []


def test_two_halves_of_a_withdrawal_at_once_end_what_was_asked(app: Flask, session: Session) -> None:
    for school in ("larkspur", "bramble"):
        add_school(session, school)
    number = send_inquiry(session, ["larkspur", "bramble"]).id
    add_school(session, "harebell")
    start_asking(session, number)
    session.commit()
    assert do_at_once(app, *in_turn(take_back(number, "larkspur"), take_back(number, "bramble"))) == [True, True]
    session.rollback()
    assert session.scalars(select(Link.ended_at)).one() is not None
    assert list(find_breaches(session)) == []


def widen(inquiry_id: int, more: Channel) -> Act:
    """She agrees to one more way for Larkspur, in the words of the page as it is now."""
    inquiry = db.session.get_one(Inquiry, inquiry_id)
    asked = ("Larkspur Institute", more)
    agreed = hash_words(word_wider(inquiry, inquiry.consents[0], asked))
    db.session.rollback()

    def act(session: Session) -> None:
        hers = session.get_one(Inquiry, inquiry_id)
        assert hers.consents[0].channels, "the page that asked her was drawn from them"
        widen_consent(session, open_vault(), hers, ("larkspur", more), "", HER_VISIT, agreed=agreed)

    return act


def test_of_two_ways_added_at_one_moment_the_second_is_read_again(
    app: Flask, session: Session, inquiry: Inquiry
) -> None:
    number = inquiry.id
    session.execute(delete(ConsentChannel).where(ConsentChannel.channel == Channel.call))
    session.commit()
    assert do_at_once(app, *in_turn(widen(number, Channel.call), widen(number, Channel.text))) == [True, False]
    session.rollback()
    consent = session.scalars(select(Consent)).one()
    assert {row.channel for row in consent.channels} == {Channel.email, Channel.call}
    assert "text message" not in consent.words
    assert do_at_once(app, widen(number, Channel.text)) == [True]
    assert list(find_breaches(session)) == []


def link(one: int, other: int) -> Act:
    """The first as a duplicate of the other."""

    def act(session: Session) -> None:
        duplicate, original = session.get_one(Inquiry, one), session.get_one(Inquiry, other)
        link_duplicate(session, open_vault(), duplicate, original, "user:1", Reason("same_person"))

    return act


def test_links_at_one_moment_never_close_a_ring_through_others(app: Flask, session: Session) -> None:
    add_school(session, "larkspur")
    people = [Prospect(email=f"a{n}@mail.example", phone=f"+131255501{n:02}") for n in range(40, 44)]
    a, b, root, c = (send_inquiry(session, ["larkspur"], each).id for each in people)
    session.commit()
    assert do_at_once(app, link(b, root)) == do_at_once(app, link(c, a)) == [True]
    # no inquiry is in both, yet a duplicates b's root, which would duplicate c's, which is a
    assert do_at_once(app, *in_turn(link(a, b), link(root, c))) == [True, False]
    session.rollback()
    originals = {each.inquiry_id: each.original_id for each in session.scalars(select(Duplicate))}
    assert originals == {b: root, c: a, a: root}


def test_two_inquiries_are_never_linked_to_each_other(app: Flask, session: Session, inquiry: Inquiry) -> None:
    first = inquiry.id
    second = send_inquiry(session, ["larkspur"], Prospect(phone="+13125550199")).id
    session.rollback()

    assert sorted(do_at_once(app, link(first, second), link(second, first))) == [False, True]
    assert count(session, Duplicate) == 1
