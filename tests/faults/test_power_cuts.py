"""Processes die by SIGKILL at named points. Nothing is lost, nothing goes twice, and what nobody can know is said."""

import time
from itertools import count

import pytest

from tests.fleet import Fleet, wait_until
from tests.http_prospect import HttpProspect

pytestmark = pytest.mark.slow

_people = count(1)


def make_prospect(fleet: Fleet) -> HttpProspect:
    """A person of her own for every inquiry, so that screening sees no duplicates."""
    number = next(_people)
    return HttpProspect(fleet.site, "Zephyrine Quux", f"zephyrine{number}@mail.example", f"312555{number + 100:04d}")


def deliveries(fleet: Fleet, confirmation: str) -> list[tuple[str, str, int]]:
    """State, key and tries of the deliveries of one inquiry."""
    letters = confirmation.rsplit("/", 1)[1]
    reference = f"{letters[:2]}-{letters[2:6]}-{letters[6:10]}"
    rows = fleet.query(
        "SELECT d.state, d.key, d.tries FROM delivery d JOIN lead l ON l.id = d.lead_id"
        " JOIN inquiry i ON i.id = l.inquiry_id WHERE i.reference = :reference ORDER BY d.id",
        reference=reference,
    )
    return [(state, key, tries) for state, key, tries in rows]


def arrived(fleet: Fleet, key: str) -> int:
    """How often a delivery reached its school, by the school's own log."""
    return sum(key in arrival["key"] for arrival in fleet.school_arrivals())


def send_to(fleet: Fleet, *schools: str) -> list[tuple[str, str, int]]:
    return deliveries(fleet, make_prospect(fleet).inquire("60601", list(schools)))


@pytest.mark.parametrize("school", ["birch", "alder", "cedar"])
def test_worker_killed_after_the_claim_loses_nothing(fleet: Fleet, school: str) -> None:
    fleet.start("worker", crash_at="claimed")
    confirmation = make_prospect(fleet).inquire("60601", [school])
    fleet.wait_dead("worker")
    fleet.start("worker")
    fleet.wait_quiet()
    ((state, key, tries),) = deliveries(fleet, confirmation)
    assert (state, tries, arrived(fleet, key)) == ("delivered", 1, 1)


def test_worker_killed_before_the_first_byte_leaves_it_uncertain(fleet: Fleet) -> None:
    fleet.start("worker", crash_at="sending")
    confirmation = make_prospect(fleet).inquire("60601", ["birch"])
    fleet.wait_dead("worker")
    fleet.start("worker")
    fleet.wait_quiet()
    ((state, key, _),) = deliveries(fleet, confirmation)
    assert (state, arrived(fleet, key)) == ("uncertain", 0), "nobody can know that no byte had left"


def test_worker_killed_after_the_answer_leaves_it_uncertain_and_sends_no_second(fleet: Fleet) -> None:
    fleet.start("worker", crash_at="answered")
    confirmation = make_prospect(fleet).inquire("60601", ["birch"])
    fleet.wait_dead("worker")
    fleet.start("worker")
    fleet.wait_quiet()
    ((state, key, _),) = deliveries(fleet, confirmation)
    assert (state, arrived(fleet, key)) == ("uncertain", 1)


def test_web_killed_after_the_commit_loses_no_lead_and_a_second_post_changes_nothing(fleet: Fleet) -> None:
    fleet.kill("web")
    fleet.start("web", crash_at="committed", web_workers="1")
    fleet.start("worker")
    prospect = make_prospect(fleet)
    token = prospect.reach_check("60601", ["birch", "alder"])
    with pytest.raises(OSError):  # noqa: PT011 - the connection breaks in whichever way it likes
        prospect.send(token)
    fleet.kill("web")
    fleet.start("web")
    answered = prospect.send(token)
    assert answered.location.startswith("/inquiry/sent/"), "she sees her confirmation after all"
    fleet.wait_quiet()
    rows = deliveries(fleet, answered.location)
    assert [(state, arrived(fleet, key)) for state, key, _ in rows] == [("delivered", 1)] * 2


def test_flushall_with_nudges_queued_loses_no_lead(fleet: Fleet) -> None:
    confirmations = [make_prospect(fleet).inquire("60601", ["birch", "dogwood", "alder"]) for _ in range(5)]
    assert fleet.broker().llen("celery") > 0, "nudges wait for a worker"
    fleet.broker().flushall()
    fleet.start("worker")
    fleet.wait_quiet(90)
    rows = [row for confirmation in confirmations for row in deliveries(fleet, confirmation)]
    assert len(rows) == 15
    assert {(state, arrived(fleet, key)) for state, key, _ in rows} == {("delivered", 1)}


@pytest.mark.timeout(240)
def test_a_broker_that_is_gone_for_half_a_minute_costs_nobody_anything(fleet: Fleet) -> None:
    fleet.start("worker")
    fleet.kill("broker")
    confirmations, slowest = [], 0.0
    back_at = time.monotonic() + 30
    while time.monotonic() < back_at:
        prospect = make_prospect(fleet)
        confirmations.append(prospect.inquire("60601", ["birch", "dogwood"]))
        slowest = max(slowest, prospect.seconds["send"])
        time.sleep(2)
    assert slowest < 3
    during = sum(arrived(fleet, key) for confirmation in confirmations for _, key, _ in deliveries(fleet, confirmation))
    assert during > 0, "the sweeper carries while the broker is away"
    fleet.start("broker")
    fleet.wait_quiet(90)
    rows = [row for confirmation in confirmations for row in deliveries(fleet, confirmation)]
    assert {(state, arrived(fleet, key)) for state, key, _ in rows} == {("delivered", 1)}


def test_two_sweepers_and_two_workers_send_once(fleet: Fleet) -> None:
    fleet.start("sweeper2", "worker", "worker2")
    try:
        confirmations = [make_prospect(fleet).inquire("60601", ["birch", "dogwood", "alder"]) for _ in range(5)]
        fleet.wait_quiet()
    finally:
        fleet.kill("sweeper2")
    rows = [row for confirmation in confirmations for row in deliveries(fleet, confirmation)]
    assert {(state, arrived(fleet, key)) for state, key, _ in rows} == {("delivered", 1)}


def test_without_any_worker_the_sweeper_carries(fleet: Fleet) -> None:
    confirmation = make_prospect(fleet).inquire("60601", ["birch"])
    assert wait_until(lambda: deliveries(fleet, confirmation)[0][0] == "delivered", 60)


@pytest.mark.parametrize(
    ("point", "state", "copies"), [("letter_claimed", "delivered", 1), ("letter_answered", "uncertain", 1)]
)
def test_our_own_letter_has_the_same_guarantees(fleet: Fleet, point: str, state: str, copies: int) -> None:
    fleet.start("worker", crash_at=point)
    prospect = make_prospect(fleet)
    prospect.inquire("60601", ["birch"])
    fleet.wait_dead("worker")
    fleet.start("worker")
    fleet.wait_quiet()
    ((found,),) = fleet.query("SELECT state FROM letter ORDER BY id DESC LIMIT 1")
    assert (found, len(fleet.letters_to(prospect.email))) == (state, copies)
