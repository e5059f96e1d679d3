"""Cells that hold an address: of a mail box, of a page, of a program that receives leads."""

from functools import lru_cache
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from leadgen.directory.cells import CellError, text
from leadgen.marks import say


@lru_cache(maxsize=8192)
def email(cell: str) -> str:
    """An e-mail address; nobody is asked whether it exists."""
    try:
        return str(validate_email(text(cell), check_deliverability=False).normalized)
    except EmailNotValidError:
        raise CellError(say("an e-mail address")) from None


@lru_cache(maxsize=8192)
def web_address(cell: str) -> str:
    """An address of a page."""
    address = cell.replace(" ", "%20")
    if _split(address)[0] not in {"http", "https"}:
        raise CellError(say("a web address that starts with https:// or http://"))
    return address


@lru_cache(maxsize=8192)
def receiving_address(cell: str) -> str:
    """An https address that personal data may be posted to: no password in it, and never in the clear."""
    scheme, host = _split(cell)
    in_house = host.endswith(".example") or host in {"localhost", "127.0.0.1", "::1"}
    if scheme != "https" and not (scheme == "http" and in_house):
        raise CellError(say("an address that starts with https://, without a user name or password"))
    return cell


@lru_cache(maxsize=8192)
def file_address(cell: str) -> str:
    """A folder on an SFTP server. Who logs in stands in the map."""
    if _split(cell)[0] != "sftp":
        raise CellError(say("an address like sftp://files.school.org/leads, without a user name or password"))
    return cell


def _split(cell: str) -> tuple[str, str]:
    """Scheme and host of an address; two empty strings where it is none, or holds a password."""
    try:
        parts = urlsplit(text(cell))
        host, _port = parts.hostname or "", parts.port
    except (ValueError, CellError):
        return "", ""
    if not host or "@" in parts.netloc or " " in cell or not cell.isascii():
        return "", ""
    return parts.scheme, host
