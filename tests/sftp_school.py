"""A real SFTP server in this process, in a thread of its own, that can break when it is told to."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

PASSWORD = "open sesame"


class SftpSchool:
    """Keeps files in ``folder``. ``on_rename`` is ``keep`` (as it should), ``cut`` (the connection breaks once the file
    has its name), ``cut_before`` (before it has), ``refuse``. ``removes`` is whether files can be removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.user_key = asyncssh.generate_private_key("ssh-ed25519")
        self.on_rename = "keep"
        self.removes = True
        self.logins = 0
        self.port = 0

    @property
    def host_key(self) -> str:
        return self.key.export_public_key().decode().strip()

    @property
    def private_key(self) -> str:
        return self.user_key.export_private_key().decode()

    def files(self) -> dict[str, bytes]:
        """What the school can read: hidden names are not finished."""
        return {each.name: each.read_bytes() for each in self.folder.iterdir() if not each.name.startswith(".")}


class _Server(asyncssh.SSHServer):
    def __init__(self, school: SftpSchool) -> None:
        self._school = school

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._school.logins += 1
        return (username, password) == ("us", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._school.logins += 1
        return key.public_data == self._school.user_key.public_data


def _make_sftp(school: SftpSchool) -> Any:
    class Files(asyncssh.SFTPServer):
        def __init__(self, chan: Any) -> None:
            self._channel = chan
            super().__init__(chan, chroot=str(school.folder).encode())

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            if school.on_rename == "refuse":
                raise asyncssh.SFTPPermissionDenied("no")
            if school.on_rename != "cut_before":
                super().rename(oldpath, newpath)
            if school.on_rename != "keep":
                self._channel.get_connection().abort()

        def remove(self, path: bytes) -> None:
            if not school.removes:
                raise asyncssh.SFTPPermissionDenied("no")
            super().remove(path)

    return Files


@contextmanager
def running_sftp(folder: Path) -> Iterator[SftpSchool]:
    """The server, until the end."""
    school, loop, ready = SftpSchool(folder), asyncio.new_event_loop(), threading.Event()

    async def listen() -> Any:
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[school.key],
            server_factory=lambda: _Server(school),
            sftp_factory=_make_sftp(school),
        )
        school.port = server.sockets[0].getsockname()[1]
        ready.set()
        return server

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(listen())
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield school
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
