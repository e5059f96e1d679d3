"""The mail side of the sandbox: an SMTP server on this machine that takes every mail and sends none on."""

import asyncio
import threading

from aiosmtpd.smtp import SMTP, Envelope, Session

from leadgen.local.sandbox.behavior import LONGEST_SECONDS, Act
from leadgen.local.sandbox.school import Sandbox

HOST = "127.0.0.1"
LARGEST_MAIL = 2_000_000


class MailSink:
    """Runs in a thread of its own. ``port`` is the one really bound."""

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.port = port
        self._sandbox = sandbox
        self._loop = asyncio.new_event_loop()

    def start(self) -> None:
        """Bind, and serve until the process ends. Raises OSError where the port is taken."""
        binding = self._loop.create_server(self._make_line, HOST, self.port)
        server = self._loop.run_until_complete(binding)
        self.port = server.sockets[0].getsockname()[1]
        threading.Thread(target=self._loop.run_forever, daemon=True, name="mail").start()

    def _make_line(self) -> SMTP:
        return SMTP(
            self,
            hostname="sandbox.example",
            ident="sandbox",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            loop=self._loop,
        )

    async def handle_DATA(self, line: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one mail and answer as that school behaves now."""
        raw = envelope.original_content or b""
        arrival, behavior = self._sandbox.take_mail(envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        await asyncio.sleep(LONGEST_SECONDS if behavior.act is Act.hang else behavior.delay_seconds)
        if behavior.act is not Act.answer and isinstance(line.transport, asyncio.Transport):
            line.transport.abort()
        if behavior.status >= 400:
            return f"{behavior.status} {behavior.body or 'This sample school does not take it'}"
        return f"250 2.0.0 Taken as {arrival.reference}"
