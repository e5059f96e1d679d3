"""No page in Spanish has English words left over that the catalogue knows."""

import re
from functools import cache

from babel.messages.pofile import read_po
from flask import Flask

from tests.inquiries import add_school
from tests.web.visitor import Visitor
from tests.web.workplace import database
from tests.words.gather import SPANISH
from tests.words.pseudo import read_text

PUBLIC = (
    "/",
    "/programs",
    "/programs/medical-billing-and-coding",
    "/programs/medical-billing-and-coding/illinois",
    "/programs/compare",
    "/programs/compare?programs=phlebotomy&programs=medical-assistant",
    "/programs/which",
    "/programs/which?patients=most&blood=fine",
    "/how-it-works",
    "/who-pays",
    "/your-data",
    "/nowhere",
    "/login",
    "/password",
    "/asking/0123",
    "/inquiry/goals",
)


@cache
def list_english() -> list[str]:
    """Sentences and phrases of English that are known, and are other words in Spanish."""
    with SPANISH.open("rb") as file:
        texts = [(message.id, message.string) for message in read_po(file, locale="es") if message.id]
    pairs = [(each[0], said[0]) if isinstance(each, tuple) else (each, said) for each, said in texts]
    parts = [part for english, said in pairs if english != said for part in re.split(r"%\(\w+\)s|<[^>]*>", english)]
    return [part.strip() for part in parts if len(part.split()) > 3]


def list_left(page: str) -> list[str]:
    text = " ".join(read_text(page).split())
    return [words for words in list_english() if words in text]


def test_the_public_pages_have_no_english_left(app: Flask) -> None:
    with database(app) as session:
        add_school(session, "larkspur")
    visitor = Visitor(app, spoken="/es")
    left = {path: found for path in PUBLIC if (found := list_left(visitor.get(path).text))}
    assert left == {}


def test_the_inquiry_has_no_english_left_from_the_first_page_to_her_own(app: Flask) -> None:
    with database(app) as session:
        for school in ("larkspur", "bramble"):
            add_school(session, school)
    visitor = Visitor(app, spoken="/es")
    visitor.post("/inquiry/start", {"program": "medical-billing-and-coding", "zip": "606"})
    token = visitor.reach_check("larkspur", "bramble", ways=["email", "call", "text"])
    for path in ("goals", "place", "eligibility", "narrow", "schools", "details", "check", "save", "compare"):
        visitor.get(f"/inquiry/{path}")
    visitor.post("/inquiry/goals")
    visitor.post("/inquiry/place", {"zip": "00000"})
    visitor.post("/inquiry/schools")
    visitor.post("/inquiry/details", {"email": "no", "phone": "1"})
    sent = visitor.send(token)
    while sent.location:
        sent = visitor.get(sent.location.removeprefix("/es"))
    request = re.search(r'href="/es(/request/[^"#]+)"', sent.text)
    assert request
    visitor.get(request[1])
    visitor.post(f"{request[1]}/withdraw")
    visitor.get(request[1])
    shown = [answer.text for answer in visitor.answers if answer.mimetype == "text/html" and not answer.location]
    assert len(shown) > 15
    assert {found for page in shown for found in list_left(page)} == set()
