"""The ceiling of the last post: the rows of one real inquiry, written again and again by SQLAlchemy Core alone.

Same tables, same number of rows of the same size, same constraints, one transaction. Left out is all that the
product does besides: reading the draft, drawing the page for the record, sealing, screening, asking for room.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select

from leadgen.models import (
    Base,
    Chain,
    Choice,
    Consent,
    ConsentChannel,
    Contact,
    Delivery,
    Event,
    Inquiry,
    Lead,
    Letter,
    Match,
    State,
    Verdict,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """The rows of one inquiry by table."""

    rows: dict[Table, list[Row]]

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


def read_template(engine: Engine) -> Template:
    """The rows of the first inquiry in a database."""
    with engine.connect() as connection:
        return _read(connection)


def write_copy(connection: Connection, template: Template) -> list[int]:
    """Write the rows once more under fresh ids and references; gives the ids of the deliveries, due now."""
    at, unique = datetime.now(UTC), secrets.token_hex(16)
    rows = template.rows
    fresh = {"reference": f"LG-{unique[:16]}", "form_token_hash": secrets.token_bytes(32), "received_at": at}
    inquiry = _insert(connection, _table(Inquiry), [rows[_table(Inquiry)][0] | fresh])[0]
    own = {"inquiry_id": inquiry}
    _insert(connection, _table(Contact), [row | own for row in rows[_table(Contact)]])
    choices = _insert_numbered(connection, _table(Choice), rows, own)
    _insert(connection, _table(Match), _move(rows[_table(Match)], "choice_id", choices))
    consents = _insert_numbered(connection, _table(Consent), rows, own)
    _insert(connection, _table(ConsentChannel), _move(rows[_table(ConsentChannel)], "consent_id", consents))
    _insert(connection, _table(Verdict), _move(rows[_table(Verdict)], "choice_id", choices))
    leads = _insert_numbered(connection, _table(Lead), rows, own, reference=f"LD-{unique[:16]}")
    due = [row | {"due_at": at, "created_at": at} for row in rows[_table(Delivery)]]
    deliveries = _insert(connection, _table(Delivery), _name(_move(due, "lead_id", leads), "key", unique))
    _insert(connection, _table(Event), [row | {"subject_id": str(inquiry)} for row in rows[_table(Event)]])
    _insert(connection, _table(Chain), [row | {"subject_id": str(inquiry)} for row in rows[_table(Chain)]])
    _insert(connection, _table(Letter), _name([row | own for row in rows[_table(Letter)]], "key", unique))
    return deliveries


def _read(connection: Connection) -> Template:
    found: dict[Table, list[Row]] = {}

    def read(model: type[Base], column: str, values: list[Any]) -> list[Any]:
        table = _table(model)
        query = select(table).where(table.c[column].in_(values))
        found[table] = [dict(row._mapping) for row in connection.execute(query)]
        return [row.get("id") for row in found[table]]

    inquiry = connection.execute(select(_table(Inquiry).c.id).order_by(_table(Inquiry).c.id).limit(1)).scalar_one()
    read(Inquiry, "id", [inquiry])
    for model in (Contact, Letter):
        read(model, "inquiry_id", [inquiry])
    choices = read(Choice, "inquiry_id", [inquiry])
    for model in (Match, Verdict):
        read(model, "choice_id", choices)
    read(ConsentChannel, "consent_id", read(Consent, "inquiry_id", [inquiry]))
    read(Delivery, "lead_id", read(Lead, "inquiry_id", [inquiry]))
    for model in (Event, Chain):
        read(model, "subject_id", [str(inquiry)])
    assert all(row["state"] is State.pending for row in found[_table(Delivery)]), "read it before it is delivered"
    return Template(found)


def _insert_numbered(
    connection: Connection, table: Table, rows: dict[Table, list[Row]], own: Row, **named: str
) -> dict[int, int]:
    fresh = [
        row | own | {name: f"{text}{place}" for name, text in named.items()} for place, row in enumerate(rows[table])
    ]
    return dict(zip((row["id"] for row in rows[table]), _insert(connection, table, fresh), strict=True))


def _insert(connection: Connection, table: Table, rows: list[Row]) -> list[int]:
    """Insert in one statement; the new ids come back in the order of the rows where the table numbers them."""
    if "id" not in table.c:
        connection.execute(insert(table), rows)
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, [{name: row[name] for name in row if name != "id"} for row in rows]))


def _move(rows: list[Row], column: str, ids: dict[int, int]) -> list[Row]:
    return [row | {column: ids[row[column]]} for row in rows]


def _name(rows: list[Row], column: str, unique: str) -> list[Row]:
    return [row | {column: f"{unique}_{place}"} for place, row in enumerate(rows)]


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
