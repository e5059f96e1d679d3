"""A large directory is read by a process of its own. To read it takes far more memory than it leaves, of which a
process never gives all back, and the requests of a web process would share its processor with the reading.

The reader writes into a file without a name that both have open: the arrays one after the other, then the rest. The
address of the database, which may hold a password, goes through the reader's standard input.
"""

import io
import mmap
import os
import pickle
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import URL, make_url

from leadgen.matching.index.build import TooManyKindsError, build_directory
from leadgen.matching.index.directory import Directory
from leadgen.matching.index.shelf import Names
from leadgen.matching.index.snapshot import open_snapshot

TOO_MANY_KINDS = 3  # how the reader ends then
PROTOCOL = 5  # arrays beside the rest
END_BYTES = 8


def read_apart(url: URL) -> Directory:
    """The directory of this database, read by another process. Raises TooManyKindsError, and OSError where that
    process fails."""
    file = TemporaryFile()  # noqa: SIM115 - closed with the last name that is read from it
    command = [sys.executable, "-P", "-m", "leadgen.matching.index.apart", str(file.fileno())]
    address = url.render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - our own module
        command, input=address, text=True, pass_fds=[file.fileno()], capture_output=True, check=False
    )
    if done.returncode == TOO_MANY_KINDS:
        raise TooManyKindsError
    if done.returncode:
        raise OSError(f"the reader ended with {done.returncode}")
    return load(file)


def dump(directory: Directory, file: IO[bytes]) -> None:
    """Write it so that `load` takes it from the file without reading it."""
    spans: list[tuple[int, int]] = []
    rest = io.BytesIO()
    _Writer(rest, PROTOCOL, buffer_callback=lambda part: spans.append(_append(file, part.raw()))).use(file).dump(
        directory
    )
    start, _ = _append(file, pickle.dumps((rest.getvalue(), spans)))
    file.write(start.to_bytes(END_BYTES))
    file.flush()


def load(file: IO[bytes]) -> Directory:
    """The directory in this file, which nobody but `dump` of a process of ours has ever had open."""
    held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = int.from_bytes(held[-END_BYTES:])
    rest, spans = pickle.loads(held[start:-END_BYTES])  # noqa: S301 - our own words
    view = memoryview(held)
    loader = _Loader(io.BytesIO(rest), buffers=[view[begin:end] for begin, end in spans])
    directory: Directory = loader.use(file).load()
    return directory


class _Writer(pickle.Pickler):
    """Names stay in the file, and are told by where they begin there."""

    _file: IO[bytes]

    def use(self, file: IO[bytes]) -> "_Writer":
        self._file = file
        return self

    def persistent_id(self, thing: Any) -> tuple[int, int] | None:
        if not isinstance(thing, Names):
            return None
        return _append(self._file, thing.read_all())[0], thing.width


class _Loader(pickle.Unpickler):
    _file: IO[bytes]

    def use(self, file: IO[bytes]) -> "_Loader":
        self._file = file
        return self

    def persistent_load(self, known: tuple[int, int]) -> Names:
        start, width = known
        return Names(self._file, width, start)


def _append(file: IO[bytes], octets: Any) -> tuple[int, int]:
    """Where they begin and end in the file; on a page of their own, as numbers have to lie."""
    start = -(-file.tell() // mmap.PAGESIZE) * mmap.PAGESIZE
    file.seek(start)
    file.write(octets)
    return start, file.tell()


def main() -> int:
    """Read the database whose address comes on standard input into the open file of that number."""
    url = make_url(sys.stdin.read())
    with os.fdopen(int(sys.argv[1]), "r+b", closefd=False) as file, open_snapshot(url) as session:
        try:
            dump(build_directory(session), file)
        except TooManyKindsError:
            return TOO_MANY_KINDS
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
