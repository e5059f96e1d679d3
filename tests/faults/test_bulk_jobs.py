"""A worker dies by SIGKILL in the middle of a job on many lines: another goes on, nothing happens twice, and the
report says what was done."""

import json
import re
from collections.abc import Iterator
from itertools import count

import pytest

from tests.faults.ledger import LONG
from tests.faults.people import NAME
from tests.fleet import Fleet, wait_until
from tests.http_prospect import Answered, HttpProspect, find_field

pytestmark = pytest.mark.slow

LINES = 5
LEASE_SECONDS = 30  # of a job
_people = count(1)
_reviewers = count(1)


@pytest.fixture(autouse=True)
def careful(fleet: Fleet) -> Iterator[None]:
    """A site whose staff look at each inquiry."""
    fleet.kill("web")
    fleet.start("web", review="all")
    yield
    fleet.kill("web")
    fleet.start("web")


def hold_inquiries(fleet: Fleet) -> list[int]:
    """Send inquiries that wait for staff; gives their numbers."""
    before = {number for (number,) in fleet.query("SELECT id FROM inquiry")}
    for number in (next(_people) for _ in range(LINES)):
        person = HttpProspect(fleet.site, NAME, f"held{number}@mail.example", f"312555{number + 600:04d}")
        person.inquire("60601", ["birch"])
    return [number for (number,) in fleet.query("SELECT id FROM inquiry ORDER BY id") if number not in before]


def sign_in(fleet: Fleet) -> HttpProspect:
    """A reviewer at the desk."""
    email = f"rita{next(_reviewers)}@firststep.example"
    made = fleet.run("user", "add", email, "--role", "reviewer", "--json")
    assert made.returncode == 0, made.stderr
    reviewer = HttpProspect(fleet.site)
    fields = [("email", email), ("password", json.loads(made.stdout)["password"])]
    assert send(reviewer, "/login", "/login", *fields).status in (302, 303)
    return reviewer


def send(browser: HttpProspect, on: str, path: str, *fields: tuple[str, str]) -> Answered:
    """Send a form that stands on the page ``on``."""
    return browser.post(path, [("csrf_token", find_field(browser.get(on).page, "csrf_token")), *fields])


def release_all(reviewer: HttpProspect, inquiries: list[int]) -> str:
    """Ask for a job that releases these; gives the address of its report."""
    keys = [("key", f"inquiry:{number}") for number in inquiries]
    plan = send(reviewer, "/desk?bin=held", "/desk/bulk", ("act", "release"), ("back", "bin=held"), *keys).page
    form = re.search(r'<form class="panel bulk-yes".*?</form>', plan, re.S)
    assert form, plan
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    fields = [(name, value.replace("&amp;", "&")) for name, value in hidden]
    answer = reviewer.post("/desk/jobs", [*fields, ("reason", "checked")])
    assert answer.status == 303, answer.page
    return answer.location


def read_items(fleet: Fleet, job: str) -> list[str]:
    number = int(job.rsplit("/", 1)[1])
    return [state for (state,) in fleet.query("SELECT state FROM job_item WHERE job_id = :job ORDER BY id", job=number)]


def read_job(fleet: Fleet, job: str) -> str:
    ((state,),) = fleet.query("SELECT state FROM job WHERE id = :job", job=int(job.rsplit("/", 1)[1]))
    return str(state)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("dies", ["in its first item", "wherever it is"] if LONG else ["in its first item"])
def test_worker_killed_in_a_job_and_another_goes_on(fleet: Fleet, dies: str) -> None:
    inquiries = hold_inquiries(fleet)
    assert len(inquiries) == LINES
    reviewer = sign_in(fleet)
    if dies == "in its first item":
        fleet.kill("sweeper")  # it would carry the job itself where the worker is slow to begin
        fleet.start("worker", crash_at="job_item")
        job = release_all(reviewer, inquiries)
        fleet.wait_dead("worker", 90)
        fleet.start("sweeper")
        assert read_items(fleet, job) == ["waiting"] * LINES, "an item is done whole or not at all"
    else:
        fleet.start("worker")
        job = release_all(reviewer, inquiries)
        assert wait_until(lambda: "done" in read_items(fleet, job))
        fleet.kill("worker")
    fleet.start("worker")
    assert wait_until(lambda: read_job(fleet, job) == "done", LEASE_SECONDS + 60)
    fleet.wait_quiet()
    assert read_items(fleet, job) == ["done"] * LINES
    # a worker that is killed wherever it is may have been sending one, of which nobody can know
    may_end = {"delivered"} if dies == "in its first item" else {"delivered", "uncertain"}
    assert_released_once(fleet, inquiries, may_end)
    assert f"{LINES} of {LINES}: {LINES} released, 0 skipped" in reviewer.get(job).page


def assert_released_once(fleet: Fleet, inquiries: list[int], may_end: set[str]) -> None:
    """One verdict of staff, one lead, one delivery, one arrival for each that is known to have arrived, and no more
    than one for any other."""
    rows = fleet.query(
        "SELECT l.inquiry_id, d.state, d.tries, d.key FROM lead l JOIN delivery d ON d.lead_id = l.id"
        f" WHERE l.inquiry_id IN ({','.join(map(str, inquiries))}) ORDER BY l.inquiry_id"
    )
    assert [(number, tries) for number, _, tries, _ in rows] == [(each, 1) for each in inquiries]
    assert {state for _, state, *_ in rows} <= may_end
    for _, state, _, key in rows:
        heard = sum(key in arrival["key"] for arrival in fleet.school_arrivals())
        assert heard == 1 if state == "delivered" else heard <= 1
    verdicts = fleet.query(
        "SELECT c.inquiry_id, count(*) FROM verdict v JOIN choice c ON c.id = v.choice_id"
        f" WHERE v.outcome = 'release' AND c.inquiry_id IN ({','.join(map(str, inquiries))}) GROUP BY c.inquiry_id"
    )
    assert sorted(verdicts) == [(each, 1) for each in inquiries]
