"""Runs the sandbox as a process of its own."""

import signal
import threading
from pathlib import Path

from leadgen.local import StartError
from leadgen.local.preflight import prepare_folder
from leadgen.local.sandbox.mail_sink import MailSink
from leadgen.local.sandbox.receiver import Receiver
from leadgen.local.sandbox.school import Sandbox
from leadgen.signals import StopSignals


class RunningSandbox:
    """Both servers, listening. Port 0 picks a free one; the ports say which."""

    def __init__(self, data_dir: Path, http_port: int = 0, smtp_port: int = 0) -> None:
        """Raises StartError where the folder or a port cannot be used."""
        self.sandbox = Sandbox(prepare_folder(data_dir))
        try:
            self._receiver = Receiver(http_port, self.sandbox)
            self._mail = MailSink(smtp_port, self.sandbox)
            self._mail.start()
        except OSError as error:
            raise StartError(
                f"The sandbox cannot listen on port {http_port} or {smtp_port}: {error.strerror}"
            ) from None
        self.http_port: int = self._receiver.server_address[1]
        self.smtp_port = self._mail.port
        threading.Thread(target=self._receiver.serve_forever, args=(0.1,), daemon=True, name="web").start()

    def stop(self) -> None:
        """Take nothing more."""
        self._receiver.shutdown()
        self._receiver.server_close()


def wait_for_signal() -> None:
    """Sleep until SIGINT or SIGTERM."""
    StopSignals(signal.SIGINT, signal.SIGTERM).wait()
