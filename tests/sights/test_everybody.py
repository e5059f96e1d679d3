"""Every page in every state, for everybody: at 320 and 1280 pixels, light and dark, in each language.

One visit to a page answers all questions about it; the tests below each ask one of them of all pages."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from leadgen.web.access import find_audience
from leadgen.web.sheet import BOOTSTRAP, read_sheet
from leadgen.web.trim import CLASS
from tests.sights.album import Album
from tests.sights.survey import Check, Fault
from tests.sights.walks import WALKS, list_page_templates

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# what no person reads in a browser
NO_PAGES = {
    "static",
    "sheet.static",
    "api.openapi",
    "api.schemas",
    "api.schema",
    "health.alive",
    "health.ready",
    "health.metrics",
    "prospect.sitemap",
    "prospect.robots",
    "prospect.security",
    "prospect.gpc",
    "language.choose_english",
    "inquiry.lead_back",
    "account.welcome",
    "desk.counts",
    "desk.demand_table",
    "desk.progress",
}
DOWNLOADED = {"prospect/request/data.html"}
# of the portal's folder, and for everybody who has the letter
FROM_LETTERS = {"portal/reply.html", "portal/reply_over.html"}


@pytest.fixture(scope="class")
def walked(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.cls.walk, request.cls.language


@pytest.fixture(scope="class")
def album(walked: tuple[str, str], town: Callable[[], Flask]) -> Album:
    walk, language = walked
    return WALKS[walk].take(town(), language)


@pytest.fixture(scope="class")
def faults(album: Album, look: Callable[[Album], list[Fault]]) -> list[Fault]:
    return look(album)


def list_classes(page: str) -> Iterator[str]:
    for value in re.findall(r'class="([^"]*)"', page):
        yield from value.split()


def find_switch(page: str) -> str:
    found = re.search(r'<a class="tongue"[^>]*>([^<]*)</a>', page)
    return found[1] if found else ""


class Everybody:
    """What is asked of every page that a walk comes to."""

    walk: str
    language: str

    def test_every_route_and_page_is_looked_at(self, album: Album, walked: tuple[str, str]) -> None:
        walk = WALKS[walked[0]]
        rules = [rule for rule in album.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        theirs = {rule.endpoint for rule in rules if find_audience(album.app, rule.endpoint) in walk.audiences}
        assert theirs - album.endpoints - NO_PAGES == set(), "give it a place on a walk, in tests/sights"
        pages = list_page_templates(*walk.folders)
        assert pages - album.templates - DOWNLOADED - FROM_LETTERS == set(), "bring it about on a walk, in tests/sights"

    def test_no_class_on_a_page_lost_its_rules_when_the_sheet_was_trimmed(self, album: Album) -> None:
        left_out = set(CLASS.findall(BOOTSTRAP.read_text())) - set(CLASS.findall(read_sheet()))
        used = {name for sight in album.sights.values() for name in list_classes(sight.body.decode())}
        assert used & left_out == set()
        assert len(used) > 50

    def test_the_switch_names_the_other_language_by_its_own_name(self, album: Album) -> None:
        other = {"en": "Español", "es": "English"}[album.language]
        named = {name: find_switch(sight.body.decode()) for name, sight in album.sights.items()}
        assert {name: found for name, found in named.items() if found and found != other} == {}
        assert other in named.values()

    @pytest.mark.parametrize(
        ("check", "promise"),
        [
            (Check.axe, "axe finds nothing, at either width, light and dark"),
            (Check.zoom, "at 400 percent nothing has to be scrolled sideways"),
            (Check.focus, "whatever takes the focus shows that it has it"),
            (Check.summary, "the focus is on what has to be mended"),
            (Check.targets, "whatever is pressed is at least 24 pixels each way"),
            (Check.motion, "nothing moves for who wants no motion"),
            (Check.console, "the browser complains of nothing and asks nobody else"),
        ],
        ids=lambda value: value if isinstance(value, Check) else "",
    )
    def test_every_page_in_every_state_can_be_used_by_everybody(
        self, faults: list[Fault], check: Check, promise: str
    ) -> None:
        assert [f"{fault.where}: {fault.what}" for fault in faults if fault.check is check] == [], promise


# a class each: where two processes share the work, each walk is taken in one of them
class TestInPublic(Everybody):
    walk, language = "public", "en"


class TestInPublicInSpanish(Everybody):
    walk, language = "public", "es"


class TestAtWork(Everybody):
    walk, language = "work", "en"


class TestAtWorkInSpanish(Everybody):
    walk, language = "work", "es"
