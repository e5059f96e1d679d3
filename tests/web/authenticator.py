"""A device that holds one passkey, and answers challenges as browsers do (WebAuthn, section 6.3.3)."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from leadgen.clock import now
from leadgen.extensions import db
from leadgen.models import Passkey

PRESENT_AND_VERIFIED = 0x05
KEY_TYPE_EC2, ES256, P256 = 2, -7, 1


class Authenticator:
    """Its key is synced between devices, so it does not count its uses."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self._id = b"a passkey of the test suite"

    def make_passkey(self) -> Passkey:
        """What a site keeps of the passkey."""
        point = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        public = cbor2.dumps({1: KEY_TYPE_EC2, 3: ES256, -1: P256, -2: x, -3: y})
        facts = {"device_type": "multi_device", "backup_state": True, "sign_count": 0, "name": "Phone"}
        return Passkey(
            credential_id=self._id, public_key=public, usage="first", lastuse_datetime=now(db.session), **facts
        )

    def answer(self, options: str, origin: str) -> str:
        """The answer to a site's options, as a browser at ``origin`` sends it."""
        asked = json.loads(options)
        client = {"type": "webauthn.get", "challenge": asked["challenge"], "origin": origin}
        seen = json.dumps(client).encode()
        data = sha256(asked["rpId"].encode()).digest() + bytes([PRESENT_AND_VERIFIED]) + bytes(4)
        signature = self._key.sign(data + sha256(seen).digest(), ECDSA(SHA256()))
        parts = {"clientDataJSON": seen, "authenticatorData": data, "signature": signature}
        name = _encode(self._id)
        response = {part: _encode(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _encode(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
