"""An authenticator app, and staff who use one."""

import re
import time
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from tests.web.workplace import PASSWORD

STEP_SECONDS = 30
ENOUGH_SECONDS = 6


class App:
    """An authenticator app that was given the key of a page. ``later`` moves its clock by so many codes."""

    def __init__(self, page: str) -> None:
        found = re.search(r"<p>\w+: <code>([^<]+)</code>", page)
        assert found, page
        self._totp = TOTP(key=unescape(found[1]))

    def show(self, later: int = 0) -> str:
        """The code that it shows. One of before is good until this step ends, so some of it has to be left."""
        if later < 0 and (over := time.time() % STEP_SECONDS) > STEP_SECONDS - ENOUGH_SECONDS:
            time.sleep(STEP_SECONDS - over)
        at = self._totp.generate()
        return str(self._totp.generate(at.start_time + STEP_SECONDS * later + 1).token)


def set_up_app(client: FlaskClient) -> tuple[App, list[str]]:
    """Set an app up, and keep the recovery codes; the code of the last step is used for it."""
    page = client.post("/account/app", follow_redirects=True).text
    app = App(page)
    shown = client.post("/account/app/check", data={"code": app.show(-1)}).text
    codes = re.findall(r"<code>([0-9a-f-]{14})</code>", shown)
    assert len(codes) == 10, shown
    return app, codes


def give_password(app: Flask, email: str, client: FlaskClient | None = None) -> FlaskClient:
    """A client for which the second step is asked."""
    client = client or app.test_client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.location == "/login/code", answer.text
    return client
