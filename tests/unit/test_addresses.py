"""Which addresses we connect to. Odd spellings go through the real resolver first, as they do in a post."""

import socket
from ipaddress import ip_network

import pytest

from leadgen.delivery.carriers.addresses import is_inside, is_refused

LOOPBACK = (ip_network("127.0.0.0/8"),)

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.254",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.254",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3ffe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
]

OPEN = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.254",
    "::ffff:8.8.8.8",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
]

SPELLINGS_OF_LOOPBACK = ["0x7f.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "::ffff:7f00:1"]


@pytest.mark.parametrize("address", REFUSED)
def test_address_that_is_not_globally_routable_is_refused(address: str) -> None:
    assert is_refused(address, ())


@pytest.mark.parametrize("address", OPEN)
def test_public_address_is_open(address: str) -> None:
    assert not is_refused(address, ())


@pytest.mark.parametrize("spelling", SPELLINGS_OF_LOOPBACK)
def test_every_spelling_of_loopback_is_refused_once_resolved(spelling: str) -> None:
    resolved = {str(entry[4][0]) for entry in socket.getaddrinfo(spelling, 443)}
    assert resolved
    assert all(is_refused(address, ()) for address in resolved)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_allowed_network_opens_an_address_however_it_is_carried(address: str) -> None:
    assert not is_refused(address, LOOPBACK)
    assert is_inside(address, LOOPBACK)


def test_allowed_network_opens_nothing_else() -> None:
    assert is_refused("10.0.0.1", LOOPBACK)
    assert is_refused("::1", LOOPBACK)
    assert not is_inside("8.8.8.8", LOOPBACK)


def test_what_is_no_address_is_an_error_and_not_open() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        is_refused("school.example", ())
