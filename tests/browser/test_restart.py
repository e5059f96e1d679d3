"""The site is killed and started again while somebody fills in the form: she notices nothing, and nothing is lost."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from tests.browser.prospect import BrowserProspect
from tests.browser.test_prospect import FIRST, NEAR, count_leads
from tests.browser.watched import Watched
from tests.journey.running import Up, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def kill_and_wait(up: Up) -> None:
    """Kill the web processes as a failing machine would; the supervisor starts them again."""
    before = up.group("web")
    os.killpg(before, signal.SIGKILL)
    assert wait_until(lambda: up.group("web") != before and answers(up), 30)


def answers(up: Up) -> bool:
    with suppress(OSError):
        return up.get("/readyz") == 200
    return False


def test_a_restart_between_two_steps_loses_neither_answers_nor_ticks_nor_another_tab(
    up: Up, open_page: Callable[..., Watched]
) -> None:
    email = "restart@mail.example"
    prospect = BrowserProspect(open_page(390), up.site, email, "312-555-0165", look_at_pages=False)
    page = prospect.page
    prospect.read_guide()
    kill_and_wait(up)
    # the page that was open is answered, and what the guide asked is still known
    prospect.answer_questions()
    expect(page.locator(".basis")).to_contain_text("60601")
    for school in (FIRST, NEAR):
        page.get_by_label(f"Send my details to this school: {school}").check()
    kill_and_wait(up)
    prospect.go_on()
    prospect.give_details(FIRST, NEAR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    other = page.context.new_page()
    other.goto(f"{up.site}/inquiry/schools")
    kill_and_wait(up)
    other.reload()
    for school in (FIRST, NEAR):
        expect(other.get_by_label(f"Send my details to this school: {school}")).to_be_checked()
    other.goto(f"{up.site}/inquiry/details")
    expect(other.get_by_label("Full name")).to_have_value(prospect.name)
    expect(other.get_by_label("Email address")).to_have_value(email)
    for school in (FIRST, NEAR):
        ways = other.get_by_role("group", name=f"{school} may contact me")
        expect(ways.get_by_label("by email")).to_be_checked()
    other.goto(f"{up.site}/inquiry/eligibility")
    expect(other.get_by_label("High-school diploma")).to_be_checked()
    prospect.go_on("Send my details to 2 schools")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert wait_until(lambda: count_leads(up, email) == 2, 30)
