"""Checks a webhook as a careful school would: Standard Webhooks 1.0.0, section "Verifying webhook authenticity"."""

import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE_SECONDS = 300
PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"


class Check(StrEnum):
    """What the school found. Empty where there was nothing to check."""

    good = "good"
    bad = "bad"
    stale = "stale"
    missing = "missing"
    unknown = "unknown"


class Secrets:
    """The schools' webhook secrets: a JSON file of host to list of ``whsec_…`` or ``whpk_…``, read again when it
    changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._by_host: dict[str, list[str]] = {}

    def find(self, host: str) -> list[str]:
        """The secrets of one school; none where it has none or the file is not there."""
        with self._lock:
            self._reload()
            return self._by_host.get(host, [])

    def _reload(self) -> None:
        try:
            found = self._path.stat()
            if self._seen != (seen := (found.st_mtime_ns, found.st_ino)):
                self._by_host = json.loads(self._path.read_text(encoding="utf-8"))
                self._seen = seen
        except (OSError, ValueError):
            self._by_host, self._seen = {}, None


def check_signature(headers: Mapping[str, str], body: bytes, secrets: list[str], now: float) -> Check:
    """Check a webhook's three headers against the secrets; ``now`` in Unix seconds."""
    key, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "").split()
    if not (key and sent_at.isdecimal() and signatures):
        return Check.missing
    if not secrets:
        return Check.unknown
    content = f"{key}.{sent_at}.".encode() + body
    if not any(_proves(secret, signature, content) for secret in secrets for signature in signatures):
        return Check.bad
    return Check.good if abs(now - int(sent_at)) <= TOLERANCE_SECONDS else Check.stale


def _proves(secret: str, signature: str, content: bytes) -> bool:
    if secret.startswith(PUBLIC_PREFIX):
        return signature.startswith("v1a,") and _verify(secret.removeprefix(PUBLIC_PREFIX), signature[4:], content)
    digest = hmac.digest(b64decode(secret.removeprefix(PREFIX)), content, hashlib.sha256)
    return hmac.compare_digest(f"v1,{b64encode(digest).decode()}".encode(), signature.encode())


def _verify(public_key: str, signature: str, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(public_key)).verify(b64decode(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True
