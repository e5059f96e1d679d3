"""What must hold before anything is started, each with one clear line where it does not."""

import errno
import os
import socket
from pathlib import Path

from leadgen.local import StartError

HOST = "127.0.0.1"


def prepare_folder(path: Path) -> Path:
    """Make the data folder, prove that it can be written, and return it absolute. Raises StartError."""
    folder = path.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "logs").mkdir(exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"Cannot write to the data folder {folder}: {error.strerror}. Choose one with --data"
        ) from None
    return folder


def claim_web_port(port: int) -> int:
    """The port itself where it is free, a free one for 0. Raises StartError."""
    try:
        return _try_to_bind(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                f"Port {port} is taken. Choose another, for example: leadgen up --port {port + 10}"
            ) from None
        raise StartError(f"Port {port} cannot be used: {error.strerror}. Choose another with --port") from None


def find_port(wished: int) -> int:
    """The port wished for where it is free, else any free one."""
    try:
        return _try_to_bind(wished if wished < 65_536 else 0)
    except OSError:
        return _try_to_bind(0)


def _try_to_bind(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        bound: int = probe.getsockname()[1]
        return bound
