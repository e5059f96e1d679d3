"""A geocoder on 127.0.0.1 that speaks as Nominatim and as the US Census do, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeGeocoder:
    """``points`` by what an address begins with; ``asked`` are addresses, ``agents`` who asked. ``broken``: fails."""

    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    broken: bool = False
    site: str = ""

    def answer(self, path: str, asked: dict[str, list[str]]) -> Any:
        """What one of the two services would say."""
        address = (asked.get("q") or asked["address"])[0]
        self.asked.append(address)
        point = next((each for begins, each in self.points.items() if address.startswith(begins)), None)
        if path == "/search":
            return [{"lat": str(point[0]), "lon": str(point[1]), "display_name": address}] if point else []
        assert path == "/geocoder/locations/onelineaddress"
        found = [{"matchedAddress": address, "coordinates": {"x": point[1], "y": point[0]}}] if point else []
        return {"result": {"addressMatches": found}}


@contextmanager
def run_geocoder() -> Iterator[FakeGeocoder]:
    """Run one until the end of the block."""
    fake = FakeGeocoder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.agents.add(self.headers["User-Agent"])
            parts = urlsplit(self.path)
            body = json.dumps(None if fake.broken else fake.answer(parts.path, parse_qs(parts.query))).encode()
            self.send_response(503 if fake.broken else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.site = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
