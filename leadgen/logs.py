"""Logs are JSON lines. Only fields on the allow-list pass, so personal data cannot slip in by habit."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

ALLOWED = frozenset(
    {
        "attempt",
        "carried",
        "count",
        "delivery",
        "endpoint",
        "error",
        "event",
        "fence",
        "file",
        "host",
        "inquiry",
        "lead",
        "letter",
        "level",
        "logger",
        "method",
        "milliseconds",
        "name",
        "overdue",
        "pid",
        "port",
        "reason",
        "reference",
        "result",
        "route",
        "row",
        "school",
        "signal",
        "state",
        "status",
        "task",
        "timestamp",
        "version",
    }
)


class _Forgiving:
    """Standard error, of which nobody dies: where the disk under the log is full, or its reader has gone, the line is
    lost, and the request or the delivery goes on."""

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def configure_logs() -> None:
    """Send structlog to standard error as JSON; the standard library's loggers at WARNING and above."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Forgiving())),
        cache_logger_on_first_use=True,
    )


def _keep_allowed(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in fields.items() if name in ALLOWED}
