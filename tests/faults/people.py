"""Prospects for the fault tests, and what became of their leads by our database and by the schools' own log."""

import time
from http.client import HTTPException
from itertools import count

from tests.fleet import Fleet
from tests.http_prospect import Answered, HttpProspect

NAME = "Zephyrine Quuxworthy"
SCHOOLS = ("alder", "birch", "cedar", "dogwood", "elder")
AGAIN_SECONDS = 0.2

_people = count(1)

Row = tuple[str, str, int]


def make_prospect(fleet: Fleet) -> HttpProspect:
    """A person of her own for every inquiry, so that screening sees no duplicates."""
    number = next(_people)
    return HttpProspect(fleet.site, NAME, f"zephyrine{number}@mail.example", f"312555{number + 100:04d}")


def inquire(fleet: Fleet, *schools: str) -> str:
    """A new person sends an inquiry to these schools; gives the path of her confirmation."""
    return thank(fleet, make_prospect(fleet).inquire("60601", list(schools)))


def insist(prospect: HttpProspect, *schools: str) -> str:
    """What a patient person does: she asks for the page again, and presses the same button, until she is thanked.
    Gives the path of her confirmation."""
    return Patient(prospect.site, prospect.name, prospect.email, prospect.phone).inquire("60601", list(schools))


class Patient(HttpProspect):
    """Whoever asks again where the line breaks, nobody answers or the site is out of order."""

    def _ask(self, method: str, path: str, body: str | None) -> Answered:
        while True:
            try:
                answered = super()._ask(method, path, body)
            except (OSError, HTTPException):
                time.sleep(AGAIN_SECONDS)
                continue
            if answered.status < 500:
                return answered
            time.sleep(AGAIN_SECONDS)


def thank(fleet: Fleet, confirmation: str) -> str:
    """Note that she was thanked, which is a promise (I7)."""
    fleet.thanked.append(read_reference(confirmation))
    return confirmation


def read_reference(confirmation: str) -> str:
    """The reference in the path of a confirmation, as the database writes it."""
    letters = confirmation.rsplit("/", 1)[1]
    return f"{letters[:2]}-{letters[2:6]}-{letters[6:10]}"


def deliveries(fleet: Fleet, confirmation: str, about: str = "lead") -> list[Row]:
    """State, key and tries of the deliveries of one inquiry."""
    rows = fleet.query(
        "SELECT d.state, d.key, d.tries FROM delivery d JOIN lead l ON l.id = d.lead_id"
        " JOIN inquiry i ON i.id = l.inquiry_id WHERE i.reference = :reference AND d.about = :about ORDER BY d.id",
        reference=read_reference(confirmation),
        about=about,
    )
    return [(state, key, tries) for state, key, tries in rows]


def only_delivery(fleet: Fleet, confirmation: str) -> Row:
    """The one delivery of an inquiry to one school."""
    (row,) = deliveries(fleet, confirmation)
    return row


def arrived(fleet: Fleet, key: str) -> int:
    """How often a delivery reached its school, by the school's own log."""
    return sum(key in arrival["key"] for arrival in fleet.school_arrivals())


def outcomes(fleet: Fleet, confirmations: list[str]) -> list[tuple[str, int]]:
    """State and arrivals of every delivery of these inquiries."""
    rows = [row for confirmation in confirmations for row in deliveries(fleet, confirmation)]
    return [(state, arrived(fleet, key)) for state, key, _ in rows]
