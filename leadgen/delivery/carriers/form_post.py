"""Form post: flat, form-encoded pairs, for schools whose system takes only a web form."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from leadgen.delivery.carriers.contract import Answer, Destination, Line, Parcel, PermanentNo
from leadgen.delivery.carriers.http import post
from leadgen.delivery.carriers.outcome import judge

LEAD_FIELD = "lead_id"


def carry(parcel: Parcel, destination: Destination, line: Line, *, clock: Callable[[], float] = time.time) -> Answer:
    """Post the parcel's fields, with ``lead_id`` and ``Idempotency-Key`` to tell a repeat. Raises CarrierError."""
    if not parcel.fields:
        raise PermanentNo("this parcel has no form fields")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": destination.key}
    body = _encode(parcel.fields, destination.key)
    response = post(destination.address, headers, body, line, destination.deadline_seconds)
    return judge(response, conflict_means_received=destination.conflict_means_received, now=clock())


def _encode(fields: tuple[tuple[str, str], ...], key: str) -> bytes:
    named = any(name == LEAD_FIELD for name, _ in fields)
    return urlencode([*fields] if named else [(LEAD_FIELD, key), *fields]).encode("ascii")
