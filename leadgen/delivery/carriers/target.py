"""Where a post really goes: a school's web address read strictly, and the rules for plain HTTP. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

from leadgen.delivery.carriers.addresses import Network
from leadgen.delivery.carriers.contract import Line, Misconfigured

SANDBOX_DOMAIN = ".example"

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_URL_CHARACTERS = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True)
class Target:
    """``url`` is what is asked for; ``connect_to`` another ``host:port`` to ask, or empty.

    ``only_networks`` names the networks to which the connection must go; None leaves that to the table
    of refused addresses."""

    url: str
    connect_to: str = ""
    only_networks: tuple[Network, ...] | None = None


def find_target(address: str, line: Line) -> Target:
    """Read a school's web address. Raises Misconfigured where nothing may be sent there.

    Plain HTTP goes to allowed private networks and to the sandbox only, so never in production, which
    refuses both settings. Invented schools (``.example``) are played by the sandbox where there is one.
    """
    scheme, host, rest = _read(address)
    if line.sandbox_http and host.rstrip(".").endswith(SANDBOX_DOMAIN):
        return Target(f"http://{rest}", connect_to=line.sandbox_http)
    if scheme == "https":
        return Target(f"https://{rest}")
    if not line.allowed_networks:
        raise Misconfigured("the web address must start with https://")
    return Target(f"http://{rest}", only_networks=line.allowed_networks)


def _read(address: str) -> tuple[str, str, str]:
    """Scheme, host, and everything after ``scheme://``, spelled so that no other reader sees another host."""
    if not address.isprintable() or " " in address or "\\" in address:
        raise Misconfigured("the web address has characters that no address has")
    try:
        parts = urlsplit(address)
        host, port = _spell_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise Misconfigured(f"the web address cannot be read: {error}") from None
    if parts.scheme not in {"http", "https"} or port == 0 or not _HOST.fullmatch(host):
        raise Misconfigured("the web address must look like https://school.org/path")
    if "@" in parts.netloc:
        raise Misconfigured("the web address must not hold a user name or password")
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = f"?{quote(parts.query, safe=_URL_CHARACTERS)}" if parts.query else ""
    return parts.scheme, host, f"{netloc}{quote(parts.path or '/', safe=_URL_CHARACTERS)}{query}"


def _spell_host(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
