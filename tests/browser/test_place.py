"""Saying where she is, in a real browser: by name, by keyboard, without scripts, and by what the device tells."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_prospect import WIDTHS, Opener
from tests.browser.watched import Watched
from tests.journey.running import Up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WHERE = "ZIP code where you live"
JOLIET = {"latitude": 41.5254, "longitude": -88.0817}


def reach_place(watched: Watched, up: Up) -> None:
    page = watched.page
    page.goto(up.site + "/inquiry/start")
    page.get_by_label("ZIP code").fill("60601")
    page.get_by_role("button", name="Show schools").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label(WHERE)).to_have_value("60601")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_device_tells_where_she_is_when_she_lets_it(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width, geolocation=JOLIET, permissions=["geolocation"])
    reach_place(watched, up)
    watched.look("place")
    sent = []
    watched.page.on("request", lambda request: sent.append((request.url, request.post_data or "")))
    watched.page.get_by_role("button", name="Use where I am").click()
    expect(watched.page.get_by_text("You are near Joliet, IL 604")).to_be_visible()
    watched.look("place-here")
    assert any("latitude=41.53&longitude=-88.08" in body for _, body in sent)
    assert not any("41.5" in url or "41.5254" in body for url, body in sent)


def test_a_device_that_does_not_tell_leaves_her_the_box(up: Up, open_page: Opener) -> None:
    watched = open_page(390)
    reach_place(watched, up)
    watched.page.context.clear_permissions()
    watched.page.get_by_role("button", name="Use where I am").click()
    expect(watched.page.get_by_role("status").filter(has_text="did not tell")).to_be_visible()


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, True), (1280, False)])
def test_a_name_that_many_towns_have_asks_which(up: Up, open_page: Opener, width: int, scripts: bool) -> None:
    watched = open_page(width, java_script_enabled=scripts)
    reach_place(watched, up)
    page = watched.page
    assert page.get_by_role("button", name="Use where I am").is_visible() is scripts
    page.get_by_label(WHERE).fill("Springfield")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("more than one Springfield")
    if scripts:
        watched.look("place-which")
    page.get_by_label("Springfield, Illinois", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two things that schools ask first")


def test_a_town_is_picked_by_keyboard_alone(up: Up, open_page: Opener) -> None:
    watched = open_page(1280)
    page = watched.page
    page.goto(up.site + "/inquiry/start")
    watched.tab_to(page.get_by_label("ZIP code"))
    page.keyboard.type("Springfield")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("more than one Springfield")
    watched.look("start-which")
    watched.tab_to(page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    watched.tab_to(page.get_by_role("button", name="Show schools"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What would you like to learn?")
