"""Staff and a school at a real browser: a held inquiry goes out, and a school takes or returns its leads."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched import Watched
from tests.http_prospect import HttpProspect
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
BY_WEBHOOK, BY_PORTAL = "quillwater-community-college", "bramblewick-technical-institute"

Opener = Callable[..., Watched]


def sign_in(up: Up, page: Page, role: str) -> None:
    """With the password that was shown at the first start."""
    login = next(login for login in up.told["logins"] if login["role"] == role)
    page.goto(up.told["desk" if role == "admin" else "portal"])
    page.get_by_label("Email address").fill(login["email"])
    page.get_by_label("Password").fill(login["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def send_twice(up: Up, name: str, email: str, phone: str) -> None:
    """The same person to the same school: the second time is held, because it is the second."""
    prospect = HttpProspect(up.site, name, email, phone)
    prospect.inquire(schools=[BY_WEBHOOK])
    assert wait_until(lambda: count_arrivals(up, email) == 1, 20)
    HttpProspect(up.site, name, email, phone).inquire(schools=[BY_WEBHOOK, BY_PORTAL], ways=("email", "call"))


def count_arrivals(up: Up, email: str) -> int:
    """How often this person's address reached the school that takes webhooks."""
    arrivals = [each for each in up.arrivals() if "_lead_" in each["key"]]
    return sum(email in str(each["content"]) for each in arrivals)


def open_lead_of(page: Page, name: str) -> None:
    """Open leads from the inbox, newest first, until it is this person's, who may come a moment later."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inbox")
    inbox, deadline = page.url, time.monotonic() + 30
    while time.monotonic() < deadline:
        page.goto(inbox)
        for link in [each.get_attribute("href") for each in page.locator("tbody th a").all()]:
            page.goto(page.url.split("/portal")[0] + str(link))
            show = page.get_by_role("button", name="Show contact details")
            if show.count():
                show.click()
            if page.get_by_role("heading", level=1, name=name).count():
                return
    raise AssertionError(f"{name} is not in the inbox")


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_look_into_a_held_inquiry_and_release_it(up: Up, open_page: Opener, width: int) -> None:
    email = f"bea-{width}@mail.example"
    send_twice(up, "Bea Example", email, f"773-555-01{width % 100:02}")
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Held for review")
    watched.look("desk-worklist")
    watched.shoot("desk-worklist")

    page.locator("tbody th a").last.click()
    expect(page.get_by_text("The same email was given for this school within 90 days").first).to_be_visible()
    expect(page.get_by_text(email)).to_have_count(0)
    watched.look("desk-inquiry")
    watched.shoot("desk-inquiry")
    page.get_by_role("button", name="Show what is sealed").click()
    expect(page.get_by_text(email)).to_be_visible()
    watched.look("desk-inquiry-shown")
    page.get_by_role("link", name="Hide").click()
    page.locator("summary", has_text="Decline").first.click()
    watched.look("desk-inquiry-decline")
    page.get_by_role("button", name="Release 1 lead").click()
    expect(page.get_by_text("Released", exact=True).first).to_be_visible()
    assert wait_until(lambda: count_arrivals(up, email) == 2, 20)

    page.reload()
    history = page.locator(".trail")
    for words in ("Contact details shown", "Choice released", "Lead released", "Delivered"):
        expect(history.get_by_text(words).first).to_be_visible()
    expect(page.get_by_text("chain verified")).to_be_visible()
    watched.look("desk-inquiry-released")
    page.get_by_role("link", name="Every rule on every offering").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("offerings")
    watched.look("desk-why-not")
    page.get_by_role("link", name="Try other criteria").click()
    page.get_by_label("ZIP code").fill("60601")
    page.get_by_role("button", name="Judge every offering").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("offerings")
    watched.look("desk-what-if")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_other_page_of_the_desk_can_be_used_by_everybody(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    for name in ("Uncertain", "Failed", "Endpoints", "Withdrawals", "Returns"):
        page.get_by_role("navigation", name="Bins").get_by_role("link", name=name).click()
        watched.look(f"desk-{name.lower()}")
    page.get_by_role("link", name="Schools", exact=True).click()
    watched.look("desk-schools")
    page.get_by_role("link", name="Quillwater Community College").click()
    watched.look("desk-school")
    page.get_by_role("link", name="Webhook").click()
    watched.look("desk-endpoint")
    for name in ("Campuses", "Offerings", "Endpoints"):
        page.get_by_role("link", name="Schools", exact=True).first.click()
        page.get_by_role("navigation", name="Directory").get_by_role("link", name=name).click()
        watched.look(f"desk-{name.lower()}-list")
    page.get_by_role("textbox", name="Reference, email or phone").fill("nobody@mail.example")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing found")
    watched.look("desk-nothing-found")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_school_accepts_one_lead_and_returns_another(up: Up, open_page: Opener, width: int) -> None:
    for name, number in (("Cleo Example", 50), ("Dora Example", 60)):
        email, phone = f"{name[:4].lower()}-{width}@mail.example", f"847-555-01{number + width % 7}"
        HttpProspect(up.site, name, email, phone).inquire(schools=[BY_PORTAL], ways=("email", "text"))
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "school")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inbox")
    watched.look("portal-inbox")
    watched.shoot("portal-inbox")

    page.locator("tbody th a").first.click()
    watched.look("portal-lead-sealed")
    page.get_by_role("link", name="Inbox").first.click()
    open_lead_of(page, "Dora Example")
    watched.look("portal-lead")
    watched.shoot("portal-lead")
    page.get_by_role("button", name="Accept this lead").click()
    expect(page.get_by_text("Accepted", exact=True)).to_be_visible()
    watched.look("portal-lead-accepted")

    page.get_by_role("link", name="Inbox").first.click()
    open_lead_of(page, "Cleo Example")
    page.locator("summary", has_text="Return it").click()
    watched.look("portal-lead-return")
    page.get_by_label("Why do you return it?").select_option(label="The number or address is wrong")
    page.get_by_role("button", name="Return this lead").click()
    expect(page.get_by_text("Returned", exact=True)).to_be_visible()
    watched.look("portal-lead-returned")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sandbox_shows_what_schools_received(up: Up, open_page: Opener, width: int) -> None:
    HttpProspect(up.site, "Edda Example", f"edda-{width}@mail.example", f"630-555-01{width % 100:02}").inquire(
        schools=[BY_WEBHOOK]
    )
    assert wait_until(lambda: count_arrivals(up, f"edda-{width}@mail.example") == 1, 20)
    watched = open_page(width)
    watched.page.goto(up.sandbox)
    expect(watched.page.get_by_text("Signature checked: good").first).to_be_visible()
    watched.look("sandbox")
    watched.shoot("sandbox", watched.page.locator("article", has_text="Signature checked: good").first)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_wrong_password_says_what_to_do(up: Up, open_page: Opener, width: int) -> None:
    watched = open_page(width)
    watched.page.goto(up.told["desk"])
    watched.page.get_by_label("Email address").fill("nobody@firststep.example")
    watched.page.get_by_label("Password").fill("not the password")
    watched.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(watched.page.locator(".error-summary")).to_be_focused()
    watched.look("login-error")
