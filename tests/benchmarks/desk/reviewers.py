"""Five people at the desk: each looks, reads for a while, and goes on. Times are from the request to the last byte."""

import gzip
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.desk.visits import BINS, THEN, Known, Visit

COOKIE = "leadgen_session"
SECONDS_TO_READ = (0.4, 4.0)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_INQUIRY = re.compile(r"/desk/inquiries/(LG-\w{4}-\w{4})")


@dataclass
class Reviewer:
    """One browser. ``times`` are seconds by kind of page; what went wrong is in ``errors``."""

    site: str
    cookie: str
    known: Known
    dice: Random
    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    token: str = ""

    def work(self, seconds: float) -> None:
        """Go round the bins until the time is over."""
        until, number = time.monotonic() + seconds, self.dice.randrange(len(BINS))
        while time.monotonic() < until:
            page = self.visit(self.known.look_at(BINS[number % len(BINS)]))
            self._read()
            if listed := _INQUIRY.findall(page):
                self.visit(Visit("inquiry", f"/desk/inquiries/{self.dice.choice(listed)}"))
                self._read()
            self.visit(self.known.make(THEN[number % len(THEN)], self.dice))
            self._read()
            number += 1

    def visit(self, visit: Visit) -> str:
        """Ask for a page and keep how long it took; gives the page."""
        form = None if visit.form is None else urlencode(visit.form | {"csrf_token": self.token})
        started = time.perf_counter()
        try:
            status, page = self._ask(visit.path, form)
        except OSError as error:
            status, page = 0, str(error)
        self.times.setdefault(visit.kind, []).append(time.perf_counter() - started)
        if status != 200 and not (form and status == 303):
            self.errors.append(f"{visit.kind}: {status} {page[:200] if not status else ''}")
        if found := _TOKEN.search(page):
            self.token = found[1]
        return page

    def _ask(self, path: str, form: str | None) -> tuple[int, str]:
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Accept-Encoding": "gzip"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=60)
        try:
            line.request("POST" if form is not None else "GET", path, form, headers)
            answer = line.getresponse()
            body = answer.read()
            self._keep_cookie(answer)
            text = _open(body, answer.getheader("Content-Encoding", ""))
            return answer.status, text
        finally:
            line.close()

    def _keep_cookie(self, answer: http.client.HTTPResponse) -> None:
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            if name == COOKIE:
                self.cookie = rest.partition(";")[0]

    def _read(self) -> None:
        least, most = SECONDS_TO_READ
        time.sleep(min(most, least + self.dice.expovariate(1.0)))


def _open(body: bytes, encoding: str) -> str:
    return (gzip.decompress(body) if encoding == "gzip" else body).decode()


def send_reviewers(site: str, cookies: list[str], known: Known, seconds: float, seed: int) -> list[Reviewer]:
    """Let them work beside each other for so many seconds; gives what each met."""
    reviewers = [Reviewer(site, cookie, known, Random(seed + number)) for number, cookie in enumerate(cookies)]
    threads = [threading.Thread(target=each.work, args=(seconds,)) for each in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return reviewers
