"""Our mail relay, as ``LEADGEN_SMTP_URL`` names it. Pure."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from leadgen.delivery.carriers.contract import DefiniteNo

SMTP_PORT, SUBMISSION_PORT, SMTPS_PORT = 25, 587, 465

_YES = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Relay:
    """``tls``: encrypted from the first byte. ``starttls``: encrypted before anything of ours is said."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str = ""
    password: str = field(default="", repr=False)


def read_relay(url: str) -> Relay:
    """Read ``smtp://user:password@host:587?starttls=1`` or ``smtps://…``.

    Raises DefiniteNo, not a fault of the endpoint: the letter can go when our setting is mended.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        port, host = None, None
    if not host or parts.scheme not in {"smtp", "smtps"}:
        raise DefiniteNo("LEADGEN_SMTP_URL names no mail relay")
    tls = parts.scheme == "smtps"
    starttls = not tls and parse_qs(parts.query).get("starttls", [""])[-1].lower() in _YES
    default = SMTPS_PORT if tls else SUBMISSION_PORT if starttls else SMTP_PORT
    return Relay(host, port or default, tls, starttls, unquote(parts.username or ""), unquote(parts.password or ""))
