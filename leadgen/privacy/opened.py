"""What is kept, as her download has it: pages opened, moments as text, and who acted without a name."""

import zlib
from base64 import b64decode
from datetime import datetime

from sqlalchemy.orm import Session

from leadgen.models import User
from leadgen.vault import Key

HERSELF, STAFF, SCHOOL, SYSTEM = "you", "our staff", "the school", "our system"


def open_page(key: Key, sealed: bytes | None, column: str) -> str | None:
    """A page as it was shown, HTML; None where none was kept."""
    return zlib.decompress(b64decode(key.open(sealed, column))).decode() if sealed else None


def write_moment(moment: datetime | None) -> str | None:
    """In UTC, to the second, like ``2027-03-04T05:06:07Z``."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def name_actor(session: Session, actor: str) -> str:
    """Who did something, by the part that they have in it: a member of staff or of a school is not named to her."""
    part, _, number = actor.partition(":")
    if part == "user" and number.isdigit():
        user = session.get(User, int(number))
        return SCHOOL if user and user.school_id else STAFF
    return {"prospect": HERSELF, "staff": STAFF, "cli": STAFF, "school": SCHOOL}.get(part, SYSTEM)
