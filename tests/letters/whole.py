"""Whole letters, as they arrive, beside those that are kept as text files."""

import os
import re
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.models import About, Delivery

FOLDER = Path(__file__).parent
# what differs from run to run, and what stands for it in the files
CHANGING = (
    (r"L([GD])-[0-9A-Z]{4}-[0-9A-Z]{4}", r"L\1-7K2M-94QD"),
    (r"/reply/[\w-]+/", "/reply/TOKEN/"),
    (r"/open/\w+", "/open/LINK"),
    (r"/(request|saved|invitation|asking|password)/\w+", r"/\1/TOKEN"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2027-03-04 05:06 UTC"),
    (r"until [A-Z][a-z]+ \d+, \d{4}", "until March 4, 2027"),
    (r"hasta el \d+ de \w+ de \d{4}", "hasta el 4 de marzo de 2027"),
)


def settle(*parts: str) -> str:
    """The parts of a letter as one text that is the same in every run."""
    text = "\n\n".join(part.rstrip() for part in parts) + "\n"
    for pattern, fixed in CHANGING:
        text = re.sub(pattern, fixed, text)
    return text


def check_letter(name: str, letter: str) -> None:
    """Compare a letter with the one that is kept under this name. LEADGEN_WRITE_LETTERS=1 writes the file anew."""
    file = FOLDER / f"{name}.txt"
    if os.environ.get("LEADGEN_WRITE_LETTERS") == "1":
        file.write_text(letter, encoding="utf-8")
    assert letter == file.read_text(encoding="utf-8")


def find_delivery(session: Session, about: About) -> Delivery:
    """What Larkspur is told of her."""
    query = select(Delivery).where(Delivery.school_id == "larkspur", Delivery.about == about)
    return session.scalars(query).one()
