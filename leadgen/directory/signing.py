"""What a webhook signs with, as Standard Webhooks 1.0.0 writes it: a secret, or a key pair whose public half checks."""

import base64
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leadgen.models import Endpoint, Signature
from leadgen.vault import Vault

SECRET_PREFIX, PRIVATE_PREFIX, PUBLIC_PREFIX = "whsec_", "whsk_", "whpk_"
SECRET_BYTES = 24


@dataclass(frozen=True)
class Signing:
    """``private`` signs, and is sealed; ``public`` checks what a pair signed: None where one secret does both."""

    private: str = field(repr=False)
    public: str | None = None

    @property
    def handed_over(self) -> str:
        """What the school checks with: the public key, which is no secret, or the secret itself."""
        return self.public or self.private


def make_signing(signature: Signature) -> Signing:
    """New: 24 random bytes, or an ed25519 pair (its private half is the seed and the public key, 64 bytes)."""
    if signature is Signature.hmac:
        return Signing(_write(SECRET_PREFIX, os.urandom(SECRET_BYTES)))
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    return Signing(_write(PRIVATE_PREFIX, key.private_bytes_raw() + public), _write(PUBLIC_PREFIX, public))


def name_secret(school_id: str) -> str:
    """The row to which a school's webhook secret is bound when it is sealed."""
    return f"endpoint:{school_id}:webhook"


def seal_signing(vault: Vault, endpoint: Endpoint, signing: Signing, *, beside_old: bool) -> None:
    """Sign with this from now on; ``beside_old``: what signed until now does so too, until the next change."""
    endpoint.old_secret_sealed = endpoint.secret_sealed if beside_old else None
    endpoint.secret_sealed = vault.seal_secret(signing.private, name_secret(endpoint.school_id))
    endpoint.public_key = signing.public


def _write(prefix: str, key: bytes) -> str:
    return prefix + base64.b64encode(key).decode()
