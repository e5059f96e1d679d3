"""Personal data stands in no log, broker message, figure, address or error page, and in the database only sealed.

One person with a name like no other goes through everything that may happen to an inquiry, with real processes.
Then every byte that is left behind is searched. What the sample schools received (`sandbox.sqlite3`) is theirs."""

import base64
import hashlib
import json
import re
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.http_prospect import Answered, HttpProspect, find_field
from tests.journey.running import Up, start_up, wait_until

pytestmark = pytest.mark.slow

NAME = "Zyxwana Qanarytest"
EMAIL, OTHER_EMAIL = "zyxwana.one@mail.example", "zyxwana.two@mail.example"
PHONE, OTHER_PHONE = "312-555-0188", "312-555-0199"
HASHES = [hashlib.sha256(text.encode()) for text in (EMAIL, "+13125550188")]
CANARIES = (
    *(b"zyxwana", b"qanarytest", b"555-0188", b"5550188", b"555-0199", b"5550199"),
    *(base64.b64encode(text.encode()).rstrip(b"=").lower() for text in (NAME, EMAIL)),
    # hashes without a key tell who it is to whoever can guess
    *(form for each in HASHES for form in (each.digest().lower(), each.hexdigest().encode())),
)
METRICS_TOKEN = "a token of this test"
THEIRS = "sandbox.sqlite3"


@dataclass
class Left:
    """What a journey left behind: by name, what may hold no canary."""

    things: dict[str, bytes] = field(default_factory=dict)
    open_to_others: list[str] = field(default_factory=list)

    def find_canaries(self) -> list[tuple[str, bytes]]:
        return [(name, canary) for name, held in self.things.items() for canary in CANARIES if canary in held.lower()]


@dataclass
class Walk:
    """The same person, at a running installation."""

    up: Up
    browsers: list[HttpProspect] = field(default_factory=list)
    errors: list[Answered] = field(default_factory=list)

    def open_browser(self, email: str = EMAIL, phone: str = PHONE) -> HttpProspect:
        self.browsers.append(HttpProspect(self.up.site, NAME, email, phone))
        return self.browsers[-1]

    def sign_in(self, role: str) -> HttpProspect:
        login = next(each for each in self.up.told["logins"] if each["role"] == role)
        browser = self.open_browser()
        fields = [("email", login["email"]), ("password", login["password"])]
        assert send(browser, "/login", *fields, on="/login").status == 302
        return browser

    def tell_school(self, host: str, **behavior: object) -> None:
        body = json.dumps({"host": host, **behavior}).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.up.sandbox}/behave", body, headers)
        urllib.request.urlopen(asked, timeout=10).close()


def send(browser: HttpProspect, path: str, *fields: tuple[str, str], on: str) -> Answered:
    """Send a form that stands on the page ``on``."""
    token = find_field(browser.get(on).page, "csrf_token")
    return browser.post(path, [("csrf_token", token), *fields])


