"""Webhook: signed JSON, as Standard Webhooks 1.0.0 says."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

from leadgen.delivery.carriers.contract import Answer, Destination, Line, Misconfigured, Parcel
from leadgen.delivery.carriers.http import post
from leadgen.delivery.carriers.outcome import judge

SECRET_PREFIX = "whsec_"  # noqa: S105 - names the format; no secret


def carry(parcel: Parcel, destination: Destination, line: Line, *, clock: Callable[[], float] = time.time) -> Answer:
    """Post the parcel, signed with each of the endpoint's secrets. Raises CarrierError."""
    timestamp = int(clock())
    headers = {
        "Content-Type": parcel.content_type,
        "webhook-id": destination.key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(destination.secrets, destination.key, timestamp, parcel.body),
    }
    response = post(destination.address, headers, parcel.body, line, destination.deadline_seconds)
    return judge(response, conflict_means_received=destination.conflict_means_received, now=clock())


def sign(secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` value: one ``v1`` signature per secret, so that a rotation breaks nobody.

    Raises Misconfigured where there is no secret, or one is not base64.
    """
    if not secrets:
        raise Misconfigured("the webhook has no signing secret")
    content = f"{message_id}.{timestamp}.".encode() + body
    digests = [hmac.digest(_read_secret(secret), content, hashlib.sha256) for secret in secrets]
    return " ".join("v1," + base64.b64encode(digest).decode("ascii") for digest in digests)


def _read_secret(secret: str) -> bytes:
    encoded = secret.removeprefix(SECRET_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise Misconfigured("a signing secret of the webhook is not base64")
    return key
