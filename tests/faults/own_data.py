"""What she does with her own data, by the link from her letter: she changes it, or has it erased."""

import re
from dataclasses import dataclass

from tests.faults.people import Row, deliveries
from tests.fleet import Fleet, wait_until
from tests.http_prospect import HttpProspect, find_field

Form = tuple[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Wish:
    """A form under her request, and what the schools that have her lead are told of, once each."""

    page: str
    fields: tuple[tuple[str, str], ...]
    told: tuple[str, ...]


CHANGE = Wish(
    "yours/change",
    (("contact_times", "morning"), ("language", "en")),
    ("change",),
)
ERASE = Wish("yours/erase", (), ("withdrawal", "erasure"))


def open_door(fleet: Fleet, her: HttpProspect, confirmation: str) -> str:
    """Ask for the link and follow it; gives the path of her request."""
    path = confirmation.replace("/inquiry/sent/", "/request/")
    _press(her, path, f"{path}/link")
    assert wait_until(lambda: _find_link(fleet, her, path)), "the letter with the link came"
    door = _find_link(fleet, her, path)
    _press(her, door, door)
    return path


def fill_in(her: HttpProspect, path: str, wish: Wish) -> Form:
    """The form as she sends it, as often as she likes. Each school that may contact her may still do so by email."""
    page = her.get(f"{path}/{wish.page}").page
    schools = sorted(set(re.findall(r'name="(channels-[\w-]+)"', page)))
    ways = [("phone", her.phone), *((school, "email") for school in schools)] if schools else []
    return f"{path}/{wish.page}", [("csrf_token", find_field(page, "csrf_token")), *wish.fields, *ways]


def withdraw(_fleet: Fleet, her: HttpProspect, confirmation: str) -> None:
    """From all schools, on the page of her request."""
    path = confirmation.replace("/inquiry/sent/", "/request/")
    token = find_field(her.get(path).page, "csrf_token")
    assert her.post(f"{path}/withdraw", [("csrf_token", token), ("school", "*")]).status == 303


def list_news(fleet: Fleet, confirmation: str) -> dict[str, list[Row]]:
    """What schools are told beside the lead itself, by what it is about."""
    found = {about: deliveries(fleet, confirmation, about) for about in ("withdrawal", "change", "erasure")}
    return {about: rows for about, rows in found.items() if rows}


def _press(her: HttpProspect, on: str, path: str) -> None:
    token = find_field(her.get(on).page, "csrf_token")
    assert her.post(path, [("csrf_token", token)]).status == 303


def _find_link(fleet: Fleet, her: HttpProspect, path: str) -> str:
    link = re.compile(path + r"/open/[0-9a-f]{32}")
    found = [link.search(str(letter["content"])) for letter in fleet.letters_to(her.email)]
    return next((each[0] for each in reversed(found) if each), "")
