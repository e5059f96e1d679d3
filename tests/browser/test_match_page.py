"""The list, the comparison and the consent in a real browser: what is measured there, and walks that are broken off."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.prospect import BrowserProspect
from tests.browser.test_prospect import FIRST, NEAR, ONLINE, count_leads
from tests.browser.watched import Watched
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
LEAST_PIXELS = 16
LEAST_CONTRAST = 7.0
# text size, and contrast of the words on what lies behind them (WCAG 2.2, relative luminance)
MEASURE = """(e) => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b); };
  let behind = e; while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
  const [a, b] = [light(getComputedStyle(e).color), light(getComputedStyle(behind).backgroundColor)].sort((x, y) => y - x);
  return {size: parseFloat(getComputedStyle(e).fontSize), contrast: (a + .05) / (b + .05), seen: e.getBoundingClientRect().height > 0};
}"""  # noqa: E501 - one expression

Opener = Callable[..., Watched]


def walk_to_list(up: Up, watched: Watched, email: str, phone: str) -> BrowserProspect:
    prospect = BrowserProspect(watched, up.site, email, phone, look_at_pages=False)
    prospect.read_guide()
    prospect.answer_questions()
    return prospect


@pytest.mark.parametrize("width", WIDTHS)
def test_schools_are_sorted_compared_and_agreed_to_in_words_that_can_be_read(
    up: Up, open_page: Opener, width: int
) -> None:
    watched = open_page(width)
    prospect = walk_to_list(up, watched, f"cora-{width}@gmial.com", "312-555-0161")
    page = prospect.page
    page.get_by_text("Sort and filter").click()
    page.get_by_label("In order of").select_option("cost")
    page.get_by_label(f"Send my details to this school: {NEAR}").check()
    page.get_by_role("button", name="Show the list so").click()
    expect(page.get_by_text("In order of: Cost, lowest first.")).to_be_visible()
    assert page.url.endswith("/inquiry/schools?sort=cost")
    expect(page.get_by_label(f"Send my details to this school: {NEAR}")).to_be_checked()
    watched.look("schools-sorted")
    for school in (FIRST, NEAR):
        page.get_by_label(f"Compare: {school}").check()
    page.get_by_role("button", name="Compare the schools").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 schools compared")
    watched.look("compare")
    page.get_by_role("link", name="Back to the list, to tick schools").click()
    page.get_by_label(f"Send my details to this school: {FIRST}").check()
    prospect.go_on()
    page.get_by_label("Full name").fill("Cora Example")
    page.get_by_label("Email address").fill(prospect.email)
    prospect.find_ways(NEAR).get_by_label("by email").check()
    prospect.go_on("Continue to check your answers")
    expect(page.get_by_text(f"You ticked no way for {FIRST} to contact you")).to_be_visible()
    expect(page.get_by_text("Did you mean")).to_be_visible()
    watched.look("check-hints")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for words in page.locator(".agreed p").all():
            measured = words.evaluate(MEASURE)
            assert measured["seen"]
            assert measured["size"] >= LEAST_PIXELS, measured
            assert measured["contrast"] >= LEAST_CONTRAST, measured


def test_back_refresh_and_a_second_tab_lose_nothing_and_send_nothing_unread(up: Up, open_page: Opener) -> None:
    email = "tabs@mail.example"
    prospect = walk_to_list(up, open_page(1280), email, "312-555-0162")
    prospect.tick(FIRST, NEAR)
    page = prospect.page
    page.get_by_label("Full name").fill("Ada Example")
    page.get_by_label("Email address").fill(email)
    for school in (FIRST, NEAR):
        prospect.find_ways(school).get_by_label("by email").check()
    prospect.go_on("Continue to check your answers")
    page.reload()
    page.go_back()
    expect(page.get_by_label("Full name")).to_have_value("Ada Example")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    other = page.context.new_page()
    other.goto(up.site + "/inquiry/schools")
    other.get_by_label(f"Send my details to this school: {FIRST}").uncheck()
    other.get_by_role("button", name="Continue", exact=True).click()
    # the first tab still shows both schools: what it shows is not what would be sent
    page.get_by_role("button", name="Send my details to 2 schools").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Your details for 1 school|Check your answers")
    )
    assert count_leads(up, email) == 0
    page.goto(up.site + "/inquiry/check")
    page.get_by_role("button", name="Send my details to 1 school").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert wait_until(lambda: count_leads(up, email) == 1, 20)
    page.go_back()
    page.reload()
    assert count_leads(up, email) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_back_opens_on_another_device(up: Up, open_page: Opener, width: int) -> None:
    email = f"later-{width}@mail.example"
    watched = open_page(width)
    prospect = walk_to_list(up, watched, email, "312-555-0163")
    prospect.tick(NEAR)
    page = prospect.page
    page.get_by_role("link", name="Save and finish later").click()
    watched.look("save")
    page.get_by_label("Your email address").fill(email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The link is on its way")
    watched.look("saved")
    assert wait_until(lambda: find_way_back(up, email) is not None, 20)
    hers = open_page(width)
    hers.page.goto(str(find_way_back(up, email)))
    hers.look("return")
    hers.page.get_by_role("button", name="Go on with my search").click()
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Your details for 1 school")


def find_way_back(up: Up, email: str) -> str | None:
    for each in up.arrivals():
        found = re.search(r"http://[^\s\"<]+/inquiry/saved/[0-9a-f]{32}", str(each["content"]))
        if found and email in str(each):
            return found[0]
    return None


def test_a_school_that_fills_up_before_the_last_post_is_told_of_and_the_others_go(up: Up, open_page: Opener) -> None:
    email = "full@mail.example"
    prospect = walk_to_list(up, open_page(390), email, "312-555-0164")
    prospect.tick(NEAR, ONLINE)
    prospect.give_details(NEAR, ONLINE)
    expect(prospect.page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    before = set_cap(up, NEAR, 0)
    try:
        prospect.go_on("Send my details to 2 schools")
        expect(prospect.page.get_by_text(f"{NEAR} filled up while you were writing")).to_be_visible()
    finally:
        set_cap(up, NEAR, before)
    assert wait_until(lambda: count_leads(up, email) == 1, 20)
    with sqlite3.connect(up.folder / "leadgen.sqlite3") as database:
        last = "SELECT school_id FROM consent WHERE inquiry_id = (SELECT max(id) FROM inquiry)"
        assert len(database.execute(last).fetchall()) == 1


def set_cap(up: Up, school: str, cap: int | None) -> int | None:
    """Let a school take so many a day; gives how many it took before."""
    with sqlite3.connect(up.folder / "leadgen.sqlite3", timeout=20) as database:
        before = database.execute("SELECT daily_cap FROM school WHERE name = ?", (school,)).fetchone()[0]
        database.execute("UPDATE school SET daily_cap = ? WHERE name = ?", (cap, school))
    return None if before is None else int(before)
