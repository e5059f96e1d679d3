"""A map as a text: what is wrong stands on its line, and what is written can be read again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.delivery.posting.document import MapError, make_starter, point_out, read_document, write_document
from leadgen.delivery.posting.lines import find_line
from tests.posting import describe_posting, make_posting

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def test_what_is_written_can_be_read_again() -> None:
    posting = make_posting(
        notice={"encoding": "xml", "root": "gone", "rows": [{"name": "id", "value": "{{ lead_id }}"}]},
        headers=[{"name": "X-Key", "value": "{{ secret.api_key }}"}],
        auth={"kind": "basic", "user": "us"},
    )
    text = write_document(posting)
    assert read_document(text).posting == posting
    assert json.loads(text)["secrets"] == {"api_key": None, "password": None}
    assert read_document(write_document(make_starter())).posting == make_starter()


def test_each_row_and_each_rule_has_a_line_of_its_own() -> None:
    lines = write_document(make_posting()).splitlines()
    assert '      {"name": "phone", "value": "{{ phone | national }}"},' in lines
    assert '      "outcome": "rejected",' in lines or any('"outcome": "rejected"' in line for line in lines)


def test_all_mistakes_are_named_each_with_its_line() -> None:
    text = json.dumps(describe_posting(rules=[{"outcome": "fine"}], extra=1), indent=1)
    with pytest.raises(MapError) as raised:
        read_document(text)
    told = {each.name: each for each in point_out(text, raised.value)}
    assert set(told) == {"rules.0.outcome", "extra"}
    assert '"fine"' in text.splitlines()[told["rules.0.outcome"].line - 1]
    assert '"extra"' in text.splitlines()[told["extra"].line - 1]


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, '{"a": 1', "nul", '"x"', "[]", '{"secrets": {"a": 1}}', "7"])
def test_what_is_no_map_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(MapError) as raised:
        read_document(text)
    assert all(each.line >= 1 and each.words for each in point_out(text, raised.value))


@given(values, st.integers(min_value=0, max_value=4), st.data())
def test_a_part_is_found_on_its_line_however_the_text_is_laid_out(value: Any, indent: int, data: st.DataObject) -> None:
    text = json.dumps(value, indent=indent or None)
    where: tuple[str | int, ...] = ()
    while isinstance(value, dict | list) and value:
        step = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        where, value = (*where, step), value[step]
    line = text.splitlines()[find_line(text, where) - 1] if indent else text
    if where and not isinstance(value, dict | list):
        assert json.dumps(value) in line
