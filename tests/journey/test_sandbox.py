"""The sandbox: what a school would see, and what it does when it is told to misbehave."""

import json
import smtplib
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from leadgen.local.sandbox import arrivals
from leadgen.local.sandbox.arrivals import Arrival, Arrivals, Kind
from leadgen.local.sandbox.run import RunningSandbox

SECRET = "whsec_" + b64encode(b"s" * 24).decode()
BODY = b'{"type": "lead.created", "data": {"name": "Jo <Doe>"}}'


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    (tmp_path / "sandbox-secrets.json").write_text(json.dumps({"acme.example": [SECRET]}))
    running = RunningSandbox(tmp_path)
    yield running
    running.stop()


def post(sandbox: RunningSandbox, host: str, body: bytes, *, path: str = "/leads", **headers: str) -> tuple[int, Any]:
    line = HTTPConnection("127.0.0.1", sandbox.http_port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request("POST", path, body, {"Host": host, "Content-Type": "application/json", **named})
    answer = line.getresponse()
    return answer.status, json.loads(answer.read())


def read(sandbox: RunningSandbox, path: str = "/arrivals.json?after=0") -> Any:
    line = HTTPConnection("127.0.0.1", sandbox.http_port, timeout=5)
    line.request("GET", path)
    text = line.getresponse().read().decode()
    return json.loads(text)["arrivals"] if "json" in path else text


def sign(key: str, body: bytes, secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign(key, at, body.decode())
    return {"webhook_id": key, "webhook_timestamp": str(int(at.timestamp())), "webhook_signature": signature}


def behave(sandbox: RunningSandbox, host: str, **told: object) -> None:
    assert post(sandbox, "127.0.0.1", json.dumps({"host": host, **told}).encode(), path="/behave")[0] == 200


def test_a_signed_webhook_is_taken_and_shown_as_good(sandbox: RunningSandbox) -> None:
    status, told = post(sandbox, "acme.example", BODY, **sign("d1", BODY))
    assert (status, told["status"]) == (202, "accepted")
    [arrival] = read(sandbox)
    assert (arrival["kind"], arrival["host"], arrival["signature"]) == ("webhook", "acme.example", "good")
    assert arrival["content"]["json"] == {"type": "lead.created", "data": {"name": "Jo <Doe>"}}
    page = read(sandbox, "/")
    assert "Signature checked: good" in page
    assert "Jo &lt;Doe&gt;" in page
    assert "<Doe>" not in page


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (sign("d1", BODY, "whsec_" + b64encode(b"o" * 24).decode()), "bad"),
        (sign("d1", BODY + b" "), "bad"),
        (sign("d1", BODY, at=datetime.now(UTC) - timedelta(minutes=6)), "stale"),
        ({}, "missing"),
        ({"webhook_id": "d1", "webhook_timestamp": "soon", "webhook_signature": "v1,xx"}, "missing"),
        ({"webhook_id": "d1", "webhook_timestamp": "1", "webhook_signature": "v1,é"}, "bad"),
    ],
)
def test_a_signature_that_is_not_right_is_shown(sandbox: RunningSandbox, headers: dict[str, str], found: str) -> None:
    assert post(sandbox, "acme.example", BODY, **headers)[0] == 202
    assert [arrival["signature"] for arrival in read(sandbox)] == [found]


def test_either_of_two_secrets_is_good_and_the_file_is_read_again(sandbox: RunningSandbox, tmp_path: Path) -> None:
    other = "whsec_" + b64encode(b"o" * 24).decode()
    (tmp_path / "sandbox-secrets.json").write_text(json.dumps({"acme.example": [SECRET, other]}))
    post(sandbox, "acme.example", BODY, **sign("d1", BODY, other))
    post(sandbox, "beta.example", BODY, **sign("d2", BODY))
    assert [arrival["signature"] for arrival in read(sandbox)] == ["good", "unknown"]


def test_a_second_post_of_one_key_is_a_duplicate_with_the_first_reference(sandbox: RunningSandbox) -> None:
    first = post(sandbox, "acme.example", BODY, **sign("d1", BODY))[1]
    status, second = post(sandbox, "acme.example", BODY, **sign("d1", BODY))
    assert (status, second) == (200, {"status": "duplicate", "reference": first["reference"]})
    assert post(sandbox, "beta.example", BODY, **sign("d1", BODY))[0] == 202
    assert [arrival["duplicate"] for arrival in read(sandbox)] == [False, True, False]


def test_a_form_is_shown_by_its_fields(sandbox: RunningSandbox) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(sandbox, "form.example", b"first_name=Jo+Ann&zip=60601&zip=", **form)[0] == 202
    [arrival] = read(sandbox)
    assert arrival["kind"] == "form"
    assert arrival["content"]["fields"] == [["first_name", "Jo Ann"], ["zip", "60601"], ["zip", ""]]
    assert "<dt>first_name</dt><dd>Jo Ann</dd>" in read(sandbox, "/")


