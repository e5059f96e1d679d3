"""Maps of form posts, for tests."""

from typing import Any

from leadgen.delivery.posting.model import Posting

ROWS = [
    {"name": "first", "value": "{{ first_name }}"},
    {"name": "phone", "value": "{{ phone | national }}"},
    {"name": "level", "value": "{{ credential | map:levels }}"},
    {"name": "campaign", "value": "spring"},
    {"name": "api_key", "value": "{{ secret.api_key }}"},
]
RULES = [
    {"outcome": "accepted", "when": [{"look": "json", "at": "$.result", "test": "is", "value": "success"}]},
    {"outcome": "duplicate", "when": [{"look": "json", "at": "$.result", "test": "is", "value": "duplicate"}]},
    {
        "outcome": "rejected",
        "reason": "not in their area",
        "when": [{"look": "json", "at": "$.result", "test": "is", "value": "failed"}],
    },
    {"outcome": "later", "when": [{"look": "json", "at": "$.result", "test": "is", "value": "busy"}]},
    {"outcome": "wrong_settings", "when": [{"look": "text", "test": "contains", "value": "invalid key"}]},
]
READS = {
    "reference": {"look": "json", "at": "$.id"},
    "reason": {"look": "json", "at": "$.message"},
    "price": {"look": "json", "at": "$.price"},
}


def describe_posting(**changes: Any) -> dict[str, Any]:
    """A map as a file of it holds it: form-encoded, with one secret and rules on a JSON answer."""
    posting = {
        "lead": {"encoding": "form", "rows": ROWS},
        "tables": {"levels": {"certificate": "CERT", "": "NONE"}},
        "rules": RULES,
        "reads": READS,
    }
    return posting | changes


def make_posting(**changes: Any) -> Posting:
    return Posting.model_validate(describe_posting(**changes))
