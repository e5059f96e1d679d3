"""What is wrong with a page: for axe at each width in each scheme, at four times its size, by keyboard, in motion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from axe_playwright_python.sync_playwright import Axe

from tests.browser.watched import WIDER, ask_axe
from tests.sights.album import Sight
from tests.sights.showing import Showing

HEIGHT = 900
NARROW, WIDE = 320, 1280
# every control that Tab comes to: what does not change at all when the focus is there
UNSEEN = """() => { const of = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  return [...document.querySelectorAll(of)].filter(e => e.checkVisibility() && !e.closest('.trap')).filter(e => {
    e.focus(); const s = getComputedStyle(e), r = e.getBoundingClientRect();
    return !(s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && r.top < innerHeight);
  }).slice(0, 5).map(e => e.outerHTML.slice(0, 140)); }"""
# WCAG 2.5.8: 24 by 24 pixels, but for links within a sentence
SMALL = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.checkVisibility() && !e.closest('.trap')).filter(e => {
    const label = e.labels && e.labels[0], boxes = [e, label].filter(Boolean).map(each => each.getBoundingClientRect());
    return !boxes.some(r => r.width >= 24 && r.height >= 24); })
  .slice(0, 5).map(e => `${Math.round(e.getBoundingClientRect().height)} px: ${e.outerHTML.slice(0, 120)}`)"""
MOVING = """() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);
    return [...s.transitionDuration.split(','), ...s.animationDuration.split(',')].some(d => parseFloat(d) > 0.011)
      || s.scrollBehavior === 'smooth'; }).slice(0, 5).map(e => e.outerHTML.slice(0, 100))"""
# a browser gives the focus that a page asks for when it paints, which may be after the page has loaded
SUMMARY = """async () => { await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const e = document.querySelector('.error-summary');
  return e && e !== document.activeElement ? [document.activeElement.outerHTML.slice(0, 100)] : []; }"""


class Check(StrEnum):
    """What is looked at."""

    axe = "axe"
    zoom = "zoom"
    focus = "focus"
    summary = "summary"
    targets = "targets"
    motion = "motion"
    console = "console"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    check: Check
    where: str
    what: str


def survey(showing: Showing, sights: Sequence[Sight]) -> list[Fault]:
    """Every fault of these pages."""
    return [Fault(*each) for sight in sights for each in _survey(showing, sight)]


def _survey(showing: Showing, sight: Sight) -> Iterator[tuple[Check, str, str]]:
    page = showing.page
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    showing.show(sight)
    for what in page.evaluate(SUMMARY):
        yield Check.summary, sight.name, what
    page.evaluate(Axe().axe_script)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in ("light", "dark"):
            for what in ask_axe(page, scheme):
                yield Check.axe, f"{sight.name}, {width} px, {scheme}", what
        for check, script in ((Check.targets, SMALL), (Check.focus, UNSEEN), (Check.motion, MOVING)):
            for what in page.evaluate(script):
                yield check, f"{sight.name}, {width} px", what
    # 1280 pixels at 400 % are 320
    if (found := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
        yield Check.zoom, sight.name, f"{found} px wide: {page.evaluate(WIDER, NARROW)}"
    for what in showing.complaints:
        yield Check.console, sight.name, what
