"""The worklist at a real browser: a bin cleared by keyboard alone, many lines at once, and two at one line."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accounts import give_password, make_user
from tests.browser.test_workplaces import sign_in
from tests.browser.watched import Watched
from tests.http_prospect import HttpProspect
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Opener = Callable[..., Watched]

WIDTHS = (390, 1280)
TWENTY = 20


def send_held(up: Up, count: int, school: str, who: str) -> list[str]:
    """The same person to the same school: all but the first are held. Gives their references, oldest first."""
    email, phone = f"{who}@mail.example", f"773-555-01{len(who) + count:02}"
    sent = [HttpProspect(up.site, "Ida Example", email, phone).inquire(schools=[school]) for _ in range(count + 1)]
    letters = [each.removeprefix("/inquiry/sent/")[:10] for each in sent[1:]]
    return [f"{each[:2]}-{each[2:6]}-{each[6:]}" for each in letters]


def open_bin(up: Up, page: Page, school: str) -> None:
    page.goto(f"{up.site}/desk?bin=held&school={school}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Held for review")


def tick(page: Page, reference: str) -> None:
    page.get_by_role("checkbox", name=f"Tick {reference}").check()


def expect_done(page: Page, words: str) -> None:
    """The job's page says so by itself, without loading it by hand."""
    expect(page.get_by_text(words)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)


def test_a_bin_of_twenty_is_cleared_by_keyboard_alone(up: Up, open_page: Opener) -> None:
    school = "tansybrook-college-of-health-careers"
    send_held(up, TWENTY, school, "ida-keys")
    watched = open_page(1280)
    page = watched.page
    sign_in(up, page, "admin")
    open_bin(up, page, school)
    expect(page.locator("[data-line]")).to_have_count(TWENTY)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    watched.look("desk-keys-dialog")
    page.keyboard.press("Escape")
    for _ in range(TWENTY):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.get_by_text(f"{TWENTY} ticked")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("x")
    watched.look("desk-ticked")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Decline: {TWENTY} of {TWENTY}?")
    watched.look("desk-bulk")
    watched.tab_to(page.get_by_label("Reason"))
    page.keyboard.press("N")
    expect(page.get_by_label("Reason")).to_have_value("not_genuine")
    watched.tab_to(page.get_by_role("button", name=f"Decline: {TWENTY}"))
    page.keyboard.press("Enter")
    expect_done(page, f"{TWENTY} of {TWENTY}: {TWENTY} declined, 0 skipped")
    watched.look("desk-job")
    open_bin(up, page, school)
    expect(page.get_by_text("Nothing in this bin is like that")).to_be_visible()


def test_keys_mean_nothing_in_fields_and_can_be_switched_off(up: Up, open_page: Opener) -> None:
    school = "milkvetch-college-online"
    (reference,) = send_held(up, 1, school, "ida-fields")
    make_user(up, "kim@firststep.example")
    watched = open_page(1280)
    page = watched.page
    give_password(page, up.site, "kim@firststep.example")
    open_bin(up, page, school)
    page.keyboard.press("/")
    field = page.get_by_role("textbox", name="Reference, email or phone")
    expect(field).to_be_focused()
    page.keyboard.type("jxar?")
    expect(field).to_have_value("jxar?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    field.fill("")
    field.blur()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=reference)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Release 1 lead")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#reason-decline-all")).to_be_focused()
    page.goto(f"{up.site}/desk/keys")
    watched.look("desk-keys")
    page.get_by_role("button", name="Switch single keys off").first.click()
    open_bin(up, page, school)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=reference)).not_to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_many_are_released_and_three_are_skipped_with_the_reason(up: Up, open_page: Opener, width: int) -> None:
    school, sam = "windflower-distance-college", f"sam-{width}@firststep.example"
    claimed, withdrawn, decided, *fine = send_held(up, 6, school, f"ida-bulk-{width}")
    make_user(up, sam)
    watched, other = open_page(width), open_page(1280).page
    page = watched.page
    sign_in(up, page, "admin")
    open_bin(up, page, school)
    for reference in (claimed, withdrawn, decided, *fine):
        tick(page, reference)
    give_password(other, up.site, sam)
    open_inquiry(up, other, claimed)
    other.get_by_role("button", name=f"Take {claimed}").click()
    open_inquiry(up, other, withdrawn)
    act(other, "Withdraw", "The person wrote to us")
    open_inquiry(up, other, decided)
    act(other, "Decline", "Not a real request")
    page.get_by_role("button", name="Release…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release: 3 of 6?")
    for words in (f"{sam} works on this, until", "The consent was withdrawn", f"Declined already by {sam} on"):
        expect(page.get_by_text(words).first).to_be_visible()
    watched.look("desk-bulk-skipping")
    page.get_by_role("button", name="Release: 3").click()
    expect_done(page, "6 of 6: 3 released, 3 skipped")
    watched.look("desk-job-skipped")
    for reference in fine:
        open_inquiry(up, page, reference)
        expect(page.get_by_text("Lead released").first).to_be_visible()
    page.goto(f"{up.site}/desk/jobs")
    watched.look("desk-jobs")


