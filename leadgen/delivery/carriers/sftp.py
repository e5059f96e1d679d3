"""SFTP: a file is written under another name, made sure of, and then named: nobody ever reads half of it.

The server is known by its key, which is written down with the map; any other is refused before we say who we are.
Until the file has its name it is not there for the school, so every fault is a definite no. After that only looking
tells: the name says which file it is, and its hash that it is whole. A hidden copy that is left says that it never got
its name. Where there is neither, nobody can know: a school may take its files away as soon as they come."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import asyncssh

from leadgen.delivery.carriers.addresses import is_refused
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Destination,
    Line,
    Misconfigured,
    Parcel,
    Unknown,
)
from leadgen.delivery.carriers.sftp_address import NOT_NAMED, SftpAddress, read_sftp_address
from leadgen.delivery.posting.model import AuthKind
from leadgen.delivery.posting.request import PASSWORD, PRIVATE_KEY, OpenPosting

CONNECT_SECONDS = 5.0
SHORTEST_SECONDS = 0.1
PIECE = 32_768
MOST_READ = 64 * 1024 * 1024
PUT, THERE = "put", "there"
ALREADY = Answer(THERE, receipt="duplicate")  # tells a repeat from news
NOT_THERE = "no such file is there: it never came, or the school took it away"
ALTERED = "the file that is there is not as it was sent"
GONE = "the connection broke while the file was being named"

# the server's own words, after which nothing was done
REFUSALS = (asyncssh.SFTPPermissionDenied, asyncssh.SFTPOpUnsupported)

Act = Callable[[asyncssh.SFTPClient, str], Coroutine[Any, Any, Answer]]


@dataclass
class _Stage:
    """How far it got: from ``naming`` on, the file may be there."""

    naming: bool = field(default=False)


def put(parcel: Parcel, destination: Destination, line: Line) -> Answer:
    """Write the file. One of this name that is the same counts as a duplicate. Raises CarrierError."""
    stage = _Stage()
    return _run(destination, line, parcel.filename, lambda sftp, path: _put(sftp, path, parcel.body, stage), stage)


def look_for(name: str, digest: str, destination: Destination, line: Line) -> Answer:
    """Whether the file is there and whole. Raises CarrierError: DefiniteNo for ``NOT_NAMED``, or with another reason
    where nobody could look; Unknown where looking does not tell."""
    return _run(destination, line, name, lambda sftp, path: _look(sftp, path, digest), _Stage())


def _run(destination: Destination, line: Line, name: str, act: Act, stage: _Stage) -> Answer:
    if destination.opened is None or destination.opened.posting.batch is None:
        raise Misconfigured("the map says nothing of a daily file")
    address = read_sftp_address(destination.address)
    connection = _connect(address, line, destination.deadline_seconds)
    try:
        within = asyncio.wait_for(
            _act(connection, address, destination.opened, name, act), destination.deadline_seconds
        )
        return asyncio.run(within)
    except CarrierError:
        raise
    except Exception as error:
        raise _name_error(error, stage) from None
    finally:
        connection.close()


def _connect(address: SftpAddress, line: Line, deadline_seconds: float) -> socket.socket:
    """A socket to an address that may be connected to: the one that was looked at is the one that is used."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except OSError:
        raise DefiniteNo("the name of the SFTP server was not found") from None
    if any(is_refused(str(each[4][0]), line.allowed_networks) for each in found):
        raise Misconfigured("the SFTP server has an address that nothing may be sent to")
    return connect_first([str(each[4][0]) for each in found], address.port, min(CONNECT_SECONDS, deadline_seconds))


def connect_first(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    """A socket to the first of these addresses that answers: a name may have one that nothing leads to, IPv6 above
    all. Raises DefiniteNo where none does, or ``seconds`` are over."""
    until = time.monotonic() + seconds
    for number, address in enumerate(addresses):
        # one that is silent leaves time for the others
        share = (until - time.monotonic()) / (len(addresses) - number)
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=max(share, SHORTEST_SECONDS))
    raise DefiniteNo("the SFTP server was not reached")


