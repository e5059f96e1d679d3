"""Processes die by SIGKILL at named points. Nothing is lost, nothing goes twice, and what nobody can know is said."""

import signal

import pytest
from sqlalchemy import text

from tests.faults.people import arrived, deliveries, inquire, make_prospect, only_delivery, thank
from tests.fleet import Fleet, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("healthy")]


# of a worker that dies: long enough for a busy machine to come as far as that
LEASE = {"lease_seconds": "6"}
# of one that lives: half of it is what the school may take to answer, and so may the machine
CALM = {"lease_seconds": "30"}


def kill_worker_at(fleet: Fleet, point: str, school: str) -> str:
    """A worker dies at this point with a lead in its hands, and another comes; gives the path of her confirmation."""
    fleet.kill("sweeper")  # it would carry the lead itself where the worker is slow to begin
    fleet.start("worker", crash_at=point, worker_threads="1", **LEASE)
    confirmation = inquire(fleet, school)
    fleet.wait_dead("worker", 90)
    fleet.start("worker", **CALM)
    fleet.start("sweeper")
    fleet.wait_quiet()
    return confirmation


@pytest.mark.parametrize("school", ["birch", "alder", "cedar"])
def test_worker_killed_after_the_claim_loses_nothing(fleet: Fleet, school: str) -> None:
    state, key, tries = only_delivery(fleet, kill_worker_at(fleet, "claimed", school))
    assert (state, tries, arrived(fleet, key)) == ("delivered", 1, 1)


def test_worker_killed_before_the_first_byte_leaves_it_uncertain(fleet: Fleet) -> None:
    state, key, _ = only_delivery(fleet, kill_worker_at(fleet, "sending", "birch"))
    assert (state, arrived(fleet, key)) == ("uncertain", 0), "nobody can know that no byte had left"


def test_worker_killed_after_the_answer_leaves_it_uncertain_and_sends_no_second(fleet: Fleet) -> None:
    state, key, _ = only_delivery(fleet, kill_worker_at(fleet, "answered", "birch"))
    assert (state, arrived(fleet, key)) == ("uncertain", 1)


@pytest.mark.parametrize("point", ["committing", "committed"])
def test_web_killed_around_the_commit_loses_no_lead_and_a_second_post_changes_nothing(fleet: Fleet, point: str) -> None:
    fleet.kill("web")
    fleet.start("web", crash_at=point, web_workers="1")
    fleet.start("worker", **CALM)
    prospect = make_prospect(fleet)
    token = prospect.reach_check("60601", ["birch", "alder"])
    with pytest.raises(OSError):  # noqa: PT011 - the connection breaks in whichever way it likes
        prospect.send(token)
    fleet.kill("web")
    fleet.start("web")
    answered = prospect.send(token)
    assert answered.location.startswith("/inquiry/sent/"), "she sees her confirmation after all"
    thank(fleet, answered.location)
    fleet.wait_quiet()
    rows = deliveries(fleet, answered.location)
    assert [(state, arrived(fleet, key)) for state, key, _ in rows] == [("delivered", 1)] * 2


def test_worker_asked_to_stop_in_the_middle_of_a_send_finishes_it(fleet: Fleet) -> None:
    fleet.behave("birch.example", delay_seconds=2)
    fleet.start("worker", lease_seconds="30")
    confirmation = inquire(fleet, "birch")
    assert wait_until(lambda: only_delivery(fleet, confirmation)[0] == "sending")
    fleet.kill("worker", signal.SIGTERM)
    state, key, tries = only_delivery(fleet, confirmation)
    assert (state, tries, arrived(fleet, key)) == ("delivered", 1, 1)


def test_lead_that_cannot_be_opened_fails_alone(fleet: Fleet) -> None:
    ((before,),) = fleet.query("SELECT max(inquiry_id) FROM contact")
    fleet.kill("sweeper")
    poisoned = inquire(fleet, "birch")
    spoil = text("UPDATE contact SET sealed = wrapped_key WHERE inquiry_id > :last").bindparams(last=before)
    fleet.execute(lambda writer: writer.execute(spoil))
    good = inquire(fleet, "birch")
    fleet.start("sweeper", "worker")
    fleet.wait_quiet()
    assert only_delivery(fleet, poisoned)[0] == "failed"
    assert only_delivery(fleet, good)[0] == "delivered"


@pytest.mark.parametrize(
    ("point", "state", "copies"), [("letter_claimed", "delivered", 1), ("letter_answered", "uncertain", 1)]
)
def test_our_own_letter_has_the_same_guarantees(fleet: Fleet, point: str, state: str, copies: int) -> None:
    fleet.start("worker", crash_at=point)
    prospect = make_prospect(fleet)
    thank(fleet, prospect.inquire("60601", ["birch"]))
    fleet.wait_dead("worker")
    fleet.start("worker")
    fleet.wait_quiet()
    ((found,),) = fleet.query("SELECT state FROM letter ORDER BY id DESC LIMIT 1")
    assert (found, len(fleet.letters_to(prospect.email))) == (state, copies)
