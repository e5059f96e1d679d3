"""A parcel, where it goes, and what a school does with it."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from leadgen.delivery.carriers import webhook
from leadgen.delivery.carriers.contract import CarrierError, Destination, Line, Parcel
from tests.fake_server import Behaviour, FakeServer, running

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMuLi4="
LOCAL = Line("", "", "", (ip_network("127.0.0.0/8"),))
PARCEL = Parcel('{"type":"lead.created","name":"Zoë"}'.encode(), "application/json", "lead.created/1")
DEADLINE = 0.6


def aim(server: FakeServer, **changes: object) -> Destination:
    """Where this server takes leads."""
    destination = Destination(f"http://127.0.0.1:{server.port}/leads", "dlv_7f3a", DEADLINE, (SECRET,))
    return replace(destination, **changes)


def carry_error(behave: Behaviour, parcel: Parcel = PARCEL) -> CarrierError:
    """What posting to a school that behaves so ends in."""
    with running(behave) as server, pytest.raises(CarrierError) as raised:
        webhook.carry(parcel, aim(server), LOCAL)
    return raised.value


def read_headers(request: bytes) -> dict[str, str]:
    """By their names in lower case."""
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
