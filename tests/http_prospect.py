"""A prospect who walks through the inquiry over real HTTP. Journeys, faults and benchmarks send her."""

import http.client
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PROGRAM = "medical-billing-and-coding"

Schools = Sequence[str] | int


@dataclass
class Answered:
    """One answer: status, where it sends her, the page, and how long it took in seconds."""

    status: int
    location: str
    page: str
    seconds: float
    cookies: list[str] = field(default_factory=list)


@dataclass
class HttpProspect:
    """One person with a browser. ``paths`` lists every path she asked for, ``seconds`` how long each step took."""

    site: str
    name: str = "Ada Example"
    email: str = "ada@mail.example"
    phone: str = "(312) 555-0142"
    timeout: float = 30
    cookies: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def get(self, path: str) -> Answered:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answered:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def reach_check(
        self, zip_code: str = "60601", schools: Sequence[str] | int = 1, ways: Sequence[str] = ("email",)
    ) -> str:
        """Walk from the guide to the last page; gives the form token on it. ``schools`` are ids, or how many."""
        listed = self.reach_schools(zip_code)
        offered = find_offered(listed)
        chosen = offered[:schools] if isinstance(schools, int) else [school for school in schools if school in offered]
        assert chosen, f"none of {schools} is on the list: {offered}"
        self._send_form("/inquiry/schools", listed, [("schools", school) for school in chosen])
        person = [("name", self.name), ("email", self.email), ("phone", self.phone), ("contact_times", "evening")]
        channels = [(f"channels-{school}", way) for school in chosen for way in ways]
        self._answer("/inquiry/details", person + channels)
        self.last_page = self._page("/inquiry/check")
        return find_field(self.last_page, "form_token")

    def reach_schools(self, zip_code: str = "60601") -> str:
        """Walk from the guide to the schools that match; gives that page."""
        self.get(f"/programs/{PROGRAM}")
        self._step("/inquiry/start", [("program", PROGRAM), ("zip", zip_code)])
        self._answer("/inquiry/goals", [("program", PROGRAM), ("credential", "any")])
        self._answer("/inquiry/place", [("zip", zip_code), ("format", "any"), ("within", "50")])
        self._answer("/inquiry/eligibility", [("adult", "yes"), ("education", "high_school")])
        return self._page("/inquiry/schools")

    def send(self, form_token: str) -> Answered:
        """Press the last button; gives the redirect to the confirmation."""
        fields = [("csrf_token", find_field(self.last_page, "csrf_token")), ("form_token", form_token)]
        answered = self.post("/inquiry/check", fields)
        self.seconds["send"] = answered.seconds
        return answered

    def inquire(
        self, zip_code: str = "60601", schools: Sequence[str] | int = 1, ways: Sequence[str] = ("email",)
    ) -> str:
        """The whole walk; gives the path of her confirmation."""
        answered = self.send(self.reach_check(zip_code, schools, ways))
        assert (answered.status, answered.location[:14]) == (303, "/inquiry/sent/"), (
            f"{answered.status} {answered.page[:300]}"
        )
        return answered.location

    def _page(self, path: str) -> str:
        answered = self.get(path)
        assert answered.status == 200, f"{path}: {answered.status} {answered.location}"
        self.seconds[path] = answered.seconds
        return answered.page

    def _answer(self, path: str, fields: list[tuple[str, str]]) -> None:
        self._send_form(path, self._page(path), fields)

    def _send_form(self, path: str, page: str, fields: list[tuple[str, str]]) -> None:
        self._step(path, [("csrf_token", find_field(page, "csrf_token")), *fields])

    def _step(self, path: str, fields: list[tuple[str, str]]) -> None:
        answered = self.post(path, fields)
        self.seconds[f"POST {path}"] = answered.seconds
        assert answered.status == 303, f"{path}: {answered.status} {answered.page[:2000]}"

    def _ask(self, method: str, path: str, body: str | None) -> Answered:
        self.paths.append(path)
        parts = urlsplit(self.site)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=self.timeout)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.site}
        started = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            page = response.read().decode()
        finally:
            connection.close()
        seconds = time.perf_counter() - started
        set_cookies = response.headers.get_all("Set-Cookie") or []
        for line in set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answered(response.status, response.headers.get("Location", ""), page, seconds, set_cookies)


def find_field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    assert found, f"no field {name} on the page"
    return unescape(found[1])


def find_offered(page: str) -> list[str]:
    """The ids of schools that can be ticked, in the order of the list."""
    tags = re.findall(r"<input[^>]*>", page)
    return [unescape(m[1]) for tag in tags if 'name="schools"' in tag and (m := re.search(r'value="([^"]*)"', tag))]
