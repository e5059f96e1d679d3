"""Checks a webhook as a careful school would: Standard Webhooks 1.0.0, section "Verifying webhook authenticity"."""

import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"


class Check(StrEnum):
    """What the school found. Empty where there was nothing to check."""

    good = "good"
    bad = "bad"
    stale = "stale"
    missing = "missing"
    unknown = "unknown"


class Secrets:
    """The schools' webhook secrets: a JSON file of host to list of ``whsec_…``, read again when it changes."""

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
    wanted = [f"v1,{_sign(secret, key, sent_at, body)}" for secret in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in signatures):
        return Check.bad
    return Check.good if abs(now - int(sent_at)) <= TOLERANCE_SECONDS else Check.stale


def _sign(secret: str, key: str, sent_at: str, body: bytes) -> str:
    signed = f"{key}.{sent_at}.".encode() + body
    return b64encode(hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)).decode()
