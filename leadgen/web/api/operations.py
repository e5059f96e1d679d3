"""What a system can ask, in one table: from it comes the description at ``/api/v1/openapi.json``, and the reference
in ``docs/api.md``. A test holds it against the routes."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from typing_extensions import TypedDict

from leadgen.delivery.feed.forms import Acknowledged, FeedDays, FeedPage
from leadgen.web.api.asked import AskedAcknowledgement, AskedDays, AskedPage


class Own(TypedDict):
    """Whose key this is."""

    school: str
    name: str
    timezone: str
    key: str


class Wrong(TypedDict):
    """One thing that is wrong, by its name."""

    name: str
    detail: str


class _Problem(TypedDict):
    type: str
    title: str
    status: int


class Problem(_Problem, total=False):
    """What went wrong (RFC 9457)."""

    detail: str
    errors: list[Wrong]


@dataclass(frozen=True)
class Operation:
    """One question: where, what it is for, what may be asked, and the form of the answer."""

    method: str
    path: str
    name: str
    summary: str
    answer: Any
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None

    @property
    def problems(self) -> list[int]:
        """The statuses with which it may be refused."""
        asked = [422] if self.query or self.body else []
        return sorted([401, 429, 503, *asked, *([400, 413, 415] if self.body else [400])])


OPERATIONS = (
    Operation("GET", "/school", "school", "Whose key this is, and the zone in which its days begin.", Own),
    Operation(
        "GET", "/feed", "feed", "What the school should have, oldest first, a page at a time.", FeedPage, AskedPage
    ),
    Operation(
        "POST",
        "/feed/ack",
        "acknowledge_feed",
        "The school’s system has everything up to an item: nothing of it is sent to that system again.",
        Acknowledged,
        body=AskedAcknowledgement,
    ),
    Operation("GET", "/days", "days", "What each day holds, as a count and a hash, to compare.", FeedDays, AskedDays),
)
