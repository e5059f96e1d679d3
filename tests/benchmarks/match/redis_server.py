"""Debian's Redis, on a Unix socket of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.fleet import wait_until


@contextmanager
def start_redis(folder: Path) -> Iterator[Redis]:
    """A fresh server that keeps nothing on disk; gives a client."""
    path = folder / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"]
    with (folder / "redis.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    client = Redis(unix_socket_path=str(path))
    try:
        assert wait_until(lambda: _answers(client), 20), "redis-server does not answer"
        yield client
    finally:
        client.close()
        server.terminate()
        server.wait(20)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
