"""Small IMAP and POP3 servers with one mailbox, as far as our client speaks to them."""

import re
import socket

from tests.fake_server import Behaviour, FakeServer

USER, PASSWORD = "bounces", "p@ss"


def imap(messages: dict[int, bytes], login: str = "OK", breaks_at: int = 0) -> Behaviour:
    """An IMAP server that holds these messages by their UID, and forgets those that are deleted and expunged. It hangs
    up whenever the message of the UID ``breaks_at`` is asked for, and calls it bad to ask for one that is empty."""
    deleted: set[int] = set()

    def answer(command: str) -> bytes:
        if command.startswith("UID SEARCH"):
            return b"* SEARCH " + " ".join(map(str, sorted(messages))).encode() + b"\r\n"
        if found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            raw = messages[int(found[1])][: int(found[2])]
            return f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        if found := re.match(r"UID STORE (\d+) \+FLAGS\.SILENT", command):
            deleted.add(int(found[1]))
        if command.startswith("SELECT"):
            return b"* 1 EXISTS\r\n"
        if command.startswith("EXPUNGE"):
            for uid in deleted:
                messages.pop(uid, None)
        return b"* CAPABILITY IMAP4rev1\r\n" if command.startswith("CAPABILITY") else b""

    def behave(connection: socket.socket, _server: FakeServer) -> None:
        connection.sendall(b"* OK ready\r\n")
        for line in connection.makefile("rb"):
            tag, _, command = line.decode().strip().partition(" ")
            asked = int(command.split()[2]) if command.startswith("UID FETCH") else 0
            if asked and asked == breaks_at:
                return
            if asked and not messages[asked]:
                connection.sendall(f"{tag} BAD it is damaged\r\n".encode())
                continue
            told = login if command.startswith("LOGIN") else "OK"
            connection.sendall(answer(command) + f"{tag} {told} done\r\n".encode())

    return behave


def pop3(messages: dict[int, bytes], login: str = "+OK", breaks_at: int = 0, gives: str = "TOP") -> Behaviour:
    """A POP3 server that holds these messages by number, and forgets at QUIT those that were deleted until then. It
    hangs up whenever the message of the number ``breaks_at`` is asked for, and refuses one that is empty. ``gives`` is
    the command by which it gives a message."""

    def list_all(_number: int) -> bytes:
        return b"+OK\r\n" + b"".join(b"%d %d\r\n" % (n, len(raw)) for n, raw in messages.items()) + b".\r\n"

    def give(number: int) -> bytes:
        lines = messages[number].replace(b"\r\n", b"\n").split(b"\n")
        stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
        return b"+OK\r\n" + stuffed + b"\r\n.\r\n" if messages[number] else refuse(number)

    def refuse(_number: int) -> bytes:
        return b"-ERR no\r\n"

    answers = {"LIST": list_all, "TOP": refuse, "RETR": refuse} | {gives: give}

    def behave(connection: socket.socket, _server: FakeServer) -> None:
        deleted: set[int] = set()
        connection.sendall(b"+OK ready\r\n")
        for line in connection.makefile("rb"):
            verb, *words = line.decode().split()
            number = int(words[0]) if words and words[0].isdigit() else 0
            if verb == gives and number == breaks_at:
                return
            if verb == "DELE":
                deleted.add(number)
            if verb == "QUIT":
                for each in deleted:
                    messages.pop(each, None)
            told = f"{login}\r\n".encode() if verb == "PASS" else b"+OK\r\n"
            connection.sendall(answers[verb](number) if verb in answers else told)

    return behave