@contextmanager
def listening(broker: Path, heard: list[str]) -> Iterator[None]:
    """Write down every command that the broker is given meanwhile."""
    client = Redis(unix_socket_path=str(broker))
    monitor = client.monitor()

    def listen() -> None:
        with suppress(RedisError, OSError, ValueError):
            heard.extend(command["command"] for command in monitor.listen())

    with monitor:
        threading.Thread(target=listen, daemon=True).start()
        yield
    client.close()


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Everything that is left after the journeys, while it runs and after its end."""
    settings = {"min_form_seconds": "0", "rate_limits": "false", "sweep_seconds": "0.5"}
    up = start_up(tmp_path_factory.mktemp("up"), metrics_token=METRICS_TOKEN, **settings)
    heard: list[str] = []
    walk, found = Walk(up), Left()
    try:
        with listening(up.folder / "broker.sock", heard):
            go_everywhere(walk)
            time.sleep(1)
        found.things |= read_broker(up.folder / "broker.sock") | {"broker's commands": "\n".join(heard).encode()}
        found.things |= read_files(up.folder, "running") | read_figures(up) | read_browsers(walk)
        found.open_to_others = [path.name for path in up.folder.rglob("*") if path.stat().st_mode & 0o077]
    finally:
        up.stop()
    out, error = up.process.communicate()
    found.things |= read_files(up.folder, "stopped") | {"terminal": (out + error).encode()}
    return found


def go_everywhere(walk: Walk) -> None:
    """Good, refused with an echo, held, broken, busy, looked at, returned, withdrawn, changed, erased."""
    first = walk.open_browser()
    walk.tell_school("acme.example", status=202, body=json.dumps({"id": EMAIL, "name": NAME}), times=1)
    confirmation = first.inquire("60601", 3, ("email", "call"))
    assert wait_until(lambda: len(walk.up.arrivals()) >= 3, 30), "two schools and a confirmation"
    be_refused(walk)
    walk.open_browser().inquire("60601", 1)
    meet_errors(walk)
    meet_a_busy_database(walk)
    return_at_the_portal(walk)
    look_at_the_desk(walk)
    path = confirmation.replace("/inquiry/sent/", "/request/")
    change_and_download(walk, first, path)
    assert send(first, f"{path}/withdraw", ("school", "*"), on=path).status == 303
    assert wait_until(lambda: sum("_withdrawal_" in each["key"] for each in walk.up.arrivals()) >= 2, 30)
    assert send(first, f"{path}/yours/erase", on=f"{path}/yours/erase").status == 303
    assert "Erased on" in first.get(path).page
    assert wait_until(lambda: sum("_erasure_" in each["key"] for each in walk.up.arrivals()) >= 2, 30)


def change_and_download(walk: Walk, browser: HttpProspect, path: str) -> None:
    """She opens her data by the link from the letter, gives her number anew, and takes all of it with her."""
    assert send(browser, f"{path}/link", on=path).status == 303
    link = re.compile(path + r"/open/[0-9a-f]{32}")

    def find_link() -> str | None:
        found = [link.search(str(each["content"])) for each in walk.up.arrivals()]
        return next((each[0] for each in found if each), None)

    assert wait_until(find_link, 30)
    door = find_link() or ""
    assert send(browser, door, on=door).status == 303
    assert NAME in browser.get(f"{path}/yours").page
    assert PHONE[-4:] in browser.get(f"{path}/yours/change").page
    for form in ("json", "html"):
        assert NAME in send(browser, f"{path}/yours/download", ("form", form), on=f"{path}/yours").page


def be_refused(walk: Walk) -> None:
    """Servers often repeat in their answer what they were sent."""
    echo = f"{NAME} <{OTHER_EMAIL}> {OTHER_PHONE}"
    walk.tell_school("acme.example", status=500, body=json.dumps({"error": echo, "id": OTHER_EMAIL}), times=1)
    walk.tell_school("gamma.example", status=550, body=f"5.1.1 {echo}", times=1)
    walk.tell_school("mail.example", status=550, body=f"5.1.1 {echo}", times=1)
    before = len(walk.up.arrivals())
    walk.open_browser(OTHER_EMAIL, OTHER_PHONE).inquire("60601", 3, ("email", "call"))
    assert wait_until(lambda: len(walk.up.arrivals()) >= before + 3, 30)


def meet_errors(walk: Walk) -> None:
    """Pages about errors, with her name in whatever was sent."""
    browser = walk.open_browser()
    browser.reach_check(schools=1)
    person = [("name", NAME), ("email", EMAIL), ("phone", PHONE)]
    token = ("csrf_token", find_field(browser.last_page, "csrf_token"))
    walk.errors += [
        browser.get("/programs/zyxwana"),
        browser.get("/request/zyxwana-qanarytest"),
        browser.get("/inquiry/sent/zyxwana"),
        browser.post("/programs", [token, *person]),
        browser.post("/inquiry/details", [token, ("name", NAME * 20_000)]),
        browser.post("/inquiry/details", [token, ("name", f"{NAME}\0")]),
        browser.post("/login", [token, ("email", EMAIL), ("password", NAME)]),
    ]
    assert [each.status for each in walk.errors] == [404, 404, 404, 405, 413, 400, 200]
    walk.errors.pop()  # the sign-in page shows the address to whoever typed it
    # so does the page about a form that ran out: it keeps what was typed, and only there
    assert browser.post("/inquiry/details", person).status == 400


def meet_a_busy_database(walk: Walk) -> None:
    """A post that cannot be saved: her answers stand on the page and nowhere else."""
    browser = walk.open_browser()
    browser.reach_check(schools=1)
    fields = [("name", NAME), ("email", EMAIL), ("phone", PHONE)]
    with closing(sqlite3.connect(walk.up.folder / "leadgen.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        answered = send(browser, "/inquiry/details", *fields, on="/inquiry/details")
        writer.execute("ROLLBACK")
    assert answered.status == 503
    assert NAME in answered.page


def return_at_the_portal(walk: Walk) -> None:
    """Beta reads the lead, and names her in its note."""
    browser = walk.sign_in("school")
    found = re.findall(r'href="(/portal/leads/[^"]+)"', browser.get("/portal").page)
    assert len(found) == 2
    assert NAME not in browser.get(found[-1]).page
    assert send(browser, f"{found[-1]}/open", on=found[-1]).status == 303
    assert NAME in browser.get(found[-1]).page
    note = ("note", f"{NAME} at {PHONE} hung up")
    assert send(browser, f"{found[-1]}/return", ("reason", "other"), note, on=found[-1]).status == 303


def look_at_the_desk(walk: Walk) -> None:
    """Staff find her by e-mail and phone, reveal, and decide with a note."""
    browser = walk.sign_in("admin")
    send(browser, "/desk/search", ("q", PHONE), on="/desk")
    page = send(browser, "/desk/search", ("q", EMAIL), on="/desk").page
    held = browser.get("/desk?bin=held").page
    references = set(re.findall(r"/desk/inquiries/(LG-\w+-\w+)", page))
    assert len(references) == 2
    for reference in references:
        path = f"/desk/inquiries/{reference}"
        assert NAME in send(browser, f"{path}/reveal", on=path).page
        if reference in held:
            assert send(browser, f"{path}/decline", ("reason", f"{NAME} called"), on=path).status == 303
    for each in ("held", "uncertain", "failed", "endpoints", "withdrawals", "changes", "returns"):
        assert not any(canary in browser.get(f"/desk?bin={each}").page.lower().encode() for canary in CANARIES), each


def read_files(folder: Path, when: str) -> dict[str, bytes]:
    """The bytes of every file but the sandbox's, the database's log of writes included."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(THEIRS))
    return {f"{path.relative_to(folder)} ({when})": path.read_bytes() for path in files}


