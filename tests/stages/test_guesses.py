"""Whoever guesses waits longer each time, and nobody else does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.accounts.guesses import (
    FREE_HERE,
    FREE_PLACE,
    LONGEST_WAIT,
    MANY_FOR_ACCOUNT,
    Try,
    count_try,
    find_delay,
    forget_try,
    name_try,
)
from leadgen.extensions import db
from leadgen.models import Guesses

SECRET = "a secret of the test suite, long enough to pass"
RITA = "rita@firststep.example"
NOTHING = timedelta(0)


def attempt(account: str = RITA, address: str = "192.0.2.1", device: str | None = None) -> Try:
    return name_try(SECRET, account, address, device)


def fail(session: Session, tried: Try, times: int) -> list[timedelta]:
    """Fail again and again, waiting as long as is asked for."""
    waits = []
    for _ in range(times):
        waits.append(count_try(session, tried))
        if waits[-1]:
            let_time_pass(session, waits[-1] + timedelta(seconds=0.01))
            assert count_try(session, tried) == NOTHING
    return waits


def let_time_pass(session: Session, passed: timedelta) -> None:
    for row in session.scalars(select(Guesses)):
        row.last_at -= passed
    session.flush()


def test_first_tries_are_free_and_then_the_wait_doubles(session: Session) -> None:
    waits = [round(wait.total_seconds()) for wait in fail(session, attempt(), FREE_HERE + 4)]
    assert waits == [0] * FREE_HERE + [2, 4, 8, 16]


def test_wait_has_an_end(session: Session) -> None:
    assert find_delay(500, FREE_HERE) == LONGEST_WAIT


def test_try_in_the_waiting_time_is_not_counted(session: Session) -> None:
    fail(session, attempt(), FREE_HERE)
    first = count_try(session, attempt())
    assert NOTHING < count_try(session, attempt()) <= first


def test_guesser_does_not_slow_down_the_same_account_elsewhere(session: Session) -> None:
    fail(session, attempt(address="192.0.2.1"), FREE_HERE + 3)
    assert count_try(session, attempt(address="198.51.100.7")) == NOTHING


def test_guesser_on_the_same_network_does_not_slow_down_a_known_browser(session: Session) -> None:
    numbers = count()
    for _ in range(FREE_PLACE + 2):
        fail(session, attempt(account=f"user-{next(numbers)}@firststep.example"), 1)
    assert count_try(session, attempt()) > NOTHING
    assert count_try(session, attempt(device="ritas-laptop")) == NOTHING


def test_one_address_that_tries_many_accounts_is_slowed_down(session: Session) -> None:
    waits = [
        count_try(session, attempt(account=f"user-{number}@firststep.example")) for number in range(FREE_PLACE + 1)
    ]
    assert waits[:-1] == [NOTHING] * FREE_PLACE
    assert waits[-1] > NOTHING


def test_many_addresses_that_try_one_account_lose_their_free_tries_and_the_owner_does_not_wait(
    session: Session,
) -> None:
    for number in range(MANY_FOR_ACCOUNT):
        assert count_try(session, attempt(address=f"198.51.100.{number}")) == NOTHING
    assert count_try(session, attempt(address="198.51.100.1")) > NOTHING, "it has failed once"
    assert count_try(session, attempt(address="203.0.113.5")) == NOTHING, "a place that never failed"
    assert count_try(session, attempt(address="198.51.100.1", device="ritas-laptop")) == NOTHING


def test_good_try_is_forgotten(session: Session) -> None:
    fail(session, attempt(), FREE_HERE)
    let_time_pass(session, timedelta(seconds=3))
    assert count_try(session, attempt()) == NOTHING
    forget_try(session, attempt())
    assert fail(session, attempt(), FREE_HERE) == [NOTHING] * FREE_HERE


def test_quiet_hours_halve_what_was_counted_and_a_day_forgets_it(session: Session) -> None:
    fail(session, attempt(), FREE_HERE + 1)
    let_time_pass(session, timedelta(hours=1))
    assert count_try(session, attempt()) == NOTHING
    let_time_pass(session, timedelta(days=2))
    count_try(session, attempt(account="somebody@else.example", address="203.0.113.9"))
    assert session.scalar(select(Guesses).where(Guesses.about == attempt().here)) is None


def test_many_good_tries_at_once_never_stand_in_each_others_way(app: Flask, session: Session) -> None:
    def sign_in_often(_: int) -> None:
        with app.app_context():
            for _ in range(25):
                count_try(db.session, attempt())
                db.session.commit()
                forget_try(db.session, attempt())
                db.session.commit()

    with ThreadPoolExecutor(4) as people:
        list(people.map(sign_in_often, range(4)))
    assert all(row.failures < FREE_HERE for row in session.scalars(select(Guesses)))


@pytest.mark.parametrize("neighbour", ["2001:db8:1:2:3::1", "2001:db8:1:2:ffff::9"])
def test_addresses_of_one_home_network_count_together(session: Session, neighbour: str) -> None:
    fail(session, attempt(address="2001:db8:1:2::1"), FREE_HERE)
    assert count_try(session, attempt(address=neighbour)) > NOTHING
    assert count_try(session, attempt(address="2001:db8:1:3::1")) == NOTHING


def test_what_is_stored_names_nobody(session: Session) -> None:
    count_try(session, attempt())
    stored = b"".join(row.about for row in session.scalars(select(Guesses)))
    assert b"rita" not in stored
    assert b"192.0.2.1" not in stored
    assert session.execute(update(Guesses).values(failures=1)).rowcount == 3
