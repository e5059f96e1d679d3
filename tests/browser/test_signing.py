"""What a school checks our signatures with, at the desk and in its portal, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_workplaces import sign_in
from tests.browser.watched import Watched
from tests.journey.running import Up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SCHOOL = "bramblewick-technical-institute"
INDEX = "/api/v1/schemas"
KEY = re.compile(r"whpk_[A-Za-z0-9+/]{43}=")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_webhook_signs_with_a_pair_and_its_school_finds_the_public_key(
    up: Up, open_page: Callable[..., Watched], width: int
) -> None:
    desk, school = open_page(width), open_page(width)
    page = desk.page
    sign_in(up, page, "admin")
    page.goto(f"{up.site}/desk/schools/{SCHOOL}/endpoints/new")
    page.get_by_label("Kind").select_option(label="Webhook")
    page.get_by_label("Takes").select_option(label="Leads alone" if width == 390 else "Leads and notices")
    page.get_by_label("Address").fill("https://bramblewick.example/leads")
    page.get_by_label("Signature of a webhook").select_option(label="Key pair (ed25519)")
    desk.look("signing-new")
    page.get_by_role("button", name="Add this endpoint").click()
    expect(page.get_by_text("It is no secret")).to_be_visible()
    desk.look("signing-key")
    page.get_by_role("link", name="I have it").click()
    page.locator("summary", has_text="Replace the signing key").click()
    page.get_by_role("button", name="Make a new one").click()
    key = page.get_by_text(KEY).inner_text()
    page.get_by_role("link", name="I have it").click()
    expect(page.get_by_text(key)).to_be_visible()
    page.locator("summary", has_text="Replace the signing key").click()
    desk.look("signing-endpoint")
    sign_in(up, school.page, "school")
    school.page.goto(f"{up.site}/portal/receiving")
    expect(school.page.get_by_text(key)).to_be_visible()
    school.look("signing-portal")
    expect(school.page.get_by_role("link", name="The form of each message").first).to_have_attribute("href", INDEX)
