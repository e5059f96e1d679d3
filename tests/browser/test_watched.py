"""The watch itself: it must not pass a page that is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.watched import Watched

pytestmark = pytest.mark.slow

GOOD = "<!doctype html><html lang=en><title>A page</title><main><h1>Schools</h1>{}</main></html>"
WRONG = {
    "a control without a name": "<input>",
    "words too pale": "<p style='color: #bbb'>Schools near you</p>",
    "words too pale in the dark": "<style>@media (prefers-color-scheme: dark) { p { color: #ccc } }</style><p>Near</p>",
    "something too wide": "<div style='width: 400px'>Wide</div>",
    "an error in a script": "<script>throw new Error('no')</script>",
    "a complaint on the console": "<script>console.error('no')</script>",
    "content of another host": "<img alt='' src='http://127.0.0.2:9/pixel.gif'>",
}


@pytest.fixture
def watched(new_context: Callable[..., BrowserContext]) -> Watched:
    """An empty page that should ask no host at all."""
    return Watched(new_context(viewport={"width": 390, "height": 844}).new_page(), ())


def test_a_good_page_passes(watched: Watched) -> None:
    watched.page.set_content(GOOD.format("<p>Near you</p>"))
    watched.look("good")
    assert watched.complaints == []


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_page_does_not_pass(watched: Watched, fault: str) -> None:
    watched.page.set_content(GOOD.format(WRONG[fault]))
    with pytest.raises(AssertionError):
        watched.look("wrong")


def test_focus_that_cannot_be_seen_does_not_pass(watched: Watched) -> None:
    watched.page.set_content(
        GOOD.format("<style>a:focus { outline: none }</style><a href='#x'>One</a> <a href='#y'>Two</a>")
    )
    with pytest.raises(AssertionError, match="'ring': False"):
        watched.tab_to(watched.page.get_by_text("Two"))
