"""What is wrong with the part of a map that is about a daily file. Pure."""

from collections.abc import Iterator

from leadgen.delivery.batch.turn import read_clock
from leadgen.delivery.carriers.contract import Misconfigured
from leadgen.delivery.carriers.sftp_address import is_sftp, read_sftp_address
from leadgen.delivery.posting.check import Fault
from leadgen.delivery.posting.model import AuthKind, Posting
from leadgen.delivery.posting.template import TemplateError, list_holes
from leadgen.marks import say

# without these nobody could tell a withdrawal from a lead, nor whose it is
NEEDED = ("event", "lead_id")


def check_sheet(posting: Posting, address: str, *, is_batch: bool) -> Iterator[Fault]:
    """Where the endpoint takes a daily file, it is described; where it does not, it is not."""
    if not is_batch:
        if posting.batch is not None:
            yield Fault(("batch",), say("Only a daily file has this part."))
        if posting.auth.kind is AuthKind.key:
            yield Fault(("auth", "kind"), say("Only a daily file by SFTP takes a private key."))
        return
    if posting.batch is None:
        yield Fault(("batch",), say("Say when the file goes, like “batch”: {“file”: “csv”, “at”: “17:30”}."))
        return
    if read_clock(posting.batch.at) is None:
        yield Fault(("batch", "at"), say("Enter a time of day like 17:30."))
    if posting.notice is not None:
        yield Fault(("notice",), say("A daily file has its withdrawals as rows of the same columns."))
    yield from _check_columns(posting)
    if is_sftp(address):
        yield from _check_sftp(posting, address)


def _check_columns(posting: Posting) -> Iterator[Fault]:
    named: set[str] = set()
    for row in posting.lead.rows:
        try:
            named |= {hole.name for hole in list_holes(row.value)}
        except TemplateError:
            continue
    for name in NEEDED:
        if name not in named:
            yield Fault(
                ("lead", "rows"), say("Add a column with {{ %(name)s }}: withdrawals are told by it.", name=name)
            )


def _check_sftp(posting: Posting, address: str) -> Iterator[Fault]:
    try:
        read_sftp_address(address)
    except Misconfigured as error:
        yield Fault(("batch",), say("The address of the endpoint cannot be used: %(why)s.", why=error.reason))
    if posting.auth.kind not in (AuthKind.basic, AuthKind.key) or not posting.auth.user:
        yield Fault(("auth",), say("Say who logs in, like “auth”: {“kind”: “basic”, “user”: “us”}; or kind key."))
    import asyncssh  # noqa: PLC0415 - 6 MB, and few schools ask for files by SFTP

    try:
        asyncssh.import_public_key(posting.batch.host_key if posting.batch else "")
    except (asyncssh.KeyImportError, ValueError):
        yield Fault(("batch", "host_key"), say("Enter the server’s public key, like ssh-ed25519 AAAA…"))
