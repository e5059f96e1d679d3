"""The gate before every connection: it sees the address really used, and opens the socket or does not."""

import socket
from dataclasses import dataclass, field
from typing import Any

import pycurl

from leadgen.delivery.carriers.addresses import is_inside, is_refused
from leadgen.delivery.carriers.contract import Line
from leadgen.delivery.carriers.target import Target


@dataclass
class Gate:
    """Opens the sockets, and so sees every address before anything is sent to it."""

    line: Line
    target: Target
    opened: list[socket.socket] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def open(self, _purpose: int, address: Any) -> Any:
        """A socket for libcurl, or its sign that there is none."""
        if self._is_refused(address.addr[0]):
            self.refused.append(address.addr[0])
            return pycurl.SOCKET_BAD
        try:
            opened = socket.socket(address.family, address.socktype, address.protocol)
        except OSError:
            return pycurl.SOCKET_BAD
        self.opened.append(opened)
        return opened

    def close(self) -> None:
        """Close our handles; libcurl holds and closes its own."""
        for opened in self.opened:
            opened.close()

    def _is_refused(self, address: str) -> bool:
        if self.target.connect_to:
            return False
        if self.target.only_networks is not None:
            return not is_inside(address, self.target.only_networks)
        return is_refused(address, self.line.allowed_networks)
