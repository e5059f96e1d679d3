"""The whole way in Spanish, on a phone and on a desk: guide, form, schools, details, consent, sent, her page."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watched import Watched
from tests.journey.running import Up

pytestmark = pytest.mark.slow

# where to put what is to be looked at; nothing is kept without it
LOOK = os.environ.get("LEADGEN_LOOK")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_whole_way_in_spanish(up: Up, open_page: Callable[..., Watched], width: int) -> None:
    page = open_page(width).page
    page.goto(f"{up.site}/")
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(f"{up.site}/es/")
    look(page, "home", width)
    page.goto(f"{up.site}/es/programs/medical-billing-and-coding")
    look(page, "guide", width)
    page.locator("#find [name=zip]").fill("60601")
    page.locator("#find").get_by_role("button", name="Mostrar escuelas").click()
    look(page, "goals", width)
    go_on(page)
    look(page, "place", width)
    go_on(page)
    page.locator("[name=adult][value=yes]").check()
    page.locator("[name=education][value=high_school]").check()
    look(page, "eligibility", width)
    go_on(page, "Mostrar mis escuelas")
    look(page, "schools", width)
    page.locator("[name=schools]").nth(0).check()
    page.locator("[name=schools]").nth(1).check()
    page.locator("main form").get_by_role("button", name="Continuar").first.click()
    page.locator("[name=name]").fill("Ada Example")
    page.locator("[name=email]").fill(f"ada.es.{width}@mail.example")
    for box in page.locator("[name^=channels-][value=email]").all():
        box.check()
    look(page, "details", width)
    go_on(page, "Continuar")
    look(page, "check", width)
    expect(page.locator(".agreed").first).to_contain_text("puede comunicarse conmigo por correo electrónico")
    page.get_by_role("button", name="Enviar mis datos a 2 escuelas").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gracias")
    look(page, "sent", width)
    page.locator("main a[href*='/es/request/']").first.click()
    look(page, "request", width)


def go_on(page: Page, name: str = "Continuar") -> None:
    page.locator("main form").get_by_role("button", name=name).first.click()


def look(page: Page, name: str, width: int) -> None:
    """In Spanish, without a bar to scroll sideways."""
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    if LOOK:
        page.screenshot(path=str(Path(LOOK) / f"{name}-{width}.png"), full_page=True)
