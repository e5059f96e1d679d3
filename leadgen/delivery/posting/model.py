"""What staff write down about a school's system: a map of fields, an encoding, and rules for its answers. Pure.

This is the shape alone, as it is kept and as a file of it looks; ``check`` says what is wrong inside it. Secrets are
named (``{{ secret.token }}``), never held: their values are sealed beside it.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_ROWS = 100
MOST_RULES = 20
MOST_CONDITIONS = 4
MOST_CHARACTERS = 2000

Text = Annotated[str, Field(max_length=MOST_CHARACTERS)]
Name = Annotated[str, Field(max_length=200)]
TableName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Encoding(StrEnum):
    form = "form"
    json = "json"
    xml = "xml"


class As(StrEnum):
    """How a value is written: ``list`` makes several of what is joined by commas."""

    text = "text"
    number = "number"
    boolean = "boolean"
    list = "list"


class AuthKind(StrEnum):
    none = "none"
    basic = "basic"
    bearer = "bearer"
    key = "key"


class Look(StrEnum):
    """Where in an answer something is: its status, a header, its body by JSON path, by XPath, or as text."""

    status = "status"
    header = "header"
    json = "json"
    xml = "xml"
    text = "text"


class Test(StrEnum):
    """``matches`` takes a regular expression (RE2)."""

    is_ = "is"
    is_not = "is_not"
    contains = "contains"
    matches = "matches"
    exists = "exists"
    missing = "missing"


class Outcome(StrEnum):
    """What an answer means. ``wrong_settings``: our access or the map is wrong, not this lead."""

    accepted = "accepted"
    duplicate = "duplicate"
    rejected = "rejected"
    later = "later"
    wrong_settings = "wrong_settings"


class PriceIn(StrEnum):
    usd = "usd"
    cents = "cents"


class SheetKind(StrEnum):
    csv = "csv"
    xlsx = "xlsx"


class Part(BaseModel):
    """Frozen, and strict about names: a misspelt one is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Part):
    """Their name, and the template of what is sent under it. A name with dots is nested in JSON and XML."""

    name: Name
    value: Text = ""
    kind: As = As.text
    skip_empty: bool = False


class Pair(Part):
    """A header, or a part of the address's query."""

    name: Name
    value: Text = ""


class Message(Part):
    """One kind of post. ``root`` is the outer element of XML; ``address`` is another than the endpoint's own."""

    encoding: Encoding = Encoding.form
    root: Name = "lead"
    rows: tuple[Row, ...] = Field(default=(), max_length=MOST_ROWS)
    address: Text = ""


class Auth(Part):
    """Basic takes the user and the secret ``password``; bearer takes the secret ``token``; key, for SFTP, takes the
    user and the secret ``private_key``."""

    kind: AuthKind = AuthKind.none
    user: Name = ""


class Condition(Part):
    """``at`` is a header's name, a JSON path or an XPath; nothing for the status and for the whole text."""

    look: Look = Look.status
    at: Name = ""
    test: Test = Test.is_
    value: Name = ""


class Rule(Part):
    """All conditions hold: then the answer means ``outcome``. ``reason`` are words of ours, for staff."""

    outcome: Outcome
    when: tuple[Condition, ...] = Field(default=(), max_length=MOST_CONDITIONS)
    reason: Name = ""


class Pick(Part):
    """Where something stands in an answer; in text, the first group of a regular expression."""

    look: Look = Look.json
    at: Name = ""


class Reads(Part):
    """What is taken from an answer, besides what it means."""

    reference: Pick | None = None
    reason: Pick | None = None
    price: Pick | None = None
    price_in: PriceIn = PriceIn.usd


class Sheet(Part):
    """The file of the day: its kind, when it goes by the school's clock (``17:30``), and for SFTP the server's public
    key, without which nothing is sent there. SFTP takes the secret ``password`` or ``private_key``."""

    file: SheetKind = SheetKind.csv
    at: Name = "18:00"
    host_key: Text = ""


class Posting(Part):
    """All of it. ``notice`` is the second map: without it, no notice goes there; but a ``batch`` has its notices as
    rows of the same columns."""

    format: Literal[1] = 1
    lead: Message = Message()
    notice: Message | None = None
    tables: dict[TableName, dict[Name, Name]] = {}
    headers: tuple[Pair, ...] = Field(default=(), max_length=MOST_ROWS)
    query: tuple[Pair, ...] = Field(default=(), max_length=MOST_ROWS)
    auth: Auth = Auth()
    rules: tuple[Rule, ...] = Field(default=(), max_length=MOST_RULES)
    reads: Reads = Reads()
    batch: Sheet | None = None
