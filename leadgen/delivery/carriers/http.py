"""One POST over HTTP/1.1, bounded in time and size, to an address that we may reach.

libcurl, because it alone gives all four: a deadline over everything (dripped headers too), the address
really connected to, caps on what is read, and how many bytes of the body left. The last decides what a
broken connection means: none left is a definite no, any left is unknown.
"""

import ssl
from collections.abc import Mapping
from contextlib import closing
from importlib.metadata import version

import pycurl

from leadgen.delivery.carriers.contract import (
    CarrierError,
    DefiniteNo,
    Line,
    Misconfigured,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.carriers.gate import Gate
from leadgen.delivery.carriers.reader import Reader, Response
from leadgen.delivery.carriers.target import Target, find_target

CONNECT_SECONDS = 5.0
USER_AGENT = f"leadgen/{version('leadgen')}"

# CURLOPT_QUICK_EXIT, which pycurl does not name: without it the end of a handle waits for a resolver
# that hangs, ten seconds past the deadline.
_QUICK_EXIT = 322
_ANY_TARGET = "::"
_BAD_CERTIFICATE = {pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_ISSUER_ERROR, pycurl.E_SSL_INVALIDCERTSTATUS}
_BAD_ADDRESS = {pycurl.E_URL_MALFORMAT, pycurl.E_UNSUPPORTED_PROTOCOL}


def post(url: str, headers: Mapping[str, str], body: bytes, line: Line, deadline_seconds: float) -> Response:
    """Post ``body`` once and return what was answered, whatever its status; redirects are not followed.

    Raises where no complete answer came: Misconfigured (bad or refused address, bad certificate),
    DefiniteNo (no byte of the body left), Unknown (some did).
    """
    target = find_target(url, line)
    gate, reader = Gate(line, target), Reader()
    with closing(pycurl.Curl()) as curl, closing(gate):
        _bound(curl, deadline_seconds)
        _aim(curl, target, gate)
        _fill(curl, headers, body, reader)
        failure = _perform(curl)
        if reader.complete:
            return Response(reader.status, reader.headers, bytes(reader.body), whole=failure is None)
        raise _explain(failure, gate, body_left=_has_body_left(curl, body))


def _bound(curl: pycurl.Curl, deadline_seconds: float) -> None:
    if deadline_seconds <= 0:
        raise DefiniteNo("no time was left to send it")
    curl.setopt(pycurl.TIMEOUT_MS, max(1, int(deadline_seconds * 1000)))
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(min(CONNECT_SECONDS, deadline_seconds) * 1000)))
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(_QUICK_EXIT, 1)


def _aim(curl: pycurl.Curl, target: Target, gate: Gate) -> None:
    curl.setopt(pycurl.URL, target.url)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS if target.url.startswith("https:") else pycurl.PROTO_HTTP)
    curl.setopt(pycurl.OPENSOCKETFUNCTION, gate.open)
    if target.connect_to:
        curl.setopt(pycurl.CONNECT_TO, [_ANY_TARGET + target.connect_to])
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.NOPROXY, "*")
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    # A kept connection may die unseen, and libcurl then sends again by itself.
    curl.setopt(pycurl.FRESH_CONNECT, 1)
    curl.setopt(pycurl.FORBID_REUSE, 1)
    curl.setopt(pycurl.SSL_VERIFYPEER, 1)
    curl.setopt(pycurl.SSL_VERIFYHOST, 2)
    curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
    if authorities := ssl.get_default_verify_paths().cafile:
        curl.setopt(pycurl.CAINFO, authorities)


def _fill(curl: pycurl.Curl, headers: Mapping[str, str], body: bytes, reader: Reader) -> None:
    if any(not (name + value).isprintable() for name, value in headers.items()):
        raise PermanentNo("a header has a line break or another control character in it")
    sent = {"Accept-Encoding": "identity"} | dict(headers)
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    curl.setopt(pycurl.HTTPHEADER, ["Expect:", *(f"{name}: {value}" for name, value in sent.items())])
    curl.setopt(pycurl.USERAGENT, USER_AGENT)
    curl.setopt(pycurl.POSTFIELDS, body)
    curl.setopt(pycurl.HTTP_CONTENT_DECODING, 0)
    curl.setopt(pycurl.HEADERFUNCTION, reader.read_header)
    curl.setopt(pycurl.WRITEFUNCTION, reader.read_body)


def _perform(curl: pycurl.Curl) -> tuple[int, str] | None:
    try:
        curl.perform()
    except pycurl.error as error:
        return int(error.args[0]), curl.errstr()
    return None


def _has_body_left(curl: pycurl.Curl, body: bytes) -> bool:
    # Without a body, the request line alone is the whole message.
    return bool(curl.getinfo(pycurl.SIZE_UPLOAD_T if body else pycurl.REQUEST_SIZE))


def _explain(failure: tuple[int, str] | None, gate: Gate, *, body_left: bool) -> CarrierError:
    code, message = failure or (pycurl.E_OK, "the answer had no end")
    if body_left:
        return Unknown(f"no complete answer: {message}")
    if gate.refused and not gate.opened:
        return Misconfigured(f"the web address leads to {gate.refused[0]}, which we do not connect to")
    if code in _BAD_CERTIFICATE:
        return Misconfigured(f"the certificate was not accepted: {message}")
    if code in _BAD_ADDRESS:
        return Misconfigured(f"the web address cannot be used: {message}")
    return DefiniteNo(f"nothing was sent: {message}")
