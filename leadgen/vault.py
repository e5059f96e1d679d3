"""Seals personal data. One data key per contact; destroying that key erases everything under it.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces. Data keys are wrapped by the newest of
``LEADGEN_ENCRYPTION_KEYS``; the key's id stands before the wrapped key. The table and row are
associated data, so a sealed value moved to another row does not open.
"""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from leadgen.config import Settings

NONCE_BYTES = 12
KEY_BYTES = 32


class VaultError(Exception):
    """A sealed value does not open: wrong row, wrong key, or damaged."""


class ErasedError(VaultError):
    """The data key was destroyed; what it sealed is gone for good."""


@dataclass(frozen=True)
class Key:
    """An open data key, bound to one row (``row`` is like ``contact:LG-7K2M-94QD``)."""

    row: str
    secret: bytes

    def seal(self, text: str, column: str) -> bytes:
        return _encrypt(self.secret, text.encode(), f"{self.row}:{column}")

    def open(self, sealed: bytes, column: str) -> str:
        return _decrypt(self.secret, sealed, f"{self.row}:{column}").decode()

    def derive(self, purpose: str) -> bytes:
        """32 bytes that only this key gives, for one purpose; gone with the key."""
        return hmac.new(self.secret, f"{self.row}:{purpose}".encode(), sha256).digest()

    def seal_json(self, value: Any, column: str) -> bytes:
        """Seal plain data; a dataclass is sealed as its fields."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=vars), column)

    def open_json(self, sealed: bytes, column: str) -> Any:
        return json.loads(self.open(sealed, column))


class Vault:
    """Makes, wraps and unwraps data keys; computes blind indexes and keyed hashes."""

    def __init__(self, keys: Mapping[str, bytes], index_key: bytes) -> None:
        self._keys = dict(keys)
        self._newest = next(iter(self._keys))
        self._index_key = index_key

    @classmethod
    def from_settings(cls, settings: Settings) -> "Vault":
        return cls(settings.parse_encryption_keys(), settings.parse_index_key())

    def make_key(self, row: str) -> tuple[Key, bytes]:
        """A fresh data key for ``row``, and the same key wrapped for storage."""
        secret = os.urandom(KEY_BYTES)
        return Key(row, secret), self._wrap(secret, row)

    def open_key(self, wrapped: bytes | None, row: str) -> Key:
        """Unwrap the data key of ``row``. Raises ErasedError when there is none, VaultError when it does not open."""
        if wrapped is None:
            raise ErasedError(f"the key of {row} was destroyed")
        name, _, sealed = wrapped.partition(b":")
        master = self._keys.get(name.decode())
        if master is None:
            raise VaultError(f"no encryption key with id {name.decode()!r} is configured")
        return Key(row, _decrypt(master, sealed, row))

    def seal_secret(self, text: str, row: str) -> bytes:
        """Seal a secret of our own (a webhook's) directly under the newest key."""
        return self._wrap(text.encode(), row)

    def open_secret(self, wrapped: bytes, row: str) -> str:
        return self.open_key(wrapped, row).secret.decode()

    def seal_json(self, value: Any, row: str) -> bytes:
        """Seal several secrets of our own as one."""
        return self.seal_secret(json.dumps(value), row)

    def open_json(self, wrapped: bytes, row: str) -> Any:
        return json.loads(self.open_secret(wrapped, row))

    def index_email(self, address: str) -> bytes:
        """Blind index of an e-mail address: equal addresses give equal bytes, nobody can read them back."""
        return self._hash("email", address.strip().casefold())

    def index_phone(self, e164: str) -> bytes:
        """Blind index of a phone number in E.164 form."""
        return self._hash("phone", e164)

    def key_evidence(self, kind: str, text: str) -> bytes:
        """Keyed hash of an address or a number, kept with a consent for good. Under a key of its own: nobody who holds
        the blind indexes can tell whose it is."""
        evidence_key = hmac.new(self._index_key, b"evidence", sha256).digest()
        return hmac.new(evidence_key, f"{kind}:{text.strip().casefold()}".encode(), sha256).digest()

    def hash_parcel(self, body: bytes) -> str:
        """Keyed hash of what was sent: proves equality later, and gives nothing away."""
        return hmac.new(self._index_key, b"parcel:" + body, sha256).hexdigest()

    def _hash(self, kind: str, text: str) -> bytes:
        return hmac.new(self._index_key, f"{kind}:{text}".encode(), sha256).digest()

    def _wrap(self, secret: bytes, row: str) -> bytes:
        return self._newest.encode() + b":" + _encrypt(self._keys[self._newest], secret, row)


def open_vault() -> Vault:
    """The vault of the running app."""
    vault: Vault = current_app.extensions["leadgen.vault"]
    return vault


def _encrypt(secret: bytes, plain: bytes, bound_to: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, plain, bound_to.encode())


def _decrypt(secret: bytes, sealed: bytes, bound_to: str) -> bytes:
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag:
        raise VaultError(f"what is sealed in {bound_to} does not open") from None
