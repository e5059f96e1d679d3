"""What an HTTP answer means for the delivery. Pure: one table for every carrier that posts."""

import json
from datetime import UTC
from email.utils import parsedate_to_datetime

from leadgen.delivery.carriers.contract import Answer, CarrierError, DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.carriers.reader import Response

REFERENCE_CHARACTERS = 100
REFERENCE_NAMES = ("reference", "id")

_CONFLICT = 409
_LATER = frozenset({408, 425, 429, 503})
_CONFIGURATION = frozenset({401, 403, 404, 410})
_MAX_SECONDS_DIGITS = 9


def judge(response: Response, *, conflict_means_received: bool, now: float) -> Answer:
    """The answer, where the other side has the parcel; else raises the CarrierError that says what to do next.

    ``now`` (seconds since 1970) is what a ``Retry-After`` date is measured from.
    """
    accepted = 200 <= response.status < 300 or (response.status == _CONFLICT and conflict_means_received)
    if not accepted:
        raise _refusal(response, now)
    return Answer(str(response.status), response.text, find_reference(response.body))


def find_reference(body: bytes) -> str | None:
    """The receiver's own reference in a JSON answer: short, printable text or a number; else None.

    An address is none: references stand unsealed, and some systems would give hers as the id."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    return next((text for name in REFERENCE_NAMES if (text := _as_reference(answer.get(name)))), None)


def clean_reference(text: str) -> str | None:
    """A text as a reference; None where it is none: empty, long, not printable, or an address."""
    text = text.strip()
    return text if 0 < len(text) <= REFERENCE_CHARACTERS and text.isprintable() and "@" not in text else None


def parse_retry_after(value: str, now: float) -> float | None:
    """Seconds to wait, from a number or an HTTP date (RFC 9110, 10.2.3). Garbage and the past give None."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[: _MAX_SECONDS_DIGITS + 1]) if int(value[:_MAX_SECONDS_DIGITS]) else None
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now
    return seconds if seconds > 0 else None


def _refusal(response: Response, now: float) -> CarrierError:
    status, reason, text = str(response.status), f"the school's server answered {response.status}", response.text
    if response.status in _LATER:
        wait = parse_retry_after(response.headers.get("retry-after", ""), now)
        return DefiniteNo(reason, status=status, text=text, retry_after=wait)
    if response.status in _CONFIGURATION or 300 <= response.status < 400:
        return Misconfigured(reason, status=status, text=text)
    if 400 <= response.status < 500:
        return PermanentNo(reason, status=status, text=text)
    return Unknown(reason, status=status, text=text)


def _as_reference(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return clean_reference(str(value))
