"""Ten people at once, in a process of their own: ``python -m tests.benchmarks.clients`` reads an order, answers JSON.

``walk``: each person makes one whole inquiry a second, page by page. ``fire``: prepared last posts, as fast as ten
connections carry them, or so many a second. Times are of ``time.monotonic``, durations in seconds.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil

from tests.benchmarks.someone import TICKED, ZIPS, Someone
from tests.http_prospect import HttpProspect, find_field

CLIENTS = 10
LAST_PAGE = "/inquiry/check"


@dataclass
class Heard:
    """What the clients saw. ``sends`` are last posts: token, status, when answered, and how long it took."""

    steps: dict[str, list[float]] = field(default_factory=dict)
    sends: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    late: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def note_send(self, token: str, status: int, seconds: float) -> None:
        """One last post that was answered now."""
        self.sends.append({"token": token, "status": status, "at": time.monotonic(), "seconds": seconds})


def run_clients(environment: Mapping[str, str], order: dict[str, Any]) -> dict[str, Any]:
    """Run the clients to their end in another process; gives what they heard."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.clients"],
        input=json.dumps(order),
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    heard: dict[str, Any] = json.loads(done.stdout)
    return heard


def walk(site: str, seconds: float, first: int) -> Heard:
    """Each of the ten makes a whole inquiry at each full second; whoever needs longer starts late, and is counted."""
    heard, start = Heard(), time.monotonic() + 0.2

    def live(client: int) -> None:
        for turn in range(int(seconds)):
            due = start + turn + client / CLIENTS
            time.sleep(max(0.0, due - time.monotonic()))
            heard.late += time.monotonic() - due > 0.05
            _inquire(heard, HttpProspect(site), first + turn * CLIENTS + client)

    _together(live, range(CLIENTS))
    heard.seconds = time.monotonic() - start
    heard.cpu_seconds = time.process_time()
    return heard


def fire(site: str, cookies: Sequence[str], path: str, rate: float | None, server_pid: int, *, follow: bool) -> Heard:
    """Open the last page of every draft first; then send them all, ``rate`` a second or as fast as they go.

    ``follow``: each opens the confirmation before the next sends, as browsers do. ``cpu_seconds`` is what the
    server (with the processes it started) worked while they were sent."""
    prepared: list[tuple[HttpProspect, str]] = []
    heard, turns = Heard(), iter(range(len(cookies)))
    lock = threading.Lock()

    def send(_client: int) -> None:
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            if rate:
                time.sleep(max(0.0, start + turn / rate - time.monotonic()))
            prospect, token = prepared[turn]
            confirmation = _send(heard, prospect, token, path)
            if confirmation and follow:
                prospect.get(confirmation)

    prepare = open_check if path == LAST_PAGE else pretend_check
    _together(lambda cookie: prepared.append(prepare(site, cookie)), cookies)
    worked, start = measure_cpu(server_pid), time.monotonic()
    _together(send, range(CLIENTS))
    heard.seconds = time.monotonic() - start
    heard.cpu_seconds = measure_cpu(server_pid) - worked
    return heard


def measure_cpu(pid: int) -> float:
    """Seconds of processor time of a process and of those it started, so far."""
    server = psutil.Process(pid)
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def open_check(site: str, cookie: str) -> tuple[HttpProspect, str]:
    """A person on the last page of her prepared draft, and the form token on that page."""
    prospect = HttpProspect(site, cookies={"leadgen_draft": cookie})
    answered = prospect.get(LAST_PAGE)
    assert answered.status == 200, f"{answered.status} {answered.location}"
    prospect.last_page = answered.page
    return prospect, find_field(answered.page, "form_token")


def pretend_check(site: str, cookie: str) -> tuple[HttpProspect, str]:
    """The same for a server that has no drafts: fields of the same length."""
    prospect = HttpProspect(site, cookies={"leadgen_draft": cookie})
    prospect.last_page = f'<input name="csrf_token" value="{"x" * 91}">'
    return prospect, "x" * 22


def _inquire(heard: Heard, prospect: HttpProspect, number: int) -> None:
    someone = Someone(number)
    prospect.name, prospect.email, prospect.phone = f"Person {number}", someone.email, someone.phone
    try:
        token = prospect.reach_check(ZIPS[number % len(ZIPS)], TICKED)
        confirmation = _send(heard, prospect, token, LAST_PAGE)
        if confirmation:
            prospect.seconds["confirmation"] = prospect.get(confirmation).seconds
    except (OSError, AssertionError) as error:
        heard.errors.append(f"{type(error).__name__}: {str(error)[:200]}")
    for step, seconds in prospect.seconds.items():
        heard.steps.setdefault(step, []).append(seconds)


def _send(heard: Heard, prospect: HttpProspect, token: str, path: str) -> str:
    """One last post; gives where the confirmation is, or nothing where it was not accepted."""
    fields = [("csrf_token", find_field(prospect.last_page, "csrf_token")), ("form_token", token)]
    try:
        answered = prospect.post(path, fields)
    except OSError as error:
        heard.errors.append(f"last post: {type(error).__name__}")
        return ""
    heard.note_send(token, answered.status, answered.seconds)
    if answered.status != 303 or not answered.location.startswith("/inquiry/sent/"):
        heard.errors.append(f"last post: {answered.status} {answered.location}")
        return ""
    prospect.seconds["send"] = answered.seconds
    return answered.location


def _together(work: Callable[[Any], None], items: Sequence[Any]) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(work, items))


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(asdict({"walk": walk, "fire": fire}[given.pop("do")](**given))))
