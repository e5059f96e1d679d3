"""What signs a webhook, checked by what schools check it with. The public Python libraries read ``v1`` and pass over
``v1a``; those are checked with ``cryptography``, by the text of Standard Webhooks 1.0.0."""

import json
import time
from base64 import b64decode, b64encode
from typing import Any

import pytest
import standardwebhooks
import svix.webhooks
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.delivery.carriers import webhook
from leadgen.delivery.carriers.contract import Misconfigured
from leadgen.delivery.dispatch import open_dispatcher
from leadgen.directory.endpoints import rotate_secret
from leadgen.directory.signing import make_signing
from leadgen.local.sandbox.signature import Check, check_signature
from leadgen.models import Delivery, Endpoint, Signature, State
from leadgen.vault import open_vault
from tests.fake_school import answers
from tests.fake_server import running
from tests.inquiries import add_school, send_inquiry
from tests.tasks.posting import LOCAL, PARCEL, aim, read_headers

LIBRARIES = [standardwebhooks.Webhook, svix.webhooks.Webhook]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HMAC, PAIR = Signature.hmac, Signature.ed25519


def post(*secrets: str, at: float | None = None) -> tuple[dict[str, str], bytes]:
    """What a school's server reads of one message: headers and body."""
    with running(answers(200)) as server:
        webhook.carry(PARCEL, aim(server, secrets=secrets), LOCAL, clock=lambda: at or time.time())
    return split(server.received[0])


def split(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    return read_headers(head), body


def verify_pair(public_key: str, headers: dict[str, str], body: bytes) -> None:
    """As the text says. Raises InvalidSignature where no ``v1a`` signature is by this key."""
    key = Ed25519PublicKey.from_public_bytes(b64decode(public_key.removeprefix("whpk_")))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    for version, _, signature in (each.partition(",") for each in headers["webhook-signature"].split(" ")):
        if version == "v1a":
            try:
                return key.verify(b64decode(signature, validate=True), content)
            except InvalidSignature:
                continue
    raise InvalidSignature


@pytest.mark.parametrize("library", LIBRARIES)
def test_both_libraries_take_a_message_with_each_of_two_live_secrets_and_no_other(library: Any) -> None:
    old, new, other = (make_signing(HMAC).private for _ in range(3))
    headers, body = post(new, old)
    for secret in (new, old):
        library(secret).verify(body, headers)
    for secret, content in ((other, body), (new, body + b" ")):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            library(secret).verify(content, headers)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_libraries_pass_over_the_signature_of_a_pair_beside_theirs(library: Any, order: tuple[int, int]) -> None:
    pair, secret = make_signing(PAIR), make_signing(HMAC).private
    both = (pair.private, secret)
    headers, body = post(*(both[n] for n in order))
    library(secret).verify(body, headers)
    verify_pair(pair.handed_over, headers, body)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_both_libraries_refuse_a_message_of_another_time(library: Any, seconds: int) -> None:
    headers, body = post(SECRET, at=time.time() + seconds)
    with pytest.raises(standardwebhooks.WebhookVerificationError, match="timestamp"):
        library(SECRET).verify(body, headers)


def test_a_pair_signs_and_its_public_key_checks_what_neither_secret_nor_other_key_does() -> None:
    old, new, other = (make_signing(PAIR) for _ in range(3))
    headers, body = post(new.private, old.private)
    assert [each.partition(",")[0] for each in headers["webhook-signature"].split(" ")] == ["v1a", "v1a"]
    for signing in (new, old):
        verify_pair(signing.handed_over, headers, body)
    wrong = ((other, headers, body), (new, headers, body + b" "), (new, headers | {"webhook-id": "msg_2"}, body))
    for signing, told, content in wrong:
        with pytest.raises(InvalidSignature):
            verify_pair(signing.handed_over, told, content)


def test_the_keys_are_written_as_the_text_says() -> None:
    pair = make_signing(PAIR)
    private, public = (b64decode(key[5:], validate=True) for key in (pair.private, pair.handed_over))
    assert (pair.private[:5], pair.handed_over[:5], len(private), len(public)) == ("whsk_", "whpk_", 64, 32)
    assert private[32:] == public
    assert pair.private not in repr(pair)


def test_the_sandbox_checks_a_pair_as_a_school_would() -> None:
    pair, other = make_signing(PAIR), make_signing(PAIR)
    headers, body = post(pair.private)
    at = time.time()
    assert check_signature(headers, body, [other.handed_over, pair.handed_over], at) is Check.good
    assert check_signature(headers, body, [pair.handed_over], at + 400) is Check.stale
    for key, content in ((other.handed_over, body), (pair.handed_over, body + b" "), (SECRET, body)):
        assert check_signature(headers, content, [key], at) is Check.bad
    assert check_signature(headers | {"webhook-signature": "v1a,no"}, body, [pair.handed_over], at) is Check.bad


@pytest.mark.parametrize("key", ["whsk_", "whsk_not base64!", "whsk_" + b64encode(b"short").decode()])
def test_a_key_that_cannot_be_read_is_misconfigured_and_nothing_is_sent(key: str) -> None:
    with running(answers(200)) as server, pytest.raises(Misconfigured):
        webhook.carry(PARCEL, aim(server, secrets=(key,)), LOCAL)
    assert server.connections == 0


def test_a_lead_goes_out_signed_by_both_while_a_school_changes_from_a_secret_to_a_pair(session: Session) -> None:
    with running(answers(200)) as server:
        add_school(session, "larkspur", address=f"http://127.0.0.1:{server.port}/leads", secret=SECRET)
        key = rotate_secret(session, open_vault(), "larkspur", "tests", at_once=False, signature=PAIR) or ""
        send_inquiry(session, ["larkspur"])
        delivery_id = session.scalars(select(Delivery.id)).one()
        session.commit()
        assert open_dispatcher().deliver(delivery_id) is State.delivered
    assert session.scalars(select(Endpoint.public_key)).one() == key
    headers, body = split(server.received[0])
    verify_pair(key, headers, body)
    for library in LIBRARIES:
        library(SECRET).verify(body, headers)
    assert json.loads(body)["type"] == "lead.created"
