"""One installation and one Chromium for all journeys in a browser."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from leadgen.config import ROOT
from tests.browser.watched import Watched
from tests.conftest import REQUIRE_ALL
from tests.journey.running import Up, start_up

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, which asks nobody for anything. Without one the tests are skipped, or fail where
    everything is required."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        stop = pytest.fail if REQUIRE_ALL else pytest.skip
        stop("These need Chromium (on Debian: apt-get install chromium)")
    return {**browser_type_launch_args, "executable_path": program, "args": list(QUIET)}


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """Everything on this machine, with the sample directory."""
    folder = tmp_path_factory.mktemp("up")
    running = start_up(folder, ROOT / "schools.csv", min_form_seconds="0", rate_limits="false")
    yield running
    running.stop()


@pytest.fixture
def open_page(up: Up, new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Watched]]:
    """Open a page of so many pixels' width, and watch it; further words go to the browser's context. Whatever the
    browser complained of until the end fails the test."""
    opened: list[Watched] = []
    named = up.site.replace("127.0.0.1", "localhost")

    def open_it(width: int, **words: Any) -> Watched:
        height = 844 if width < 600 else 900
        context = new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", locale="en-US", **words
        )
        context.set_default_timeout(8000)
        opened.append(Watched(context.new_page(), (up.site, up.sandbox, named)))
        return opened[-1]

    yield open_it
    assert [complaint for watched in opened for complaint in watched.complaints] == []