def make_mail(to: str = "leads@school.example") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "First Step <inquiries@firststep.example>", to, "A lead: Zoë"
    mail["Message-ID"] = "<d1@firststep.example>"
    mail.set_content("Her name is Zoë.")
    mail.add_alternative("<p>Her name is <b>Zoë</b>.</p>", subtype="html")
    return mail


def send(sandbox: RunningSandbox, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as line:
        line.send_message(mail)


def test_a_mail_is_decoded(sandbox: RunningSandbox) -> None:
    send(sandbox, make_mail())
    send(sandbox, make_mail())
    first, second = read(sandbox)
    assert (first["kind"], first["host"], first["duplicate"]) == ("mail", "school.example", False)
    assert first["content"]["headers"]["Subject"] == "A lead: Zoë"
    assert first["content"]["text"].strip() == "Her name is Zoë."
    assert "<b>Zoë</b>" in first["content"]["html"]
    assert second["duplicate"] is True
    assert "Her name is &lt;b&gt;Zoë&lt;/b&gt;." in read(sandbox, "/").replace("&lt;p&gt;", "")


def test_a_school_misbehaves_as_often_as_it_was_told(sandbox: RunningSandbox) -> None:
    behave(sandbox, "acme.example", status=503, times=2, headers={"Retry-After": "7"})
    answers = [post(sandbox, "acme.example", BODY, **sign("d1", BODY))[0] for _ in range(4)]
    assert answers == [503, 503, 202, 200]
    assert [arrival["taken"] for arrival in read(sandbox)] == [False, False, True, True]


def test_a_school_that_takes_it_and_then_answers_500_knows_the_second(sandbox: RunningSandbox) -> None:
    behave(sandbox, "*", status=500, times=1, taken=True)
    answers = [post(sandbox, "acme.example", BODY, **sign("d1", BODY))[0] for _ in range(2)]
    assert answers == [500, 200]


@pytest.mark.parametrize("act", ["close", "cut"])
def test_a_school_hangs_up(sandbox: RunningSandbox, act: str) -> None:
    behave(sandbox, "acme.example", act=act, times=1)
    with pytest.raises((RemoteDisconnected, ConnectionError, ValueError, OSError)):
        assert post(sandbox, "acme.example", BODY)[0] == 0
    assert [arrival["answer"] for arrival in read(sandbox)] == [act]


def test_a_school_that_hangs_or_dawdles_is_waited_for(sandbox: RunningSandbox) -> None:
    behave(sandbox, "slow.example", delay_seconds=0.3)
    behave(sandbox, "mute.example", act="hang", times=1)
    started = time.monotonic()
    assert post(sandbox, "slow.example", BODY)[0] == 202
    assert time.monotonic() - started >= 0.3
    line = HTTPConnection("127.0.0.1", sandbox.http_port, timeout=0.3)
    line.request("POST", "/leads", BODY, {"Host": "mute.example"})
    with pytest.raises(TimeoutError):
        line.getresponse()


def test_a_mail_school_refuses_after_the_final_dot(sandbox: RunningSandbox) -> None:
    behave(sandbox, "school.example", status=451, times=1)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(sandbox, make_mail())
    assert refused.value.smtp_code == 451
    send(sandbox, make_mail())
    assert [arrival["duplicate"] for arrival in read(sandbox)] == [False, False]


def test_what_cannot_be_read_is_told_and_changes_nothing(sandbox: RunningSandbox) -> None:
    for told in (b"{", b"[]", b'{"host": "a.example", "moods": 3}', b'{"host": "a.example", "act": "sing"}'):
        assert post(sandbox, "localhost", told, path="/behave")[0] == 400
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(sandbox, "localhost", b'{"host": "a.example", "status": 500}', path="/behave", **form)[0] == 404
    assert post(sandbox, "a.example", b'{"host": "a.example", "status": 500}', path="/behave")[0] == 202


def test_another_name_for_this_machine_shows_nothing(sandbox: RunningSandbox) -> None:
    post(sandbox, "acme.example", BODY)
    line = HTTPConnection("127.0.0.1", sandbox.http_port, timeout=5)
    line.request("GET", "/arrivals.json", headers={"Host": "rebound.example"})
    assert line.getresponse().status == 405


def test_a_restart_still_shows_what_arrived(sandbox: RunningSandbox, tmp_path: Path) -> None:
    first = post(sandbox, "acme.example", BODY, **sign("d1", BODY))[1]
    sandbox.stop()
    again = RunningSandbox(tmp_path)
    try:
        assert post(again, "acme.example", BODY, **sign("d1", BODY))[1]["reference"] == first["reference"]
        assert len(read(again)) == 2
        assert [arrival["id"] for arrival in read(again, "/arrivals.json?after=1")] == [2]
    finally:
        again.stop()


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    store = Arrivals(tmp_path)
    for number in range(arrivals.KEPT + 5):
        store.add(Arrival("acme.example", Kind.other, {"text": str(number)}))
    assert store.count() == arrivals.KEPT
    assert store.list_after(0)[0].content == {"text": "5"}
