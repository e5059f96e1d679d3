"""The web side of the sandbox: posts to ``*.example`` hosts, and the page for the person at this machine."""

import json
import socket
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from leadgen.local.sandbox.behavior import Act, read_behavior
from leadgen.local.sandbox.misbehavior import misbehave
from leadgen.local.sandbox.page import STYLE, describe, render_page
from leadgen.local.sandbox.school import Reply, Sandbox

HOST = "127.0.0.1"
LARGEST_BODY = 2_000_000
SILENCE_SECONDS = 30
OWN_NAMES = {"127.0.0.1", "localhost"}


class Receiver(ThreadingHTTPServer):
    """Listens on this machine only; a thread per connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        super().__init__((HOST, port), Handler)
        self.sandbox = sandbox


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Receiver
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "sandbox", ""
    timeout = SILENCE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """The page, its style, the arrivals as JSON; a school answers that it takes posts only."""
        if self._host not in OWN_NAMES:
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, b"This sample school takes POST only.\n", "text/plain")
            return
        address = urlsplit(self.path)
        asked = parse_qs(address.query)
        match address.path:
            case "/":
                self._answer(200, render_page(self.server.sandbox.arrivals).encode(), "text/html; charset=utf-8")
            case "/style.css":
                self._answer(200, STYLE, "text/css; charset=utf-8")
            case "/arrivals.json":
                self._answer_json(200, self._list_arrivals(asked.get("after", ["0"])[-1]))
            case "/healthz":
                self._answer_json(200, {"status": "alive"})
            case _:
                self._answer_json(404, {"error": "no such page"})

    def do_POST(self) -> None:
        """A school takes the post; on our own name, ``/behave`` tells a school how to behave."""
        body = self._read_body()
        if body is None:
            return
        if self._host in OWN_NAMES:
            self._behave(body)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._carry_out(self.server.sandbox.take_post(self._host, self.path, headers, body))

    def log_message(self, *_: object) -> None:
        """Say nothing: the page is the log."""

    @property
    def _host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0].strip().lower()

    def _list_arrivals(self, after: str) -> dict[str, object]:
        number = int(after) if after.isdecimal() else 0
        return {"arrivals": [describe(arrival) for arrival in self.server.sandbox.arrivals.list_after(number)]}

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length.isdecimal() else HTTPStatus.LENGTH_REQUIRED
            self._answer(status, b"", "text/plain")
            return None
        return self.rfile.read(int(length))

    def _behave(self, body: bytes) -> None:
        """JSON only, so that no form on some web page can post it."""
        if self.path != "/behave" or self.headers.get_content_type() != "application/json":
            self._answer_json(404, {"error": "POST /behave takes application/json"})
            return
        try:
            host, behavior = read_behavior(json.loads(body))
        except (ValueError, TypeError) as error:
            self._answer_json(400, {"error": str(error)})
            return
        self.server.sandbox.behaviors.tell(host, behavior)
        self._answer_json(200, {"host": host, "behaves": "well" if behavior is None else str(behavior.act)})

    def _carry_out(self, reply: Reply) -> None:
        behavior = reply.behavior
        time.sleep(behavior.delay_seconds)
        if behavior.act is Act.answer:
            self._answer(reply.status, reply.body, "application/json", behavior.headers)
            return
        self.close_connection = True
        misbehave(behavior.act, self.wfile)
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer_json(self, status: int, value: object) -> None:
        self._answer(status, json.dumps(value).encode(), "application/json")

    def _answer(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        fixed = {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": "default-src 'none'; style-src 'self'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        for name, value in (fixed | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
