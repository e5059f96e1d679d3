"""References and tokens: short ones that people read to each other, long ones that open a page."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

# Crockford's base 32: no I, L, O, U, so that nobody misreads a reference on the phone
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TOKEN_BITS = 128
_ADDRESS_DIGITS = 8


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


@dataclass(frozen=True)
class ReplyTo:
    """What the buttons in a letter to a school are about: one lead of the school, as one endpoint got it."""

    lead: str
    school: str
    endpoint: int
    address: str


def make_reply_token(to: ReplyTo, secret: str) -> str:
    """The token in those buttons: the lead's reference, the endpoint's number, a keyed digest of the address that the
    letter went to, and a MAC over all of it and the school that only we can make."""
    digest = _mac(secret, f"address:{to.address}")[:_ADDRESS_DIGITS]
    mac = _mac(secret, f"reply:{to.lead}:{to.school}:{to.endpoint}:{digest}")[: _TOKEN_BITS // 4]
    return f"{to.lead.replace('-', '')}-{to.endpoint}-{digest}-{mac}"


def read_reply_token(token: str) -> tuple[str, int] | None:
    """The lead's reference and the endpoint's number as the token gives them, not yet proved; None where it is none."""
    lead, endpoint, *rest = [*token.split("-"), "", ""][:4] if token.count("-") == 3 else ("", "", "")
    if len(lead) != 10 or not (endpoint.isascii() and endpoint.isdigit() and len(endpoint) < 10) or not all(rest):
        return None
    return f"{lead[:2]}-{lead[2:6]}-{lead[6:]}", int(endpoint)


def is_genuine_reply(token: str, to: ReplyTo, secret: str) -> bool:
    """Whether we made this token for that lead, school and endpoint, whatever address its letter went to."""
    digest = token.split("-")[2]
    mac = _mac(secret, f"reply:{to.lead}:{to.school}:{to.endpoint}:{digest}")[: _TOKEN_BITS // 4]
    return hmac.compare_digest(token.rpartition("-")[2].encode(), mac.encode())


def went_there(token: str, to: ReplyTo, secret: str) -> bool:
    """Whether the letter with this genuine token went to the address that is given."""
    return hmac.compare_digest(make_reply_token(to, secret).encode(), token.encode())


def _mac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()
