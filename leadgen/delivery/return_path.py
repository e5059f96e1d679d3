"""How a bounce says which letter it is about: by the address it comes back to, or by the Message-ID of what it returns.
Both hold the key of the delivery and a MAC, so that no stranger can make a bounce of a letter that he never saw. Pure.
"""

import hmac
import re
from hashlib import sha256

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
MAC_DIGITS = 16

_SIGNED = rf"([A-Za-z0-9_.-]+\.[0-9a-f]{{{MAC_DIGITS}}})@"
_IN_ADDRESS = re.compile(rf"\+{_SIGNED}", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<{_SIGNED}", re.IGNORECASE)


def sign_key(key: str, secret: str) -> str:
    """The key and its MAC; the key alone where there is no secret to sign with."""
    return f"{key}.{_mac(key, secret)}" if secret else key


def write_return_path(address: str, signed: str) -> str | None:
    """Like ``bounces+msg_LD7K2M94QD_3_lead_1.0123456789abcdef@example.org``. None where that is longer than mail
    allows, or there is no such address."""
    local, at, domain = address.rpartition("@")
    path = f"{local}+{signed}"
    return f"{path}@{domain}" if at and len(path) <= LONGEST_LOCAL_PART else None


def find_signed_keys(addresses: str, message_id: str) -> list[str]:
    """What may be signed keys in these headers, in their order; not proved yet."""
    return [*_IN_ADDRESS.findall(addresses), *_IN_MESSAGE_ID.findall(message_id)]


def prove_key(signed: str, secret: str) -> str | None:
    """The key, in lower case, where we signed it. Mail servers may have changed the case of an address."""
    key, _, mac = signed.lower().rpartition(".")
    return key if hmac.compare_digest(_mac(key, secret).encode(), mac.encode()) else None


def _mac(key: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"bounce:{key.lower()}".encode(), sha256).hexdigest()[:MAC_DIGITS]
