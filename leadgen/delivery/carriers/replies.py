"""What a mail relay's replies mean, by their three digits (RFC 5321, 4.2)."""

import smtplib

from leadgen.delivery.carriers.contract import ANSWER_BYTES, DefiniteNo, PermanentNo

MAX_LINE_BYTES = 8192
MAX_ANSWER_LINES = 100

# The relay wants us to log in (RFC 4954): our configuration, whoever the recipient is.
_LOGIN_WANTED = frozenset({530, 534, 535, 538})

Reply = tuple[int, bytes]


def read_answer(client: smtplib.SMTP) -> Reply:
    """As ``getreply``, which takes a line that was cut for a whole one. Raises OSError, ValueError."""
    assert client.file is not None
    said: list[bytes] = []
    while len(said) < MAX_ANSWER_LINES:
        line = client.file.readline(MAX_LINE_BYTES)
        if not line.endswith(b"\n"):
            raise ConnectionError("the answer was cut")
        said.append(line[4:].strip())
        if line[3:4] != b"-":
            return int(line[:3]), b"\n".join(said)
    raise ValueError("the answer has no end")


def expect(reply: Reply, refusal: str, *, permanent: bool = False) -> None:
    """Go on where the reply is positive; else raise what it means.

    ``refusal`` ends the sentence "our mail relay …". ``permanent``: a 5xx here is about this recipient or
    this letter, so it is a PermanentNo; every other refusal is a DefiniteNo.
    """
    code = reply[0]
    if 200 <= code < 400:
        return
    if permanent and 500 <= code < 600 and code not in _LOGIN_WANTED:
        raise PermanentNo(f"the mail relay {refusal} ({code})", status=str(code), text=readable(reply))
    raise definite_no(refusal, reply)


def definite_no(refusal: str, reply: Reply) -> DefiniteNo:
    """The error for a refusal that may pass, or that is meant for us."""
    return DefiniteNo(f"our mail relay {refusal} ({reply[0]})", status=str(reply[0]), text=readable(reply))


def readable(reply: Reply) -> str:
    """What the relay said, at most 1 KB of it."""
    return reply[1][:ANSWER_BYTES].decode("utf-8", "replace").replace("\x00", "")
