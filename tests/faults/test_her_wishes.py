"""She changes what she gave, or has it erased, while processes die: it is done whole, and each school hears of it
once."""

import signal

import pytest

from tests.faults.ledger import LONG, run_on
from tests.faults.own_data import CHANGE, ERASE, Form, Wish, fill_in, list_news, open_door
from tests.faults.people import arrived, make_prospect, only_delivery, thank
from tests.fleet import Fleet
from tests.http_prospect import HttpProspect

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("healthy"), pytest.mark.timeout(300), run_on("postgresql")]

CHANGED, ERASED = pytest.param(CHANGE, id="changed"), pytest.param(ERASE, id="erased")
WISHES = [CHANGED, ERASED]
POINTS = {"claimed": ("delivered", 1), "sending": ("uncertain", 0), "answered": ("uncertain", 1)}
LEASE = "10"  # nobody would nudge a busy machine that let it lapse before the send
Outcome = tuple[str, int]


def prepare(fleet: Fleet, wish: Wish) -> tuple[HttpProspect, str, Form]:
    """Birch has her lead, and the form is open before her."""
    fleet.start("worker")
    her = make_prospect(fleet)
    confirmation = thank(fleet, her.inquire("60601", ["birch"]))
    form = fill_in(her, open_door(fleet, her, confirmation), wish)
    fleet.wait_quiet()
    return her, confirmation, form


def ended(fleet: Fleet, confirmation: str) -> list[tuple[str, Outcome]]:
    """What the school was told of, how that ended by our word, and how often it came by the school's."""
    news = list_news(fleet, confirmation)
    return [(about, (state, arrived(fleet, key))) for about, rows in news.items() for state, key, _ in rows]


@pytest.mark.parametrize("wish", WISHES if LONG else [ERASED])
@pytest.mark.parametrize("point", ["committing", "committed"] if LONG else ["committed"])
def test_web_killed_around_the_commit_of_her_wish(fleet: Fleet, wish: Wish, point: str) -> None:
    her, confirmation, form = prepare(fleet, wish)
    fleet.kill("web")
    fleet.start("web", crash_at=point, web_workers="1")
    with pytest.raises(OSError):  # noqa: PT011 - the connection breaks in whichever way it likes
        her.post(*form)
    done_at_once = bool(list_news(fleet, confirmation))
    assert done_at_once == (point == "committed")
    assert count_open_contacts(fleet) == (0 if done_at_once and wish is ERASE else 1)
    fleet.kill("web")
    fleet.start("web")
    assert her.post(*form).status == 303, "she presses the same button again"
    fleet.wait_quiet()
    assert ended(fleet, confirmation) == [(about, ("delivered", 1)) for about in wish.told]
    assert count_open_contacts(fleet) == (0 if wish is ERASE else 1)
    if wish is ERASE:
        assert "Erased on" in her.get(confirmation.replace("/inquiry/sent/", "/request/")).page


@pytest.mark.parametrize("wish", WISHES if LONG else [CHANGED])
@pytest.mark.parametrize("point", list(POINTS) if LONG else ["answered"])
def test_worker_killed_with_her_wish_in_its_hands(fleet: Fleet, wish: Wish, point: str) -> None:
    her, confirmation, form = prepare(fleet, wish)
    fleet.kill("worker", signal.SIGTERM)
    fleet.kill("sweeper")  # it would carry the news itself where the worker is slow to begin
    fleet.start("worker", crash_at=point, worker_threads="1", lease_seconds=LEASE)
    assert her.post(*form).status == 303
    fleet.wait_dead("worker", 90)
    fleet.start("worker", "sweeper")
    fleet.wait_quiet()
    found = ended(fleet, confirmation)
    assert sorted(about for about, _ in found) == sorted(wish.told)
    first = [outcome for _, outcome in found if outcome == POINTS[point]]
    others = [outcome for _, outcome in found if outcome not in first]
    assert first
    assert set(others) <= {("delivered", 1)}
    assert only_delivery(fleet, confirmation)[0] == "delivered", "the lead itself is as it was"


def count_open_contacts(fleet: Fleet) -> int:
    """Of the newest inquiry: one while its data can be opened or she be found, by whoever has the file."""
    newest = "SELECT wrapped_key, sealed, email_index, phone_index FROM contact ORDER BY inquiry_id DESC LIMIT 1"
    return int(fleet.query(newest) != [(None, None, None, None)])