def open_inquiry(up: Up, page: Page, reference: str) -> None:
    page.goto(f"{up.site}/desk/inquiries/{reference}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


def act(page: Page, words: str, reason: str) -> None:
    """Open a decision's form, choose the reason, and press its button."""
    form = page.locator("details.act", has=page.locator("summary", has_text=re.compile(f"^{words}"))).first
    form.locator("summary").click()
    form.get_by_label("Reason").first.select_option(label=reason)
    form.get_by_role("button", name=words).click()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_second_of_two_sees_who_works_on_a_line_and_what_was_done(up: Up, open_page: Opener, width: int) -> None:
    school, names = "fernhollow-virtual-institute", [f"{name}-{width}@firststep.example" for name in ("rita", "tom")]
    (reference,) = send_held(up, 1, school, f"ida-two-{width}")
    first, second = open_page(width), open_page(width)
    for name, watched in zip(names, (first, second), strict=True):
        make_user(up, name)
        give_password(watched.page, up.site, name)
        open_bin(up, watched.page, school)
    first.page.get_by_role("button", name=f"Take {reference}").click()
    expect(first.page.get_by_text("Yours", exact=True)).to_be_visible()
    first.look("desk-claimed")
    second.page.reload()
    expect(second.page.get_by_text(names[0])).to_be_visible()
    second.look("desk-claimed-by-another")
    open_inquiry(up, second.page, reference)
    second.page.get_by_role("button", name="Release 1 lead").click()
    expect(second.page.get_by_text(f"{names[0]} works on this, until")).to_be_visible()
    open_inquiry(up, first.page, reference)
    first.page.get_by_role("button", name="Release 1 lead").click()
    expect(first.page.get_by_text("Released to Fernhollow").first).to_be_visible()
    first.page.get_by_role("button", name=f"Let go {reference}").click()
    second.page.get_by_role("button", name="Release 1 lead").click()
    expect(second.page.get_by_text(re.compile(f"Released already by {names[0]} on .* UTC")).first).to_be_visible()


def test_counts_follow_without_loading_the_page(up: Up, open_page: Opener) -> None:
    school = "harebell-online-college"
    send_held(up, 1, school, "ida-counts")
    watched = open_page(1280)
    page = watched.page
    sign_in(up, page, "admin")
    open_bin(up, page, school)
    count = page.locator('[data-bin="held"]')
    before = int(count.inner_text())
    send_held(up, 2, school, "ida-counts")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert wait_until(lambda: int(count.inner_text()) == before + 3, 60)
    expect(page.get_by_role("link", name="Show the list as it is now")).to_be_visible()
    watched.look("desk-counts")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_is_narrowed_and_kept_as_a_view(up: Up, open_page: Opener, width: int) -> None:
    make_user(up, f"vic-{width}@firststep.example")
    watched = open_page(width)
    page = watched.page
    give_password(page, up.site, f"vic-{width}@firststep.example")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Waits at least").select_option(label="7 days")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("age=7d"))
    expect(page.get_by_text("Nothing in this bin is like that")).to_be_visible()
    page.locator("summary", has_text="Save this view").click()
    watched.look("desk-narrowed")
    page.get_by_label("Name, for yourself").fill("Old ones")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{up.site}/desk")
    page.get_by_role("link", name="Old ones").click()
    expect(page).to_have_url(re.compile("age=7d"))
    watched.look("desk-view")
    page.get_by_role("button", name="Remove the view Old ones").click()
    expect(page.get_by_role("link", name="Old ones")).to_have_count(0)
