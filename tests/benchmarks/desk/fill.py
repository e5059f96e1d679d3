"""Fill a database with a year and more of a desk's work: 200,000 inquiries and 1,000,000 deliveries at full scale.

``python -m tests.benchmarks.desk.fill SCALE`` prints JSON: how many rows each table got, and references to ask for.
"""

import json
import sys
import time
from datetime import UTC, datetime
from random import Random
from typing import Any

import psycopg

from leadgen.config import read_settings
from leadgen.vault import Vault
from tests.benchmarks.desk.lives import Life
from tests.benchmarks.desk.sheets import COLUMNS, Sheets, indexes_made_afterwards, read_numbers, settle_numbers
from tests.benchmarks.desk.town import build_town

SEED = 20_261_125
INQUIRIES = 200_000
DAYS = 420
AT_ONCE = 2_000
REMEMBERED = 400


def fill(url: str, vault: Vault, scale: float) -> dict[str, Any]:
    """Write the rows and let the planner look at them; gives counts, and the references of some inquiries."""
    dice, total, started = Random(SEED), max(50, int(INQUIRIES * scale)), time.monotonic()
    with psycopg.connect(url) as connection:
        # the rows refer to each other rightly because they are made so: looking each reference up would take long
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        town = build_town(connection, dice)
        life = Life(Sheets(read_numbers(connection)), vault, town, dice, datetime.now(UTC), DAYS)
        references = []
        with indexes_made_afterwards(connection):
            for number in range(total):
                references.append(life.write(number, total))
                if number % AT_ONCE == AT_ONCE - 1:
                    life.sheets.copy_into(connection)
            life.sheets.copy_into(connection)
        settle_numbers(connection)
        counts = {table: _count(connection, table) for table in COLUMNS}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return {
        "rows": counts,
        "fill_seconds": round(time.monotonic() - started, 1),
        "references": dice.sample(references, min(REMEMBERED, total)),
        "states": sorted({place.state for place in town.places}),
        "schools": [receiver.school_id for receiver in town.receivers],
    }


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() or (0,)  # type: ignore[arg-type]
    return int(count)


if __name__ == "__main__":
    settings = read_settings()
    plain_url = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    print(json.dumps(fill(plain_url, Vault.from_settings(settings), float(sys.argv[1]))))
