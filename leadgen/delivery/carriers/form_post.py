"""Form post: what the system of a school takes, by its map; without one, a fixed list of fields."""

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from leadgen.delivery.carriers.contract import Answer, CarrierError, Destination, Line, Parcel, PermanentNo
from leadgen.delivery.carriers.http import post
from leadgen.delivery.carriers.outcome import judge
from leadgen.delivery.carriers.rules import judge_by_rules
from leadgen.delivery.posting.request import OpenPosting

LEAD_FIELD = "lead_id"


def carry(parcel: Parcel, destination: Destination, line: Line, *, clock: Callable[[], float] = time.time) -> Answer:
    """Post the parcel, with ``Idempotency-Key`` to tell a repeat, and read the answer by the map's rules.

    Raises CarrierError."""
    if destination.opened is not None:
        return _carry_mapped(parcel, destination, destination.opened, line, clock)
    if not parcel.fields:
        raise PermanentNo("this parcel has no form fields")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": destination.key}
    body = _encode(parcel.fields, destination.key)
    response = post(destination.address, headers, body, line, destination.deadline_seconds)
    return judge(response, conflict_means_received=destination.conflict_means_received, now=clock())


def _carry_mapped(
    parcel: Parcel, destination: Destination, opened: OpenPosting, line: Line, clock: Callable[[], float]
) -> Answer:
    ours = {"Content-Type": parcel.content_type, "Idempotency-Key": destination.key}
    theirs = dict(destination.headers)
    named = {name.lower() for name in theirs}
    headers = {name: value for name, value in ours.items() if name.lower() not in named} | theirs
    response = post(destination.address, headers, parcel.body, line, destination.deadline_seconds)
    declared = destination.conflict_means_received
    try:
        answer = judge_by_rules(response, opened.posting, conflict_means_received=declared, now=clock())
    except CarrierError as error:
        error.text = opened.hide(error.text)  # an answer may repeat what let us in
        raise
    reference = answer.reference if opened.hide(answer.reference or "") == answer.reference else None
    return replace(answer, text=opened.hide(answer.text), reference=reference)


def _encode(fields: tuple[tuple[str, str], ...], key: str) -> bytes:
    named = any(name == LEAD_FIELD for name, _ in fields)
    return urlencode([*fields] if named else [(LEAD_FIELD, key), *fields]).encode("ascii")
