"""Read a report of a mail server: RFC 3464, as Postfix, Exim and Exchange write it. Pure.

A report is written by anybody on the way, so nothing in it is trusted but what carries our own mark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum
from hashlib import sha256

from leadgen.delivery.return_path import find_signed_keys

STATUSES = ("message/delivery-status", "message/global-delivery-status")
RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)
CAME_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Fate(StrEnum):
    """What became of the letter: given up, not through yet, or through."""

    failed = "failed"
    delayed = "delayed"
    passed_on = "passed_on"


@dataclass(frozen=True)
class Report:
    """``signed_keys``: what may name the letter. ``sent_at``: the date on the letter that came back, where one did.
    ``digest`` is the same for the same report, whichever way it comes."""

    signed_keys: list[str]
    fate: Fate
    status: str
    sent_at: datetime | None
    digest: str


def read_report(raw: bytes) -> Report | None:
    """The report in a message; None where there is none that we can read: an answer of a person, a server that writes
    in its own way (qmail), or rubbish."""
    try:
        return _read(message_from_bytes(raw))
    except Exception:  # the library trips over what strangers write in ways that it does not list
        return None


def _read(message: Message) -> Report | None:
    parts = list(message.walk())
    recipients = [each for part in parts if part.get_content_type() in STATUSES for each in _list_recipients(part)]
    if not recipients:
        return None
    returned = next((_open_returned(part) for part in parts if part.get_content_type() in RETURNED), None)
    fate, status = max((_judge(each) for each in recipients), key=lambda found: _WORST.index(found[0]))
    return Report(
        find_signed_keys(_gather(message, CAME_TO), _gather(returned, ("Message-ID",)) if returned else ""),
        fate,
        status,
        _read_date(returned),
        _digest(message, recipients),
    )


_WORST = (Fate.passed_on, Fate.delayed, Fate.failed)
_FATES = {
    "failed": Fate.failed,
    "delayed": Fate.delayed,
    "delivered": Fate.passed_on,
    "relayed": Fate.passed_on,
    "expanded": Fate.passed_on,
}
_BY_CLASS = {"5": Fate.failed, "4": Fate.delayed, "2": Fate.passed_on}


def _list_recipients(part: Message) -> Iterator[Message]:
    """The groups of fields of a report that are about a recipient: all that say what was done, or how it stands."""
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, Message) and (group["Action"] or group["Status"]):
            yield group


def _judge(recipient: Message) -> tuple[Fate, str]:
    """Its action decides: what was ``failed`` was given up, also where the status is of the class 4 that could pass
    (RFC 3464, 2.3.3). The status decides where no action is given."""
    found = _STATUS.search(str(recipient["Status"] or ""))
    action = str(recipient["Action"] or "").strip().lower().partition(" ")[0]
    fate = _FATES.get(action) or _BY_CLASS.get(found[0][0] if found else "5", Fate.failed)
    return fate, found[0] if found else "5.0.0"


def _open_returned(part: Message) -> Message | None:
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload and isinstance(payload[0], Message) else None
    decoded = part.get_payload(decode=True)
    text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else str(payload)
    return message_from_string(text)


def _gather(message: Message, names: tuple[str, ...]) -> str:
    """These headers on one line."""
    found = " ".join(str(value) for name in names for value in message.get_all(name, []))
    return " ".join(found.split())


def _read_date(returned: Message | None) -> datetime | None:
    if returned is None or not returned["Date"]:
        return None
    try:
        at = parsedate_to_datetime(str(returned["Date"]))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _digest(message: Message, recipients: list[Message]) -> str:
    named = str(message["Message-ID"] or "").strip() or "".join(str(each) for each in recipients)
    return sha256(named.encode("utf-8", "replace")).hexdigest()[:32]