def read_broker(socket: Path) -> dict[str, bytes]:
    """What the broker holds in its memory."""
    with closing(Redis(unix_socket_path=str(socket))) as client:
        return {f"broker: {key!r}": key + (client.dump(key) or b"") for key in client.keys("*")}


def read_figures(up: Up) -> dict[str, bytes]:
    """The pages for machines."""
    pages = {}
    for path in ("/metrics", "/healthz", "/readyz"):
        asked = urllib.request.Request(up.site + path, headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            pages[path] = answer.read()
    return pages


def read_browsers(walk: Walk) -> dict[str, bytes]:
    """The addresses that were asked for, the cookies that were given, the pages about errors."""
    own = {path for browser in walk.browsers for path in browser.paths if "zyxwana" not in path}
    cookies = [value for browser in walk.browsers for value in browser.cookies.values()]
    pages = {f"error page {number}": each.page.encode() for number, each in enumerate(walk.errors)}
    return {"addresses": "\n".join(own).encode(), "cookies": "\n".join(map(open_cookie, cookies)).encode()} | pages


def open_cookie(value: str) -> str:
    """A cookie as whoever holds it reads it: the session is signed, not sealed."""
    first = value.split(".")[0]
    with suppress(ValueError):
        return value + base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("latin-1")
    return value


def test_nothing_is_left_in_the_clear(left: Left) -> None:
    assert left.find_canaries() == []


def test_every_file_is_for_its_owner_alone(left: Left) -> None:
    assert left.open_to_others == []


def test_everything_was_looked_at(left: Left) -> None:
    names = " ".join(left.things)
    for each in ("leadgen.sqlite3 (", "leadgen.sqlite3-wal (running)", "logs/web.log", "logs/worker.log", "/metrics"):
        assert each in names, each
    assert b"leadgen_letters" in left.things["/metrics"]
    assert b"leadgen.carry" in left.things["broker's commands"]
    assert b'"status": 503' in left.things["logs/web.log (stopped)"]
    # what was written last may still stand in the log beside the file
    stopped = [left.things[name] for name in left.things if name.startswith("leadgen.sqlite3") and "(stopped)" in name]
    assert any(b"contact.revealed" in each for each in stopped)


def test_searching_finds_what_is_there() -> None:
    letter = Left({"letter": f"Dear {NAME}".encode(), "hash": HASHES[0].hexdigest().encode()})
    assert {name for name, _ in letter.find_canaries()} == {"letter", "hash"}
