"""E-mail: one letter to one mail box, through this installation's own relay."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from email_validator import EmailNotValidError, validate_email

from leadgen.delivery.carriers.contract import Answer, Destination, Line, OurFault, Parcel, PermanentNo
from leadgen.delivery.carriers.smtp import Envelope, hand_over
from leadgen.delivery.return_path import sign_key, write_return_path

# Some relays still take seven bits only; this spells everything so.
_POLICY = SMTP.clone(cte_type="7bit")
_KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def utc_now() -> datetime:
    """The time printed on a letter."""
    return datetime.now(UTC)


def carry(parcel: Parcel, destination: Destination, line: Line, *, clock: Callable[[], datetime] = utc_now) -> Answer:
    """Hand the letter to the relay. An Answer means: the relay has taken it over. Raises CarrierError."""
    recipient = read_recipient(destination.address)
    sender = read_sender(line.mail_from)
    marked, return_path = mark(destination, line, sender)
    message = compose(parcel, marked, sender, recipient, clock())
    envelope = Envelope(return_path, recipient, message.as_bytes())
    return hand_over(envelope, line.smtp_url, destination.deadline_seconds)


def mark(destination: Destination, line: Line, sender: Address) -> tuple[str, str]:
    """The signed key of a letter, and the address it comes back to: by both a bounce is known as ours."""
    marked = sign_key(destination.key, line.mark_secret)
    return marked, write_return_path(line.bounce_address, marked) or line.bounce_address or sender.addr_spec


def compose(parcel: Parcel, key: str, sender: Address, recipient: str, at: datetime) -> EmailMessage:
    """The whole letter. ``key`` makes the Message-ID, so a repeat can be told by any mail program.

    Raises PermanentNo where the key cannot stand in a header.
    """
    if not _KEY.fullmatch(key):
        raise PermanentNo("the key of this letter cannot stand in a Message-ID")
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = _one_line(parcel.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{key}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.body.decode("utf-8", "replace"))
    if parcel.html:
        message.add_alternative(parcel.html, subtype="html")
    return message


def read_recipient(address: str) -> str:
    """The address as SMTP takes it, its domain in ASCII. Raises PermanentNo where it is no address."""
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise PermanentNo(f"the mail address cannot be used: {error}") from None
    return checked.ascii_email or checked.normalized


def read_sender(mail_from: str) -> Address:
    name, address = parseaddr(mail_from)
    try:
        return Address(_one_line(name), addr_spec=address)
    except (ValueError, IndexError):
        raise OurFault("LEADGEN_MAIL_FROM holds no mail address of ours") from None


def _one_line(text: str) -> str:
    spaced = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(spaced.split())
