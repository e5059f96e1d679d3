"""Where a file goes by SFTP: a school's address read strictly. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from leadgen.delivery.carriers.contract import Misconfigured

PORT = 22
# the reason of a look that found what was written and never named
NOT_NAMED = "the file was written and never got its name"
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


@dataclass(frozen=True)
class SftpAddress:
    """``folder`` has no slash at its end; it is empty for the one in which the log-in ends up."""

    host: str
    port: int
    folder: str


def is_sftp(address: str) -> bool:
    return address.lower().startswith("sftp://")


def read_sftp_address(address: str) -> SftpAddress:
    """Like ``sftp://files.school.org/leads``. Raises Misconfigured."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port or PORT
    except ValueError:
        raise Misconfigured("the SFTP address cannot be read") from None
    folder = unquote(parts.path).rstrip("/")
    is_plain = parts.scheme == "sftp" and _HOST.fullmatch(host) and not (parts.query or parts.fragment)
    if not is_plain or "@" in parts.netloc or not folder.isprintable() or ".." in folder.split("/"):
        raise Misconfigured("the SFTP address must look like sftp://files.school.org/folder, without a user name")
    return SftpAddress(host, port, folder)
