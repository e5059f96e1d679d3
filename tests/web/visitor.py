"""A person with a browser who walks through an inquiry, page by page."""

import re
from collections.abc import Sequence
from contextvars import Context

from flask import Flask
from werkzeug.test import TestResponse

from leadgen.web.prospect.draft_cookie import COOKIE, PATH

PROGRAM = "medical-billing-and-coding"
PERSON = {"name": "Ada Example", "email": "ada@mail.example", "phone": "312-555-0142", "contact_times": ["evening"]}
GOALS = {"program": PROGRAM, "credential": "any"}
PLACE = {"zip": "60601", "format": "any", "within": "50"}
ELIGIBLE = {"adult": "yes", "education": "high_school"}
# what must never stand in an address, a header or a cookie
PERSONAL = ("Ada Example", "Ada+Example", "Ada%20Example", "ada@mail", "555-0142", "5550142", "60601")


class Visitor:
    """One browser. Every answer it got is in ``answers``.

    Requests run in a context of their own, so that they do not share the session of a test that holds one."""

    def __init__(self, app: Flask, cookie: str | None = None, spoken: str = "") -> None:
        self.spoken = spoken
        self.client = app.test_client()
        self.answers: list[TestResponse] = []
        if cookie:
            self.client.set_cookie(COOKIE, cookie, path=PATH)

    def get(self, path: str) -> TestResponse:
        """Ask for a page, in her language."""
        return self._keep(Context().run(self.client.get, self.spoken + path))

    def post(self, path: str, fields: dict[str, object] | None = None, **headers: str) -> TestResponse:
        """Send a form. Headers are named as in ``Sec_Fetch_Site``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._keep(Context().run(self.client.post, self.spoken + path, data=fields or {}, headers=named))

    @property
    def cookie(self) -> str:
        """The token of her draft."""
        held = self.client.get_cookie(COOKIE, path=PATH)
        assert held is not None
        return held.value

    def start(self) -> "Visitor":
        """Give program and ZIP code on a guide."""
        started = self.post("/inquiry/start", {"program": PROGRAM, "zip": "60601"})
        assert started.location == f"{self.spoken}/inquiry/goals"
        return self

    def reach_list(self, **changes: object) -> TestResponse:
        """Answer the three pages of questions; gives the list."""
        self.start()
        self.post("/inquiry/goals", GOALS)
        self.post("/inquiry/place", PLACE | changes)
        self.post("/inquiry/eligibility", ELIGIBLE)
        return self.get("/inquiry/schools")

    def tick(self, *schools: str) -> TestResponse:
        """Tick these schools."""
        return self.post("/inquiry/schools", {"schools": list(schools)})

    def give_details(self, *schools: str, ways: Sequence[str] = ("email",), **changes: object) -> TestResponse:
        """Give her details, and the same ways for each school."""
        channels = {f"channels-{school}": list(ways) for school in schools}
        return self.post("/inquiry/details", PERSON | channels | changes)

    def reach_check(self, *schools: str, **changes: object) -> str:
        """Walk to the last page; gives the form token on it."""
        self.reach_list()
        self.tick(*schools)
        self.give_details(*schools, **changes)
        return self.read_token()

    def read_token(self) -> str:
        """The form token on the check page."""
        found = re.search(r'name="form_token" value="([^"]+)"', self.get("/inquiry/check").text)
        assert found
        return found[1]

    def send(self, token: str) -> TestResponse:
        """Press the last button."""
        return self.post("/inquiry/check", {"form_token": token})

    def _keep(self, answer: TestResponse) -> TestResponse:
        self.answers.append(answer)
        return answer


def find_ticked(page: str) -> list[str]:
    """The values of ticked boxes on a page."""
    return [re.search(r'value="([^"]*)"', tag)[1] for tag in re.findall(r"<input[^>]* checked[^>]*>", page)]  # type: ignore[index]
