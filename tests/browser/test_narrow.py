"""Further wishes, unmet demand and a pause with an end in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_workplaces import sign_in
from tests.browser.watched import Watched
from tests.journey.running import Up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
QUILLWATER = "quillwater-community-college"

Opener = Callable[..., Watched]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_is_narrowed_and_where_nothing_is_left_that_is_seen_by_staff(
    up: Up, open_page: Opener, width: int
) -> None:
    watched = open_page(width)
    page = watched.page
    page.goto(f"{up.site}/inquiry/start?program=medical-billing-and-coding")
    page.locator("main").get_by_label("ZIP code").fill("60601")
    page.get_by_role("button", name="Show schools").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("High-school diploma").check()
    page.get_by_role("button", name="Show my schools").click()
    page.get_by_role("link", name="Narrow").click()
    watched.look("narrow")
    page.get_by_label("At most how much in all?").fill("cheap")
    page.get_by_role("button", name="Show my schools").click()
    watched.look("narrow-error")
    page.get_by_label("At most how much in all?").fill("$12,000")
    page.get_by_label("In the evening").check()
    page.get_by_role("button", name="Show my schools").click()
    watched.look("narrow-list")
    expect(page.locator(".basis")).to_contain_text("At most $12,000 in all, evening classes")
    page.get_by_role("link", name="Change by cost").click()
    page.get_by_label("At most how much in all?").fill("1")
    page.get_by_role("button", name="Show my schools").click()
    watched.look("narrow-nothing")
    sign_in(up, page, "admin")
    expect(page.get_by_role("link", name="Worklist", exact=True)).to_be_visible()
    page.goto(f"{up.site}/desk/demand")
    expect(page.get_by_role("region", name="Unmet demand")).to_contain_text("606xx, IL")
    watched.look("demand")
    page.goto(f"{up.site}/desk/schools/{QUILLWATER}")
    page.locator("summary", has_text="Pause").click()
    watched.look("pause-until")
