"""One inquiry at a real browser: what nobody knows is settled, one more school is asked about, and two reviewers
meet."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accounts import give_password, make_user
from tests.browser.test_workplaces import BY_PORTAL, BY_WEBHOOK, count_arrivals, sign_in
from tests.browser.watched import Watched
from tests.http_prospect import HttpProspect
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Opener = Callable[..., Watched]


def behave(up: Up, host: str, **told: object) -> None:
    """Tell a sample school how to take what comes next."""
    body = json.dumps({"host": host, **told}).encode()
    asked = urllib.request.Request(f"{up.sandbox}/behave", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 200


def inquire(up: Up, name: str, email: str, phone: str, *schools: str) -> str:
    """The whole walk; gives the reference."""
    sent = HttpProspect(up.site, name, email, phone).inquire(schools=list(schools), ways=("email", "call"))
    letters = sent.removeprefix("/inquiry/sent/")[:10]
    return f"{letters[:2]}-{letters[2:6]}-{letters[6:]}"


def open_inquiry(up: Up, page: Page, reference: str) -> None:
    page.goto(f"{up.site}/desk/inquiries/{reference}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


@pytest.mark.parametrize(
    ("width", "button", "said", "arrived"),
    [(1280, "School has it", "the school has it", 0), (390, "School does not have it", "does not have it", 1)],
)
def test_what_nobody_knows_is_settled_either_way(
    up: Up, open_page: Opener, width: int, button: str, said: str, arrived: int
) -> None:
    email = f"uma-{width}@mail.example"
    behave(up, "quillwater.example", act="close", times=1, taken=False)
    reference = inquire(up, "Uma Example", email, f"773-555-01{width % 97:02}", BY_WEBHOOK)
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")

    def is_uncertain() -> bool:
        open_inquiry(up, page, reference)
        return page.get_by_role("heading", name="1 delivery needs you").count() == 1

    assert wait_until(is_uncertain, 30)
    watched.look("inquiry-uncertain")
    page.get_by_role("link", name="Settle it").click()
    page.get_by_label("How do you know?").select_option(label="The school told us")
    page.locator(".delivery").get_by_label("In your words").fill("Cora at the desk looked it up")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(f"Settled: {'the school ' if arrived else ''}{said}").first).to_be_visible()
    assert wait_until(lambda: count_taken(up, email) == arrived, 20)
    open_inquiry(up, page, reference)
    expect(page.get_by_role("heading", name="Nothing waits for you here")).to_be_visible()
    expect(page.get_by_text("Cora at the desk")).to_have_count(0)
    page.get_by_role("button", name="Show the parcel about the lead").click()
    expect(page.get_by_text("to what was sent").last).to_be_visible()
    expect(page.get_by_text("Equal", exact=True).first).to_be_visible()
    expect(page.get_by_text(email)).to_be_visible()
    watched.look("inquiry-parcel")


def count_taken(up: Up, email: str) -> int:
    return sum(email in str(each["content"]) and each["taken"] for each in up.arrivals() if "_lead_" in each["key"])


@pytest.mark.parametrize(
    ("width", "button", "said"),
    [(1280, "Yes, send my details to", "You said yes"), (390, "No, send nothing", "You said no")],
)
def test_one_more_school_is_asked_about_and_she_answers(
    up: Up, open_page: Opener, width: int, button: str, said: str
) -> None:
    email = f"vera-{width}@mail.example"
    reference = inquire(up, "Vera Example", email, f"630-555-01{width % 89:02}", BY_PORTAL)
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    open_inquiry(up, page, reference)
    watched.look("inquiry")
    page.get_by_role("link", name="Ask about another school").click()
    watched.look("inquiry-ask")
    page.get_by_label("Quillwater Community College").check()
    page.get_by_label("Reason").select_option(label="The person asked for more schools")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="Asked about later")).to_be_visible()
    watched.look("inquiry-asked")

    assert wait_until(lambda: find_asking(up, email) is not None, 20)
    hers = open_page(width)
    hers.page.goto(str(find_asking(up, email)))
    expect(hers.page.get_by_text("Quillwater Community College may contact me by email and phone call")).to_be_visible()
    hers.look("asking")
    hers.page.get_by_role("button", name=button).click()
    expect(hers.page.get_by_role("status").get_by_text(said)).to_be_visible()
    hers.page.goto(str(find_asking(up, email)))
    expect(hers.page.get_by_role("heading", name="This question is closed")).to_be_visible()
    hers.look("asking-over")

    yes = said.endswith("yes")
    assert wait_until(lambda: count_arrivals(up, email) == int(yes), 20)
    open_inquiry(up, page, reference)
    expect(page.locator(".trail").get_by_text(f"The person said {'yes' if yes else 'no'} to another")).to_be_visible()
    watched.look("inquiry-answered")


def find_asking(up: Up, email: str) -> str | None:
    """The link in the letter that asks this person."""
    for each in up.arrivals():
        found = re.search(r"http://[^\s\"<]+/asking/[0-9a-f]{32}", str(each["content"]))
        if found and email in str(each):
            return found[0]
    return None


def test_two_reviewers_at_one_inquiry_and_the_second_is_told(up: Up, open_page: Opener) -> None:
    phone = "847-555-0177"
    inquire(up, "Wanda Example", "wanda@mail.example", phone, BY_PORTAL)
    reference = inquire(up, "Wanda Example", "wanda@mail.example", phone, BY_PORTAL)
    make_user(up, "first@firststep.example")
    first, second = open_page(1280).page, open_page(390).page
    give_password(first, up.site, "first@firststep.example")
    sign_in(up, second, "admin")
    for page in (first, second):
        open_inquiry(up, page, reference)
        expect(page.get_by_role("heading", name="1 school waits for your decision")).to_be_visible()
    first.locator("summary", has_text="Decline").first.click()
    first.get_by_label("Reason").locator("visible=true").select_option(label="The school has this request already")
    first.get_by_role("button", name="Decline", exact=True).click()
    expect(first.get_by_text("Declined for Bramblewick Technical Institute.")).to_be_visible()
    second.get_by_role("button", name="Release 1 lead").click()
    expect(second.get_by_text("Declined already by first@firststep.example on")).to_be_visible()
    expect(second.locator("h1").get_by_text("Declined")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_inquiries_are_looked_through_by_everybody(up: Up, open_page: Opener, width: int) -> None:
    reference = inquire(up, "Xenia Example", f"xenia-{width}@mail.example", f"312-555-01{width % 83:02}", BY_PORTAL)
    watched = open_page(width)
    page = watched.page
    sign_in(up, page, "admin")
    page.get_by_role("link", name="Inquiries", exact=True).click()
    page.get_by_label("School", exact=True).fill("bramblewick")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    assert "school=bramblewick" in page.url
    watched.look("inquiries")
