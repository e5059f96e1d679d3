"""What a carrier is given, what it answers, and the four ways in which it can fail.

The failures are split by what to do next (DESIGN: delivery, steps 4 to 8), so that nobody above a
carrier looks at status codes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from leadgen.delivery.posting.request import OpenPosting

ANSWER_BYTES = 1024


@dataclass(frozen=True)
class Parcel:
    """What the school gets: the bytes, their media type, and the schema they follow (``lead.created/1``).

    ``fields`` is the same as flat text pairs, for form_post; ``subject`` and ``html`` serve e-mail, whose
    plain text is ``body``; a file of the day has its ``filename``, and ``cover`` is what the letter around it says."""

    body: bytes
    content_type: str
    schema: str
    fields: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    html: str = ""
    filename: str = ""
    cover: str = ""


@dataclass(frozen=True)
class Destination:
    """Where a parcel goes. ``key`` is the idempotency key, the same for every attempt of one delivery. ``headers`` go
    with it, and ``opened`` is the map by which its answer is read, where a form_post has one."""

    address: str
    key: str
    deadline_seconds: float
    secrets: tuple[str, ...] = ()
    conflict_means_received: bool = False
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    opened: OpenPosting | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Line:
    """The outgoing line: how this installation reaches the world.

    ``mark_secret`` marks each letter, so that a bounce of it is known; bounces go to ``bounce_address``."""

    smtp_url: str
    mail_from: str
    sandbox_http: str
    allowed_networks: tuple[IPv4Network | IPv6Network, ...]
    bounce_address: str = ""
    mark_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answer:
    """The other side has it. ``status`` is short (``202``, ``250``); ``text`` at most 1 KB of what it said.

    ``receipt`` is ``accepted`` or ``duplicate`` where the answer itself says which; ``price_cents`` is what they
    pay. ``rule`` is the number, from 1, of the rule of a map that decided; None where none did."""

    status: str
    text: str = ""
    reference: str | None = None
    receipt: str = ""
    price_cents: int | None = None
    rule: int | None = None


class CarrierError(Exception):
    """It was not accepted. ``status`` and ``text`` are what the other side said, if anything; ``rule`` the number of
    the rule of a map that decided."""

    rule: int | None = None

    def __init__(self, reason: str, *, status: str = "", text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.text = text[:ANSWER_BYTES]


class DefiniteNo(CarrierError):  # noqa: N818
    """Not received, and trying later may work. ``retry_after`` is what the receiver asked for, in seconds."""

    def __init__(self, reason: str, *, status: str = "", text: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason, status=status, text=text)
        self.retry_after = retry_after


class OurFault(DefiniteNo):
    """Not received because of our own mail relay or settings: tried later, and never held against the school."""


class PermanentNo(CarrierError):  # noqa: N818
    """Not accepted, and never will be: a fault of this parcel."""


class Misconfigured(CarrierError):  # noqa: N818
    """Not accepted because of the endpoint's configuration: it is broken until somebody mends it."""


class Unknown(CarrierError):  # noqa: N818
    """Bytes of the body left, and no telling answer came. Nobody may send again by guess."""


Carrier = Callable[[Parcel, Destination, Line], Answer]
