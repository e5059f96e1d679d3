"""The forms of what the feed says, in the types that webhooks use."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from leadgen.delivery.events import (
    ChangedLead,
    ErasedLead,
    EventType,
    Lead,
    Moment,
    References,
    WithdrawnLead,
    Word,
)

Gone = Literal["withdrawn", "erased", "unreadable"]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, pattern=r"^\d{4}-\d\d-\d\d$")]


class FeedItem(TypedDict):
    """One thing that the school should have: a message as a webhook brings it, under its `webhook-id`."""

    id: Annotated[str, Field(description="Names this item. The webhook-id, where a webhook brought or brings it")]
    type: Literal[EventType.created, EventType.changed, EventType.withdrawn, EventType.erased]
    timestamp: Moment
    gone: Annotated[
        Gone | None, Field(description="Why nothing about the person is said any more; the data are references then")
    ]
    data: Lead | ChangedLead | WithdrawnLead | ErasedLead | References


class FeedPage(TypedDict):
    """A page of the feed, oldest first."""

    items: list[FeedItem]
    next: Annotated[
        str | None, Field(description="The cursor for the next page: the last id of this one, or the one you gave")
    ]
    more: Annotated[bool, Field(description="Whether there is more by now")]


class FeedDay(TypedDict):
    """What a day holds, so that both sides can compare."""

    day: Day
    count: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FeedDays(TypedDict):
    """The days that were asked for, by the school's own clock."""

    timezone: Word
    days: list[FeedDay]


class Acknowledged(TypedDict):
    """What an acknowledgement did."""

    acknowledged: Annotated[int, Field(ge=0, description="How many items were not acknowledged before")]
    more: Annotated[bool, Field(description="Whether there are more up to that id: send the same again")]
