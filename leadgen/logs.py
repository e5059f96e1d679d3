"""Logs are JSON lines. Only fields on the allow-list pass, so personal data cannot slip in by habit."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

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
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _keep_allowed(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in fields.items() if name in ALLOWED}
