"""What the client was thanked for, compared with what the database holds and what became of it."""

from collections.abc import Sequence
from typing import Any

from leadgen.tokens import hash_token
from tests.fleet import Fleet

THANKED = 303


def count_lost(fleet: Fleet, sends: Sequence[dict[str, Any]]) -> int:
    """How many form tokens were thanked and have no inquiry."""
    kept = {bytes(token) for (token,) in fleet.query("SELECT form_token_hash FROM inquiry")}
    return sum(send["status"] == THANKED and hash_token(send["token"]) not in kept for send in sends)


def tell_carried(fleet: Fleet) -> dict[str, int]:
    """How many deliveries are in each state."""
    return {str(state): count for state, count in fleet.query("SELECT state, count(*) FROM delivery GROUP BY state")}


def find_keys(fleet: Fleet) -> dict[bytes, list[str]]:
    """The delivery keys of each inquiry, in lower case, by the hash of its form token."""
    rows = fleet.query(
        "SELECT i.form_token_hash, lower(d.key) FROM inquiry i JOIN lead l ON l.inquiry_id = i.id"
        " JOIN delivery d ON d.lead_id = l.id"
    )
    found: dict[bytes, list[str]] = {}
    for token, key in rows:
        found.setdefault(bytes(token), []).append(key)
    return found
