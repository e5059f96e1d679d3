"""The rooms of the desk in a real browser: an offering mended, two editors at once, a test lead sent and read."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_workplaces import sign_in
from tests.browser.watched import Watched
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
QUILLWATER, OFFERING = "quillwater-community-college", "quillwater-main-phlebotomy-certificate"

Opener = Callable[..., Watched]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_offering_is_edited_with_a_mistake_that_is_mended(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    page.get_by_role("link", name="Schools", exact=True).click()
    page.get_by_role("navigation", name="Directory").get_by_role("link", name="Offerings").click()
    page.get_by_role("searchbox").fill(OFFERING)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Phlebotomy").click()
    watched.look("rooms-offering")
    page.get_by_role("link", name="Edit").click()
    watched.look("rooms-offering-edit")
    page.get_by_label("Tuition in dollars").fill(f"$1,{width}")
    page.get_by_label("Length in months").fill("7")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    watched.look("rooms-offering-mistake")
    page.locator(".error-summary a").click()
    expect(page.get_by_label("Tuition in dollars")).to_be_focused()
    expect(page.get_by_label("Length in months")).to_have_value("7")
    page.get_by_label("Tuition in dollars").fill(f"1{width}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. This is version")).to_be_visible()
    expect(page.locator(".trail").get_by_text(f"→ 1{width}.00")).to_be_visible()
    watched.look("rooms-offering-saved")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_second_of_two_editors_sees_the_first_and_loses_nothing(up: Up, open_page: Opener, width: int) -> None:
    first, second = open_page(width), open_page(width)
    for watched in (first, second):
        sign_in(up, watched.page, "admin")
        watched.page.goto(f"{up.site}/desk/schools/{QUILLWATER}/edit")
    first.page.get_by_label("Daily cap").fill(str(width))
    first.page.get_by_role("button", name="Save").click()
    expect(first.page.get_by_text("Saved.")).to_be_visible()
    second.page.get_by_label("Monthly cap").fill("5000")
    second.page.get_by_label("Accreditor").fill(f"Commission {width}")
    second.page.get_by_role("button", name="Save").click()
    expect(second.page.get_by_text("Somebody else was first.")).to_be_visible()
    expect(second.page.get_by_label("Daily cap")).to_have_value(str(width))
    expect(second.page.get_by_label("Accreditor")).to_have_value(f"Commission {width}")
    second.look("rooms-meanwhile")
    second.page.get_by_role("button", name="Save").click()
    expect(second.page.get_by_text("Saved.")).to_be_visible()
    expect(second.page.get_by_text(f"0 of {width}")).to_be_visible()
    second.look("rooms-school-saved")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_test_lead_reaches_the_sandbox_and_its_outcome_is_shown(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    page.goto(f"{up.site}/desk/schools/{QUILLWATER}")
    page.get_by_role("link", name="Webhook").click()
    page.get_by_role("button", name="Send a test lead").click()
    expect(page.get_by_text("The test is on its way.")).to_be_visible()
    assert wait_until(lambda: has_outcome(page), 20)
    watched.look("rooms-endpoint-tested")
    newest = page.get_by_role("region", name="Tests").locator("tbody tr").first
    expect(newest).to_contain_text("It has it")
    expect(newest).to_contain_text("202")
    name = newest.locator("th").inner_text()
    arrived = [each for each in up.arrivals() if each["key"].startswith("test_")]
    assert arrived[-1]["content"]["json"]["data"]["lead"] == name
    assert arrived[-1]["content"]["json"]["data"]["test"] is True
    assert arrived[-1]["signature"] == "good"


def has_outcome(page: Page) -> bool:
    page.reload()
    return page.get_by_text("A test is on its way.").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_an_endpoint_is_added_paused_and_retired_by_keyboard(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    page.goto(f"{up.site}/desk/schools/{QUILLWATER}")
    watched.tab_to(page.get_by_role("link", name="Add an endpoint"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/endpoints/new")
    watched.look("rooms-endpoint-new")
    page.get_by_label("Kind").select_option(label="Email")
    page.get_by_label("Takes").select_option(label="Leads alone" if width == WIDTHS[0] else "Notices alone")
    page.get_by_label("Address").fill("second@quillwater.example")
    page.get_by_role("button", name="Add this endpoint").press("Enter")
    expect(page.get_by_text("It is being tested")).to_be_visible()
    watched.look("rooms-endpoint-testing")
    retire = page.locator("summary", has_text="Retire")
    watched.tab_to(retire)
    page.keyboard.press("Enter")
    watched.look("rooms-endpoint-retire")
    page.locator("details[open]").get_by_label("Reason").select_option(label="It was added by mistake")
    page.locator("details[open]").get_by_role("button", name="Retire").press("Enter")
    expect(page.get_by_text("The endpoint is retired.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("retired", re.IGNORECASE))
    watched.look("rooms-endpoint-retired")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_campus_is_added_and_retired_and_every_form_can_be_used(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    page.goto(f"{up.site}/desk/schools/{QUILLWATER}")
    page.get_by_role("link", name="Add an offering").click()
    watched.look("rooms-offering-new")
    page.go_back()
    page.get_by_role("link", name="Add a campus").click()
    page.get_by_label("Campus").fill(f"Loop {width}")
    page.get_by_label("City").fill("Chicago")
    page.get_by_label("State").select_option(label="IL")
    page.get_by_label("ZIP code").fill("60602")
    watched.look("rooms-campus-new")
    page.get_by_role("button", name="Add this campus").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Campus Loop {width}")
    watched.look("rooms-campus")
    page.locator("summary", has_text="Retire").click()
    page.get_by_label("Reason").select_option(label="It was added by mistake")
    page.locator("details[open]").get_by_role("button", name="Retire").click()
    expect(page.get_by_text("The campus is retired")).to_be_visible()
    watched.look("rooms-campus-retired")
    page.goto(f"{up.site}/desk/schools/bramblewick-technical-institute")
    page.locator("summary", has_text="Pause").click()
    watched.look("rooms-school-pause")
    page.locator("details[open]").get_by_label("Reason").select_option(label="The school asked for it")
    page.locator("details[open]").get_by_role("button", name="Pause").click()
    expect(page.get_by_text("The school is paused.")).to_be_visible()
    page.locator("summary", has_text="Resume").click()
    page.locator("details[open]").get_by_label("Reason").select_option(label="It was stopped by mistake")
    page.locator("details[open]").get_by_role("button", name="Resume").click()
    expect(page.get_by_text("The school takes inquiries.")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_secret_is_shown_once(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    page.goto(f"{up.site}/desk/schools/{QUILLWATER}")
    page.get_by_role("link", name="Webhook").click()
    page.locator("summary", has_text="Replace the signing secret").click()
    page.get_by_role("button", name="Make a new one").click()
    expect(page.locator("code.secret")).to_contain_text("whsec_")
    watched.look("rooms-secret")
    page.get_by_role("link", name="I have it").click()
    expect(page.get_by_text("two secrets or keys, while one is being changed")).to_be_visible()