async def _act(connection: socket.socket, address: SftpAddress, opened: OpenPosting, name: str, act: Act) -> Answer:
    connection.setblocking(False)
    path = f"{address.folder}/{name}" if address.folder else name
    secure = asyncssh.connect(sock=connection, host=address.host, **_prove(opened))
    async with secure as session, session.start_sftp_client() as sftp:
        return await act(sftp, path)


def _prove(opened: OpenPosting) -> dict[str, Any]:
    """Who we are, and by which key the server is known. Nothing of this machine's own SSH settings is used."""
    sheet, auth = opened.posting.batch, opened.posting.auth
    assert sheet is not None
    keys = opened.secrets.get(PRIVATE_KEY)
    by_key = auth.kind is AuthKind.key and keys
    return {
        "username": auth.user,
        "known_hosts": ([asyncssh.import_public_key(sheet.host_key)], [], []),
        "client_keys": [asyncssh.import_private_key(keys)] if by_key and keys else None,
        "password": None if by_key else opened.secrets.get(PASSWORD),
        "preferred_auth": "publickey" if by_key else "password,keyboard-interactive",
        "config": None,
        "agent_path": None,
        "x509_trusted_certs": None,
        "login_timeout": CONNECT_SECONDS,
    }


async def _put(sftp: asyncssh.SFTPClient, path: str, body: bytes, stage: _Stage) -> Answer:
    digest = sha256(body).hexdigest()
    if await sftp.exists(path):
        if await _is_same(sftp, path, digest):
            return ALREADY
        raise DefiniteNo("another file of this name is there")  # of before a restore, perhaps; the next has another
    written = _hide(path)
    async with sftp.open(written, "wb") as file:
        for start in range(0, len(body), PIECE):
            await file.write(body[start : start + PIECE])
        with suppress(asyncssh.SFTPOpUnsupported):
            await file.fsync()
    if (await sftp.stat(written)).size != len(body):
        raise DefiniteNo("the SFTP server kept another size than was written")
    stage.naming = True
    try:
        await sftp.rename(written, path)
    except REFUSALS:
        with suppress(*REFUSALS):
            await sftp.remove(written)
        raise Misconfigured("the SFTP server does not let us rename a file in this folder") from None
    return Answer(PUT, f"{len(body)} bytes")


async def _look(sftp: asyncssh.SFTPClient, path: str, digest: str) -> Answer:
    if await sftp.exists(path):
        if await _is_same(sftp, path, digest):
            return ALREADY
        raise Unknown(ALTERED)
    if not await sftp.exists(_hide(path)):
        raise Unknown(NOT_THERE)
    try:
        await sftp.remove(_hide(path))  # whoever was about to name it finds nothing to name
    except REFUSALS:
        raise Unknown("the hidden copy of the file could not be removed") from None
    raise DefiniteNo(NOT_NAMED)


def _hide(path: str) -> str:
    """What it is called until it is whole."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}.part"


async def _is_same(sftp: asyncssh.SFTPClient, path: str, digest: str) -> bool:
    async with sftp.open(path, "rb") as file:
        content: Any = await file.read(MOST_READ)
    return sha256(content).hexdigest() == digest


def _name_error(error: Exception, stage: _Stage) -> CarrierError:
    if stage.naming:
        return Unknown(GONE)
    match error:
        case asyncssh.HostKeyNotVerifiable():
            return Misconfigured("the SFTP server shows another key than the one that is written down")
        case asyncssh.PermissionDenied():
            return Misconfigured("the SFTP server does not let us in")
        case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath() | asyncssh.SFTPPermissionDenied():
            return Misconfigured("the SFTP server does not let us write into this folder")
        case asyncssh.KeyImportError() | asyncssh.KeyExchangeFailed():
            return Misconfigured("the keys of the map cannot be used with the SFTP server")
        case TimeoutError():
            return DefiniteNo("the SFTP server took too long")
    return DefiniteNo(f"the SFTP server broke off ({type(error).__name__})")
