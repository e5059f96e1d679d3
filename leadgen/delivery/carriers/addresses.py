"""Which IP addresses a post to a school may connect to. Pure: no names are resolved here.

A school types its own address, so it could name our database or a cloud's metadata service. Only
globally routable unicast is allowed. The table is wider than ``ipaddress.is_global``, which passes
tunnels (an IPv6 address that carries a private IPv4 one) and differs between Python versions.

Sources: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its successors).
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host service, on a public number
        "169.254.0.0/16",  # link-local, with every cloud's metadata service
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112 sink
        "192.52.193.0/24",  # multicast tunnels
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112 sink
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# Outside of it lie loopback, NAT64, discard, unique local, link-local, site-local and multicast.
_GLOBAL_UNICAST_IPV6 = IPv6Network("2000::/3")
_REFUSED_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "2620:4f:8000::/48",  # AS112 sink
        "3ffe::/16",  # the former test network
        "3fff::/20",  # documentation
    )
)
_COMPATIBLE_IPV6 = IPv6Network("::/96")
_IPV4_BITS = 0xFFFFFFFF


def is_refused(address: str, allowed_networks: Iterable[Network]) -> bool:
    """Whether no connection may be made to ``address`` (as the resolver gave it), outside ``allowed_networks``."""
    return not is_inside(address, allowed_networks) and not _is_global(_unwrap(ip_address(address)))


def is_inside(address: str, networks: Iterable[Network]) -> bool:
    """Whether ``address``, or the IPv4 address that it carries, lies in one of ``networks``."""
    outer = ip_address(address)
    return any(candidate in network for network in networks for candidate in (outer, _unwrap(outer)))


def _unwrap(address: Address) -> Address:
    """The IPv4 address inside a mapped or compatible IPv6 one, which is where the connection would go."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & _IPV4_BITS) if address in _COMPATIBLE_IPV6 else address


def _is_global(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _REFUSED_IPV4)
    inside = address in _GLOBAL_UNICAST_IPV6
    return inside and address.is_global and not any(address in network for network in _REFUSED_IPV6)
