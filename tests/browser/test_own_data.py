"""Her own data at a real browser: a link from a letter, a change, a download, an erasure; and what the school got."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_workplaces import BY_WEBHOOK
from tests.browser.watched import Watched
from tests.http_prospect import HttpProspect
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Opener = Callable[..., Watched]


def find_link(up: Up, email: str) -> str | None:
    """Where the newest letter with a link to her data leads."""
    letters = [str(each["content"]) for each in up.arrivals() if email in str(each)]
    found = [link for text in letters for link in re.findall(r"http://[^\s\"<]+/open/[0-9a-f]{32}", text)]
    return found[-1] if found else None


def list_told(up: Up, reference: str) -> list[str]:
    """What the school was told of a lead, in order."""
    contents = [str(each["content"]) for each in up.arrivals() if reference in str(each["content"])]
    return [found[0] for text in contents for found in [re.findall(r"lead\.\w+", text)] if found]


@pytest.mark.parametrize("width", [1280, 390])
def test_she_changes_withdraws_and_erases_and_the_school_is_told(up: Up, open_page: Opener, width: int) -> None:
    email, before, after = f"odile-{width}@mail.example", f"312-555-01{width % 83:02}", f"312-555-01{width % 79:02}"
    sent = HttpProspect(up.site, "Odile Example", email, before).inquire(schools=[BY_WEBHOOK], ways=("email", "call"))
    path = sent.replace("/inquiry/sent/", "/request/")
    assert wait_until(
        lambda: any(email in str(each["content"]) and "lead.created" in str(each) for each in up.arrivals()), 30
    )
    lead = next(
        found[0] for each in up.arrivals() if email in str(each) and (found := re.findall(r"LD-\w{4}-\w{4}", str(each)))
    )
    watched = open_page(width)
    page = watched.page
    page.goto(up.site + path)
    watched.look("request")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("It opens once, within 15 minutes")).to_be_visible()
    assert wait_until(lambda: find_link(up, email), 30)
    link = find_link(up, email) or ""
    page.goto(up.site + link[link.index("/request/") :])
    watched.look("own-door")
    page.get_by_role("button", name="Show what I gave").click()
    expect(page.get_by_text(email)).to_be_visible()
    watched.look("own")
    page.get_by_role("button", name="It contacts me too often").click()
    expect(page.get_by_text("You told us that it contacts you too often")).to_be_visible()
    page.get_by_role("link", name="Change this").click()
    page.get_by_label("Phone number").fill("12")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("US phone number")
    watched.look("own-change-error")
    page.get_by_label("Phone number").fill(after)
    page.get_by_label("Spanish").check()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("We pass it on to Quillwater")).to_be_visible()
    watched.look("own-changed")
    assert wait_until(lambda: list_told(up, lead) == ["lead.created", "lead.changed"], 30)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download to read").click()
    assert email in waiting.value.path().read_text(encoding="utf-8")
    page.get_by_role("link", name="Have it erased").click()
    watched.look("own-erase")
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Erased on")
    expect(page.get_by_text("Quillwater")).to_have_count(0)
    watched.look("erased")
    page.goto(up.site + link[link.index("/request/") :])
    expect(page.get_by_role("heading", level=1)).to_have_text("This link opens nothing any more")
    watched.look("own-link-over")
    wanted = ["lead.changed", "lead.created", "lead.erased", "lead.withdrawn"]
    assert wait_until(lambda: sorted(list_told(up, lead)) == wanted, 30)
    last = [str(each["content"]) for each in up.arrivals() if lead in str(each["content"])][-2:]
    assert not [text for text in last if email in text or "Odile" in text]
