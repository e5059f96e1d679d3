"""Public pages are light: with all that they fetch, under 100 KB as they travel."""

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient

from leadgen.config import ROOT
from leadgen.directory.sync import import_directory
from leadgen.guides.loader import list_programs
from tests.web.workplace import database

MOST_BYTES = 100_000
PATHS = [
    "/",
    "/programs",
    "/programs/which?patients=few&months=24",
    "/programs/compare?" + "&".join(f"program={each.slug}" for each in list_programs()[:4]),
    "/programs/medical-billing-and-coding/california",
    "/your-data",
    *(f"/programs/{each.slug}" for each in list_programs()),
]


def weigh(client: FlaskClient, path: str) -> int:
    return len(client.get(path, headers={"Accept-Encoding": "gzip, deflate, br, zstd"}).data)


def list_fetched(page: str) -> Iterator[str]:
    for tag in re.findall(r"<(?:link|script|img)[^>]+>", page):
        if "canonical" not in tag and (address := re.search(r'(?:href|src)="(/[^"]+)"', tag)):
            yield address[1]


def test_no_public_page_weighs_more_than_a_hundred_kilobytes(app: Flask) -> None:
    with database(app) as session:
        import_directory(session, "schools.csv", (ROOT / "schools.csv").read_bytes())
        session.commit()
    client = app.test_client()
    weights = {}
    for path in PATHS:
        page = client.get(path)
        assert page.status_code == 200, path
        weights[path] = weigh(client, path) + sum(weigh(client, each) for each in set(list_fetched(page.text)))
    print(max(weights.items(), key=lambda each: each[1]))
    assert all(weight < MOST_BYTES for weight in weights.values()), weights
