"""What a school is told, and its form: the one source of the parcels' types and of the JSON Schemas that we publish.

`leadgen.delivery.parcel` fills these forms, so the type checker sees a field that is missing or misnamed; the tests
hold every parcel that they make against the schemas.
"""

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import TypedDict  # pydantic reads this one on every Python that we support

from leadgen.models import About, Channel, Credential

SCHEMA_VERSION = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class EventType(StrEnum):
    """The name of each kind of message, as schools read it."""

    created = "lead.created"
    changed = "lead.changed"
    withdrawn = "lead.withdrawn"
    erased = "lead.erased"
    test = "lead.test"


EVENTS = {
    About.lead: EventType.created,
    About.change: EventType.changed,
    About.withdrawal: EventType.withdrawn,
    About.erasure: EventType.erased,
}

Moment = Annotated[
    str,
    Field(json_schema_extra={"format": "date-time"}, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", description="UTC"),
]
Word = Annotated[str, Field(min_length=1)]


class Person(TypedDict):
    """Who she is, and how she may be reached."""

    name: Word
    email: Annotated[str | None, Field(description="null where she did not agree that you email")]
    phone: Annotated[
        str | None, Field(description="E.164; null where she gave none, or did not agree that you call or text")
    ]
    contact_times: list[Literal["morning", "afternoon", "evening", "weekend"]]
    language: Annotated[Literal["en", "es"], Field(description="In which she would rather be spoken to")]
    time_zone: Annotated[str | None, Field(description="IANA name, of her ZIP code: her contact times are meant in it")]
    preferred_channel: Annotated[Channel | None, Field(description="which of the agreed ways suits her best")]


class Place(TypedDict):
    """Where she is, as far as she said."""

    zip: Annotated[str, Field(pattern=r"^\d{5}$")]
    city: str
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Program(TypedDict):
    """What she asks about."""

    slug: Word
    title: Word


class Wants(TypedDict):
    """What she looks for. What she did not say is null, or empty."""

    format: Literal["campus", "online", "any"]
    credential: Credential | None
    certifications: list[str]
    age: Annotated[int | None, Field(description="The age that she said she has reached")]
    education: Annotated[Literal["none", "ged", "high_school"] | None, Field(description="What she has finished")]


class ConsentGiven(TypedDict):
    """What she agreed to: nobody may contact her in another way."""

    given_at: Moment
    channels: Annotated[list[Channel], Field(min_length=1)]
    words: Annotated[str, Field(description="What she agreed to, word for word")]
    language: Annotated[Literal["en", "es"], Field(description="In which the words are")]
    wording_version: Word
    words_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class References(TypedDict):
    """Which lead it is: our reference and the school's own, once it gave one."""

    lead: Word
    school_reference: str | None


class Lead(References):
    """A lead as it is now."""

    person: Person
    place: Place
    program: Program
    offering: Annotated[str | None, Field(description="The id in the directory of the offering that matched first")]
    distance_miles: Annotated[float | None, Field(ge=0, description="null for online courses")]
    wants: Wants
    consent: ConsentGiven
    received_at: Moment


class ChangedLead(Lead):
    """The whole lead as it is since she changed it."""

    changed_at: Moment


class InventedLead(Lead):
    """A lead of nobody, in the same form as a real one."""

    test: Literal[True]


class WithdrawnLead(References):
    """She no longer wants to be contacted because of this lead."""

    withdrawn_at: Moment


class ErasedLead(References):
    """She had her data erased. Erase what you have of this lead."""

    erased_at: Moment


Told = Lead | ChangedLead | WithdrawnLead | ErasedLead | InventedLead
Type = TypeVar("Type")
Data = TypeVar("Data")


class Message(TypedDict, Generic[Type, Data]):
    """The envelope that every message shares."""

    type: Type
    timestamp: Annotated[Moment, Field(description="When it happened; the same in every try")]
    data: Data


FORMS: dict[EventType, Any] = {
    EventType.created: Message[Literal[EventType.created], Lead],
    EventType.changed: Message[Literal[EventType.changed], ChangedLead],
    EventType.withdrawn: Message[Literal[EventType.withdrawn], WithdrawnLead],
    EventType.erased: Message[Literal[EventType.erased], ErasedLead],
    EventType.test: Message[Literal[EventType.test], InventedLead],
}


class Untitled(GenerateJsonSchema):
    """Leaves out titles that say what the name of the field says."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the library asks for each
        return False


def name_schema(event: EventType) -> str:
    """The schema that a parcel follows, as attempts keep it: ``lead.created/1``."""
    return f"{event}/{SCHEMA_VERSION}"


@cache
def write_schema(event: EventType) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a message. It allows fields that it does not name: some may be added later."""
    written = TypeAdapter(FORMS[event]).json_schema(schema_generator=Untitled)
    return {"$schema": DIALECT, "title": event.value, **written, "description": f"{event}, version {SCHEMA_VERSION}"}
