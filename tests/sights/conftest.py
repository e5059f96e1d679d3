"""One walk through everything for each language, and one Chromium that shows what was seen."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.conftest import browser_type_launch_args
from tests.sights.album import Album
from tests.sights.pictures import take_pictures
from tests.sights.showing import Showing
from tests.sights.survey import Fault, survey
from tests.sights.town import build_town, open_town

__all__ = ["browser_type_launch_args"]  # a fixture, used by name


@pytest.fixture(scope="session")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Flask]:
    """Opens a copy of the installation that everything is seen in."""
    built = build_town(sqlite_template, tmp_path_factory.mktemp("town"))
    return lambda: open_town(built, tmp_path_factory.mktemp("copy"))


@pytest.fixture(scope="session")
def look(browser: Browser) -> Iterator[Callable[[Album], list[Fault]]]:
    """Look at every page of an album; gives what is wrong with them."""
    contexts = []

    def look_at(album: Album) -> list[Fault]:
        contexts.append(browser.new_context(locale=album.language, reduced_motion="reduce"))
        showing = Showing(contexts[-1], album)
        if os.environ.get("LEADGEN_SCREENSHOTS") == "1":
            take_pictures(showing, album)
            return []
        return survey(showing, list(album.sights.values()))

    yield look_at
    for context in contexts:
        context.close()
