"""What is wrong with a map, before it is kept: where, and how to mend it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from leadgen.delivery.posting.check import find_faults, list_used_secrets
from leadgen.delivery.posting.document import MapError, parse_posting
from tests.posting import ROWS, describe_posting, make_posting


def faults(**changes: Any) -> dict[str, str]:
    return {fault.name: str(fault.words) for fault in find_faults(make_posting(**changes), {"api_key"})}


def when(**condition: Any) -> list[dict[str, Any]]:
    return [{"outcome": "accepted", "when": [condition]}]


def test_a_good_map_has_no_faults() -> None:
    notice = {"encoding": "json", "rows": [{"name": "id", "value": "{{ lead_id }} {{ withdrawn_at | date }}"}]}
    assert faults(notice=notice, query=[{"name": "key", "value": "{{ secret.api_key }}"}]) == {}


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"lead": {"rows": []}}, "lead.rows", "Add at least one field"),
        ({"lead": {"rows": [{"name": "", "value": "x"}]}}, "lead.rows.0.name", "Enter the name"),
        ({"lead": {"rows": [{"name": "a", "value": "{{ emial }}"}]}}, "lead.rows.0.value", "Did you mean email?"),
        ({"lead": {"encoding": "xml", "root": "a b", "rows": ROWS}}, "lead.root", "XML element"),
        ({"lead": {"encoding": "xml", "rows": [{"name": "1a"}]}}, "lead.rows.0.name", "XML elements"),
        ({"lead": {"encoding": "json", "rows": [{"name": "a..b"}]}}, "lead.rows.0.name", "between the dots"),
        (
            {"lead": {"encoding": "json", "rows": [{"name": "a"}, {"name": "a.b"}]}},
            "lead.rows.1.name",
            "stands inside another",
        ),
        (
            {"notice": {"rows": [{"name": "a", "value": "{{ email }}"}]}},
            "notice.rows.0.value",
            "We have no field email",
        ),
        ({"notice": {"rows": ROWS[3:4], "address": "http://a.example"}}, "notice.address", "https://"),
        ({"headers": [{"name": "Host", "value": "a"}]}, "headers.0.name", "a header that a map may set"),
        ({"headers": [{"name": "X-A", "value": "a\r\nb"}]}, "headers.0.name", "in one line"),
        ({"headers": [{"name": "X-A", "value": "{{ email }}"}]}, "headers.0.value", "Headers and addresses are logged"),
        ({"query": [{"name": "q", "value": "{{ phone }}"}]}, "query.0.value", "Headers and addresses are logged"),
        ({"rules": [{"outcome": "accepted"}]}, "rules.0.when", "Say when"),
        ({"rules": when(look="status", value="ok")}, "rules.0.when.0.value", "a status like 200"),
        ({"rules": when(look="json", at="result", value="x")}, "rules.0.when.0.at", "no JSON path"),
        ({"rules": when(look="xml", at="//a[", value="x")}, "rules.0.when.0.at", "no XPath"),
        ({"rules": when(look="header", at="a b", value="x")}, "rules.0.when.0.at", "name of a header"),
        ({"rules": when(look="text", value="")}, "rules.0.when.0.value", "what it is compared with"),
        ({"rules": when(look="text", test="matches", value="(")}, "rules.0.when.0.value", "no regular expression"),
        ({"reads": {"price": {"look": "text", "at": ""}}}, "reads.price.at", "Enter a regular expression"),
        ({"auth": {"kind": "bearer"}}, "secrets.token", "Enter the secret token"),
        ({"auth": {"kind": "basic", "user": "u"}}, "secrets.password", "Enter the secret password"),
    ],
)
def test_each_fault_says_where_and_what(changes: dict[str, Any], where: str, words: str) -> None:
    found = faults(**changes)
    assert words in found.get(where, ""), found


@pytest.mark.parametrize(
    "data",
    [
        [],
        "x",
        {"leads": {}},
        describe_posting(tables={"Bad Name": {}}),
        describe_posting(lead={"rows": [{"name": "a"}] * 101}),
        describe_posting(rules=[{"outcome": "maybe"}]),
        describe_posting(lead={"rows": [{"name": "a", "value": "x" * 2001}]}),
    ],
)
def test_what_is_no_map_is_refused_in_one_line(data: object) -> None:
    with pytest.raises(MapError, match="This is no map") as raised:
        parse_posting(data)
    assert "\n" not in str(raised.value)


def test_secrets_are_found_wherever_they_are_used() -> None:
    posting = make_posting(
        auth={"kind": "bearer"},
        headers=[{"name": "X-A", "value": "{{ secret.a }}"}],
        query=[{"name": "b", "value": "{{ secret.b }}"}],
        notice={"rows": [{"name": "c", "value": "{{ secret.c }}"}]},
    )
    assert list_used_secrets(posting) == {"token", "a", "b", "c", "api_key"}


def test_the_map_in_the_document_is_good() -> None:
    page = (Path(__file__).parents[2] / "docs" / "form-posts.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert found
    told = json.loads(found[1])
    secrets = told.pop("secrets")
    assert list(find_faults(parse_posting(told), set(secrets))) == []
