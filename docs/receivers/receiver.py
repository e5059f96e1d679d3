"""Receives leads, with Python's standard library alone (and `cryptography` where your key begins with ``whpk_``).

    WEBHOOK_KEYS="whsec_..." INBOX=inbox PORT=8080 python receiver.py

Each message is kept once, as a file in INBOX, before it is answered; another program of yours works through them. Put
HTTPS in front of it. While a key is being changed, WEBHOOK_KEYS holds both, with a space between them.
"""

import hmac
import os
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

KEYS = os.environ["WEBHOOK_KEYS"].split()
INBOX = Path(os.environ.get("INBOX", "inbox"))
TOLERANCE_SECONDS = 300
LARGEST_BYTES = 256 * 1024


def is_genuine(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of our keys proves that the message is from the sender, and of this moment."""
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not sent_at.isdecimal() or abs(time.time() - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    signed = f"{message_id}.{sent_at}.".encode() + body  # the body byte for byte, before anything parses it
    signatures = headers.get("webhook-signature", "").split()
    return any(proves(key, signature, signed) for key in KEYS for signature in signatures)


def proves(key: str, signature: str, signed: bytes) -> bool:
    """Whether this signature is of this key: ``v1`` of a secret, ``v1a`` of a public key."""
    kind, _, encoded = key.partition("_")
    if kind == "whsec":
        digest = hmac.digest(b64decode(encoded), signed, sha256)
        return hmac.compare_digest(b"v1," + b64encode(digest), signature.encode())  # in constant time
    version, _, proof = signature.partition(",")
    if kind != "whpk" or version != "v1a":
        return False
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(encoded)).verify(b64decode(proof), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def keep(message_id: str, body: bytes) -> bool:
    """Keep a message once; False where it is there already. Yours may be an INSERT with a unique column instead."""
    place = INBOX / f"{sha256(message_id.encode()).hexdigest()}.json"
    with tempfile.NamedTemporaryFile(dir=INBOX) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, place)  # of two at once the second fails, and half a file is never kept
        except FileExistsError:
            return False
    return True


class Receiver(BaseHTTPRequestHandler):
    """Answers as the sender's table of answers says."""

    timeout = 10

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BYTES:
            return self.answer(413, "too large")
        body = self.rfile.read(int(length))
        if not is_genuine(self.headers, body):
            return self.answer(401, "not genuine")  # the sender waits until somebody has looked at the settings
        try:
            is_new = keep(self.headers["webhook-id"], body)
        except OSError:
            return self.answer(503, "try later")
        return self.answer(200, "accepted" if is_new else "duplicate")

    def answer(self, status: int, word: str) -> None:
        told = f'{{"status": "{word}"}}\n'.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


if __name__ == "__main__":
    if Ed25519PublicKey is None and any(key.startswith("whpk_") for key in KEYS):
        raise SystemExit("A key that begins with whpk_ needs: pip install cryptography")
    INBOX.mkdir(mode=0o700, parents=True, exist_ok=True)
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver).serve_forever()
