"""The receivers that we show to schools, as real processes, take what our carrier really sends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.config import ROOT
from leadgen.delivery.carriers import webhook
from leadgen.delivery.carriers.contract import Answer, DefiniteNo, Destination, Misconfigured, PermanentNo
from leadgen.delivery.carry_test import carry_test
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.delivery.trial import ask_test
from leadgen.directory.signing import make_signing
from leadgen.models import Delivery, Endpoint, EndpointTest, Signature, State
from tests.conftest import REQUIRE_ALL
from tests.fleet import find_free_port, wait_until
from tests.inquiries import add_school, send_inquiry
from tests.tasks.posting import LOCAL, PARCEL

SAMPLES = ROOT / "docs/receivers"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PAIR, OTHER_PAIR = make_signing(Signature.ed25519), make_signing(Signature.ed25519)
OTHER_SECRET = make_signing(Signature.hmac).private
COMMANDS = {
    "python": [sys.executable, "receiver.py"],
    "node": ["node", "receiver.mjs"],
    "php": ["php", "-S", "127.0.0.1:{port}", "receiver.php"],
}


@dataclass(frozen=True)
class Receiver:
    """A school's own system: where it listens, and the folder in which it keeps what came."""

    port: int
    inbox: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/leads"

    def send(self, *secrets: str, key: str = "msg_1", at: float | None = None) -> Answer:
        destination = Destination(self.address, key, 10, secrets or (SECRET,))
        return webhook.carry(PARCEL, destination, LOCAL, clock=lambda: at or time.time())

    def kept(self) -> list[bytes]:
        return [file.read_bytes() for file in self.inbox.iterdir()]


def find_command(language: str, port: int) -> list[str]:
    program, *words = COMMANDS[language]
    found = shutil.which(program)
    if found is None:
        assert not REQUIRE_ALL, f"{program} is not installed"
        pytest.skip(f"{program} is not installed")
    return [found, *(str(SAMPLES / word) if word.startswith("receiver.") else word.format(port=port) for word in words)]


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(
    params=["python", pytest.param("node", marks=pytest.mark.slow), pytest.param("php", marks=pytest.mark.slow)]
)
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receiver]:
    """One that knows a secret and a public key, as while a school changes from one to the other."""
    port, inbox = find_free_port(), tmp_path / "inbox"
    known = {"WEBHOOK_KEYS": f"{SECRET} {PAIR.handed_over}", "INBOX": str(inbox), "PORT": str(port)}
    process = subprocess.Popen(
        find_command(request.param, port),
        env={"PATH": os.environ["PATH"], "PHP_CLI_SERVER_WORKERS": "4"} | known,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # PHP has children of its own
    )
    try:
        assert wait_until(lambda: is_listening(port), 20)
        inbox.mkdir(exist_ok=True)
        yield Receiver(port, inbox)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def test_a_message_that_a_known_key_proves_is_kept_byte_for_byte(receiver: Receiver) -> None:
    known, other = (SECRET, PAIR.private), (OTHER_SECRET, OTHER_PAIR.private)
    beside = [(new, old) for new in other for old in known]
    for number, secrets in enumerate([(known[0],), (known[1],), known, *beside]):
        answer = receiver.send(*secrets, key=f"msg_{number}")
        assert (answer.status, json.loads(answer.text)) == ("200", {"status": "accepted"}), secrets
    assert receiver.kept() == [PARCEL.body] * 7


def test_a_message_of_another_key_is_refused_and_its_sender_waits(receiver: Receiver) -> None:
    for secret in (OTHER_SECRET, OTHER_PAIR.private):
        with pytest.raises(Misconfigured) as raised:
            receiver.send(secret)
        assert raised.value.status == "401"
    assert receiver.kept() == []


def test_a_message_of_another_time_is_refused(receiver: Receiver) -> None:
    for seconds in (-310, 310):
        with pytest.raises(Misconfigured):
            receiver.send(at=time.time() + seconds)
    for number, seconds in enumerate((-280, 280)):
        receiver.send(at=time.time() + seconds, key=f"msg_{number}")
    assert len(receiver.kept()) == 2


@pytest.mark.parametrize("secret", [SECRET, PAIR.private], ids=["secret", "pair"])
def test_what_was_changed_on_the_way_is_refused(receiver: Receiver, secret: str) -> None:
    at = int(time.time())
    signature = webhook.sign((secret,), "msg_1", at, PARCEL.body)
    told = {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signature}
    changes = (
        (PARCEL.body + b" ", {}),
        (PARCEL.body, {"webhook-id": "msg_2"}),
        (PARCEL.body, {"webhook-timestamp": str(at + 1)}),
        (PARCEL.body, {"webhook-signature": signature[:-4] + "AAA="}),
        (PARCEL.body, {"webhook-signature": "v1, v1a, v1,AAAA v1a,AAAA , v2"}),
        (PARCEL.body, {"webhook-timestamp": "soon"}),
    )
    for body, changed in changes:
        assert ask(receiver, "POST", body, told | changed) == 401, changed
    assert receiver.kept() == []
    assert ask(receiver, "POST", PARCEL.body, told) == 200


def test_a_repeat_is_named_a_duplicate_and_kept_once_even_where_they_come_together(receiver: Receiver) -> None:
    with ThreadPoolExecutor(8) as together:
        words = [json.loads(answer.text)["status"] for answer in together.map(lambda _: receiver.send(), range(8))]
    assert sorted(words) == ["accepted", *["duplicate"] * 7]
    assert json.loads(receiver.send().text) == {"status": "duplicate"}
    assert json.loads(receiver.send(key="msg_2").text) == {"status": "accepted"}
    assert receiver.kept() == [PARCEL.body] * 2


def test_where_it_cannot_be_kept_it_is_asked_for_again_later(receiver: Receiver) -> None:
    shutil.rmtree(receiver.inbox)
    receiver.inbox.write_text("a file where the folder was")
    with pytest.raises(DefiniteNo) as raised:
        receiver.send()
    assert raised.value.status == "503"


def test_what_is_far_too_large_is_not_read_to_its_end(receiver: Receiver) -> None:
    large = replace(PARCEL, body=b"x" * 300_000)
    with pytest.raises(PermanentNo) as raised:
        webhook.carry(large, Destination(receiver.address, "msg_1", 10, (SECRET,)), LOCAL)
    assert raised.value.status == "413"


def test_it_passes_the_test_that_is_sent_twice_and_takes_leads(session: Session, receiver: Receiver) -> None:
    add_school(session, "larkspur", address=receiver.address, secret=SECRET)
    endpoint = session.scalars(select(Endpoint)).one()
    test_id = ask_test(session, endpoint, "user:1", twice=True).id
    session.commit()
    carry_test(open_dispatcher(), test_id)
    session.expire_all()
    assert session.get_one(EndpointTest, test_id).counts_one
    assert session.scalars(select(Endpoint.dedupes)).one()
    send_inquiry(session, ["larkspur"])
    delivery_id = session.scalars(select(Delivery.id)).one()
    session.commit()
    assert open_dispatcher().deliver(delivery_id) is State.delivered
    assert sorted(json.loads(body)["type"] for body in receiver.kept()) == ["lead.created", "lead.test"]


def ask(receiver: Receiver, method: str, body: bytes, headers: dict[str, str]) -> int:
    line = HTTPConnection("127.0.0.1", receiver.port, timeout=10)
    line.request(method, "/leads", body, headers)
    return line.getresponse().status
