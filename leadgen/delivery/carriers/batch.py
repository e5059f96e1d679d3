"""Daily file: by SFTP, or attached to a letter through this installation's own relay."""

from collections.abc import Callable
from datetime import datetime

from leadgen.delivery.carriers.contract import Answer, Destination, Line, Parcel, PermanentNo
from leadgen.delivery.carriers.email import compose, mark, read_recipient, read_sender, utc_now
from leadgen.delivery.carriers.sftp_address import is_sftp
from leadgen.delivery.carriers.smtp import Envelope, hand_over


def carry(parcel: Parcel, destination: Destination, line: Line, *, clock: Callable[[], datetime] = utc_now) -> Answer:
    """Hand the file over. Raises CarrierError."""
    if not parcel.filename:
        raise PermanentNo("this parcel is no file")
    if is_sftp(destination.address):
        from leadgen.delivery.carriers import sftp  # noqa: PLC0415 - 6 MB, and few schools ask for it

        return sftp.put(parcel, destination, line)
    recipient, sender = read_recipient(destination.address), read_sender(line.mail_from)
    letter = Parcel(parcel.cover.encode(), "text/plain", parcel.schema, subject=parcel.subject)
    marked, return_path = mark(destination, line, sender)
    message = compose(letter, marked, sender, recipient, clock())
    kind, _, sub = parcel.content_type.partition(";")[0].partition("/")
    known = {"charset": "utf-8"} if kind == "text" else {}
    message.add_attachment(parcel.body, maintype=kind, subtype=sub, filename=parcel.filename, params=known)
    envelope = Envelope(return_path, recipient, message.as_bytes())
    return hand_over(envelope, line.smtp_url, destination.deadline_seconds)
