"""Change which words a column may hold: for migrations, where a `StrEnum` got one more."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import Connection, text


def allow_words(table: str, column: str, constraint: str, words: Sequence[str]) -> None:
    """Let a column hold these words and no others, by the CHECK constraint of that name."""
    listed = ", ".join(f"'{word}'" for word in words)
    require(table, constraint, f"{column} IN ({listed})")


def require(table: str, constraint: str, condition: str) -> None:
    """Have the CHECK constraint of that name ask for another condition.

    SQLite can only build a table anew to change a constraint, which it refuses for a table that others refer to. So its
    text is changed in place, as SQLite's manual says for changes of constraints (lang_altertable.html, section 7)."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rewrite(connection, table, constraint, condition)
        return
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, condition)


def _rewrite(connection: Connection, table: str, constraint: str, condition: str) -> None:
    find = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    before, start, rest = connection.execute(find, {"name": table}).scalar_one().partition(f"{constraint} CHECK (")
    depth, end = 1, 0
    while depth:
        depth += {"(": 1, ")": -1}.get(rest[end], 0)
        end += 1
    changed = f"{before}{start}{condition}{rest[end - 1 :]}"
    version = connection.execute(text("PRAGMA schema_version")).scalar_one()
    connection.execute(text("PRAGMA writable_schema = ON"))
    update = text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name")
    connection.execute(update, {"sql": changed, "name": table})
    # every connection reads the schema anew
    connection.execute(text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(text("PRAGMA writable_schema = RESET"))
