"""Webhook: signed JSON, as Standard Webhooks 1.0.0 says."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leadgen.delivery.carriers.contract import Answer, Destination, Line, Misconfigured, Parcel
from leadgen.delivery.carriers.http import post
from leadgen.delivery.carriers.outcome import judge

SECRET_PREFIX, PRIVATE_PREFIX = "whsec_", "whsk_"
SEED_BYTES = 32


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
    """The ``webhook-signature`` value: one signature per secret, so that a rotation breaks nobody.

    A secret (``whsec_``) signs as ``v1``, a private key (``whsk_``) as ``v1a``. Raises Misconfigured where there is no
    secret, or one cannot be read.
    """
    if not secrets:
        raise Misconfigured("the webhook has no signing secret")
    content = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(_sign(secret, content) for secret in secrets)


def _sign(secret: str, content: bytes) -> str:
    if secret.startswith(PRIVATE_PREFIX):
        return "v1a," + _encode(_read_private_key(secret).sign(content))
    return "v1," + _encode(hmac.digest(_read(secret, SECRET_PREFIX), content, hashlib.sha256))


def _read_private_key(secret: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(_read(secret, PRIVATE_PREFIX)[:SEED_BYTES])
    except ValueError:
        raise Misconfigured("a signing key of the webhook is too short") from None


def _read(secret: str, prefix: str) -> bytes:
    encoded = secret.removeprefix(prefix).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise Misconfigured("a signing secret of the webhook is not base64")
    return key


def _encode(signature: bytes) -> str:
    return base64.b64encode(signature).decode("ascii")
