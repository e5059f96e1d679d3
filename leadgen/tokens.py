"""References and tokens: short ones that people read to each other, long ones that open a page."""

import hmac
import secrets
from hashlib import sha256

# Crockford's base 32: no I, L, O, U, so that nobody misreads a reference on the phone
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TOKEN_BITS = 128


def make_reference(prefix: str) -> str:
    """Like ``LG-7K2M-94QD``: 40 random bits, unique by constraint, no secret."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


def make_token() -> str:
    """128 random bits for a cookie or a one-use form."""
    return secrets.token_urlsafe(_TOKEN_BITS // 8)


def hash_token(token: str) -> bytes:
    """What is stored of a random token. SHA-256 suffices, since the token cannot be guessed."""
    return sha256(token.encode()).digest()


def make_request_token(reference: str, secret: str) -> str:
    """The token of an inquiry's request page: its reference, and a MAC that only we can make."""
    mac = hmac.new(secret.encode(), f"request:{reference}".encode(), sha256).hexdigest()[: _TOKEN_BITS // 4]
    return f"{reference.replace('-', '')}{mac}"


def read_request_token(token: str, secret: str) -> str | None:
    """The inquiry's reference, or None where the token is not one of ours."""
    letters = token[:10]
    reference = f"{letters[:2]}-{letters[2:6]}-{letters[6:]}"
    genuine = make_request_token(reference, secret)
    return reference if hmac.compare_digest(genuine.encode(), token.encode()) else None
