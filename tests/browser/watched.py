"""A page in a browser that notes every complaint, and can be looked at as people with different needs would."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request

from leadgen.config import ROOT

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# the rest of axe's rules ask nothing about colour, and get the same answers in the dark
IN_THE_DARK = ["color-contrast", "link-in-text-block"]
AXE = """(only) => axe.run(document, {resultTypes: ['violations'], runOnly: only, preload: false})
  .then(found => found.violations.map(v =>
    `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 140)).join(' | ')}`))"""
NARROWEST = 320
MOST_TABS = 150

WIDER = """(limit) => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > limit + 1 && !e.closest('.table-responsive, .trap, .visually-hidden'))
  .slice(0, 5).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)"""
FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {what: `${e.tagName} ${e.id} ${e.textContent.trim().slice(0, 40)}`, body: e === document.body,
    ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
    seen: r.bottom > 0 && r.top < innerHeight}; }"""


class Watched:
    """A page, and what the browser held against it: console errors, refused content, hosts that are not ours."""

    def __init__(self, page: Page, sites: Sequence[str]) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._hosts = {urlsplit(site).netloc for site in sites}
        self._pages: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._follow)

    @property
    def width(self) -> int:
        """Pixels, as opened."""
        assert self.page.viewport_size is not None
        return self.page.viewport_size["width"]

    def look(self, name: str) -> None:
        """Look at the page that is open. Nothing wrong for axe in light or dark, nothing that hangs over the edge.

        With ``LEADGEN_LOOK`` a picture of the whole page goes into that folder."""
        self.page.wait_for_load_state()  # a page that has only just begun has nothing in it to look at
        if folder := os.environ.get("LEADGEN_LOOK"):
            self.page.screenshot(path=Path(folder) / f"{name}-{self.width}.png", full_page=True)
        self._must_fit(name)
        self._must_be_accessible(name)
        assert self.complaints == [], name

    def shoot(self, name: str, first: Locator | None = None) -> None:
        """With ``LEADGEN_SCREENSHOTS=1``: what is on the screen, with ``first`` at its top, into docs/screenshots."""
        if os.environ.get("LEADGEN_SCREENSHOTS") != "1":
            return
        if first:
            first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 24)")
        self.page.emulate_media(color_scheme="light")
        self.page.screenshot(path=ROOT / "docs" / "screenshots" / f"{name}-{self.width}.png", caret="hide")

    def tab_to(self, target: Locator) -> None:
        """Press Tab until the focus is there; on the way it is never invisible or off the screen."""
        for _ in range(MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            assert focused["body"] or (focused["ring"] and focused["seen"]), f"{self.page.url}: {focused}"
        raise AssertionError(f"{self.page.url}: Tab never comes to {target}")

    def _hear(self, message: ConsoleMessage) -> None:
        # a page answered with 4xx is read like any other (422: something to mend); Chromium notes it as an error
        answered = "responded with a status of 4" in message.text and message.location["url"] in self._pages
        if message.type in ("error", "warning") and not answered:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _follow(self, request: Request) -> None:
        if request.is_navigation_request():
            self._pages.add(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "about") and parts.netloc not in self._hosts:
            self.complaints.append(f"{self.page.url} asked {parts.netloc}")

    def _must_fit(self, name: str) -> None:
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": NARROWEST, "height": size["height"]})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        over = self.page.evaluate(WIDER, NARROWEST) if wide > NARROWEST else []
        self.page.set_viewport_size(size)
        assert wide <= NARROWEST, f"{name} is {wide} pixels wide: {over}"

    def _must_be_accessible(self, name: str) -> None:
        self.page.evaluate(Axe().axe_script)
        for scheme in ("dark", "light"):
            assert ask_axe(self.page, scheme) == [], f"{name}, {scheme}, {self.width}"


def ask_axe(page: Page, scheme: str) -> list[str]:
    """What axe, which is in the page already, finds wrong with it in a scheme of colours."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    only = {"type": "rule", "values": IN_THE_DARK} if scheme == "dark" else {"type": "tag", "values": WCAG}
    return [str(each) for each in page.evaluate(AXE, only)]
