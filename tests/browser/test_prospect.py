"""A prospect in a real browser: any width, without scripts, and by keyboard alone."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from tests.browser.prospect import BrowserProspect
from tests.browser.watched import Watched
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
FIRST, NEAR, ONLINE = "Larkspur Career Institute", "Quillwater Community College", "Harebell Online College"
PLAIN_PAGES = {
    "programs": "/programs",
    "another-guide": "/programs/pharmacy-technician",
    "local": "/programs/medical-billing-and-coding/illinois",
    "compare": "/programs/compare",
    "compared": "/programs/compare?program=phlebotomy&program=practical-nursing&program=medical-assistant",
    "which": "/programs/which",
    "suited": "/programs/which?patients=few&no_blood=yes&posture=desk&months=12",
    "guide-for-ccs": "/programs/medical-billing-and-coding?certification=CCS",
    "how-it-works": "/how-it-works",
    "who-pays": "/who-pays",
    "your-data": "/your-data",
    "start": "/inquiry/start",
    "gone": "/inquiry/check",
    "not-found": "/nowhere",
    "login": "/login",
}
ERRORS = {"gone": HTTPStatus.GONE, "not-found": HTTPStatus.NOT_FOUND}

Opener = Callable[..., Watched]


def count_leads(up: Up, email: str) -> int:
    """How many leads about this person schools received, and no notices."""
    arrivals = [each for each in up.arrivals() if "_lead_" in each["key"]]
    return sum(email in str(each["content"]) for each in arrivals)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_prospect_sends_her_details_and_withdraws_from_one_school(up: Up, open_page: Opener, width: int) -> None:
    email = f"ada-{width}@mail.example"
    prospect = BrowserProspect(open_page(width), up.site, email, f"312-555-01{width % 100:02}")
    prospect.read_guide()
    prospect.answer_questions()
    prospect.tick(FIRST, ONLINE)
    prospect.give_details(FIRST, ONLINE)
    prospect.send(FIRST, ONLINE)
    assert wait_until(lambda: count_leads(up, email) == 2, 20)
    prospect.page.reload()
    prospect.withdraw(FIRST)


def test_the_whole_way_needs_no_script(up: Up, open_page: Opener) -> None:
    email = "no-script@mail.example"
    watched = open_page(1280, java_script_enabled=False)
    prospect = BrowserProspect(watched, up.site, email, "312-555-0151", look_at_pages=False)
    prospect.read_guide()
    prospect.answer_questions()
    prospect.tick(NEAR)
    prospect.give_details(NEAR)
    prospect.send(NEAR)
    assert wait_until(lambda: count_leads(up, email) == 1, 20)
    prospect.withdraw(NEAR)


def test_the_whole_way_goes_by_keyboard_alone(up: Up, open_page: Opener) -> None:
    email = "keyboard@mail.example"
    watched = open_page(390)
    page, press, write = watched.page, watched.page.keyboard.press, watched.page.keyboard.type
    page.goto(up.site + "/programs/medical-billing-and-coding")
    press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    press("Enter")
    watched.tab_to(page.locator("#find").get_by_label("ZIP code"))
    write("60601")
    press("Enter")

    watched.tab_to(page.get_by_label("No preference"))
    press("ArrowDown")
    press("ArrowUp")
    watched.tab_to(page.get_by_role("button", name="Continue"))
    press("Enter")

    watched.tab_to(page.get_by_label("Either one"))
    press("ArrowUp")
    press("ArrowDown")
    watched.tab_to(page.get_by_role("button", name="Continue"))
    press("Space")

    watched.tab_to(page.get_by_role("button", name="Show my schools"))
    press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    watched.tab_to(page.locator(".error-summary a").first)
    press("Enter")
    expect(page.get_by_label("Yes", exact=True)).to_be_focused()
    press("Space")
    watched.tab_to(page.get_by_label("High-school diploma"))
    press("Space")
    watched.tab_to(page.get_by_role("button", name="Show my schools"))
    press("Enter")

    watched.tab_to(page.get_by_label(f"Send my details to this school: {NEAR}"))
    press("Space")
    watched.tab_to(page.get_by_role("button", name="Continue"))
    press("Enter")

    for label, words in {"Full name": "Kay Example", "Email address": email, "Phone number": "312-555-0152"}.items():
        watched.tab_to(page.get_by_label(label))
        write(words)
    watched.tab_to(page.get_by_label("by email"))
    press("Space")
    watched.tab_to(page.get_by_role("button", name="Continue to check your answers"))
    press("Enter")
    watched.tab_to(page.get_by_role("button", name="Send my details to 1 school"))
    press("Enter")

    watched.tab_to(page.get_by_role("link", name="See your request"))
    press("Enter")
    watched.tab_to(page.locator("summary").first)
    press("Enter")
    watched.tab_to(page.get_by_role("button", name=f"Withdraw from {NEAR}"))
    press("Enter")
    expect(page.get_by_text("Withdrawn", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_every_plain_page_can_be_used_by_everybody(up: Up, open_page: Opener, name: str, width: int) -> None:
    watched = open_page(width)
    answer = watched.page.goto(up.site + PLAIN_PAGES[name])
    assert answer is not None
    assert answer.status == ERRORS.get(name, HTTPStatus.OK), "a page of another error could be used by everybody too"
    watched.look(name)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_that_take_no_details_say_what_to_do_next(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    page.goto(up.site + "/inquiry/start")
    page.get_by_label("Program").select_option(label="Medical billing and coding")
    page.get_by_label("ZIP code").fill("99723")
    page.get_by_role("button", name="Show schools").click()
    page.get_by_label("Associate degree").check()
    page.get_by_label("CCS:").check()
    page.get_by_label("CMRS:").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("On a campus").check()
    page.get_by_label("How far would you travel").select_option(label="Up to 10 miles")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Neither of these yet").check()
    page.get_by_role("button", name="Show my schools").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We can pass on requests from age 18")
    watched.look("under-18")
    page.get_by_role("link", name="Change your answer").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Show my schools").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No school fits everything you asked for")
    watched.look("no-schools")
