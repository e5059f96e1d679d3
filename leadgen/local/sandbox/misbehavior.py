"""What a bad receiver does with a connection once it has read the post."""

import time
import zlib
from io import BufferedIOBase

from leadgen.local.sandbox.behavior import LONGEST_SECONDS, Act

FLOOD_BYTES = 10_000_000_000
CHUNK = bytes(1_000_000)
_GZIP_WINDOW = 31  # zlib's number for a gzip stream of the largest window


def misbehave(act: Act, out: BufferedIOBase) -> None:
    """Do it. Raises OSError where the other side has hung up."""
    match act:
        case Act.hang:
            time.sleep(LONGEST_SECONDS)
        case Act.cut:
            out.write(b"HTTP/1.1 202 Acc")
        case Act.drip:
            _drip(out, b"HTTP/1.1 202 Accepted\r\nX-Slow: " + b"z" * int(LONGEST_SECONDS))
        case Act.flood:
            _flood(out)
        case Act.bomb:
            _send_bomb(out)


def _drip(out: BufferedIOBase, octets: bytes) -> None:
    for octet in octets:
        out.write(bytes([octet]))
        out.flush()
        time.sleep(1)


def _flood(out: BufferedIOBase) -> None:
    out.write(b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n")
    out.write(b"Content-Length: %d\r\n\r\n" % FLOOD_BYTES)
    for _ in range(FLOOD_BYTES // len(CHUNK)):
        out.write(CHUNK)


def _send_bomb(out: BufferedIOBase) -> None:
    """A thousandth of what it unpacks to, made while it is sent."""
    out.write(b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n")
    packer = zlib.compressobj(wbits=_GZIP_WINDOW)
    for _ in range(FLOOD_BYTES // len(CHUNK)):
        out.write(packer.compress(CHUNK))
    out.write(packer.flush())
