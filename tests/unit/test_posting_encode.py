"""Bodies of posts: whatever a prospect wrote, nothing of it becomes structure."""

import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from leadgen.delivery.posting.encode import ShapeError, Value, encode
from leadgen.delivery.posting.model import As, Encoding


def test_a_form_keeps_names_with_dots_and_repeats_lists() -> None:
    body = encode(
        Encoding.form,
        "",
        [Value("a.b", "Zoë & Co=1"), Value("exams[]", "CPC, CCS", As.list), Value("none", "", As.list)],
    )
    assert parse_qsl(body.decode()) == [("a.b", "Zoë & Co=1"), ("exams[]", "CPC"), ("exams[]", "CCS")]


def test_json_is_nested_by_dots_and_typed() -> None:
    values = [
        Value("lead.name.first", "Ada"),
        Value("lead.age", "31", As.number),
        Value("lead.miles", "3.2", As.number),
        Value("lead.student", "No", As.boolean),
        Value("lead.exams", "CPC,CCS", As.list),
        Value("lead.empty", "", As.number),
        Value("lead.odd", "about 30", As.number),
        Value("answers.0.name", "start"),
        Value("answers.0.value", "soon"),
        Value("answers.1.name", "how"),
        Value("odd\\.name", "x"),
    ]
    assert json.loads(encode(Encoding.json, "", values)) == {
        "lead": {
            "name": {"first": "Ada"},
            "age": 31,
            "miles": 3.2,
            "student": False,
            "exams": ["CPC", "CCS"],
            "empty": None,
            "odd": "about 30",
        },
        "answers": [{"name": "start", "value": "soon"}, {"name": "how"}],
        "odd.name": "x",
    }


@pytest.mark.parametrize("names", [("a", "a.b"), ("a.b", "a"), ("a", "a")])
def test_two_names_that_cannot_stand_together_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ShapeError):
        encode(Encoding.json, "", [Value(name, "1") for name in names])


def test_xml_has_elements_attributes_and_an_envelope() -> None:
    values = [
        Value("@xmlns:s", "urn:soap"),
        Value("s:Body.lead.@id", "L-1"),
        Value("s:Body.lead.name", "Ada </name><admin/> & ]]> \x00\x0b"),
        Value("s:Body.lead.exam", "CPC,CCS", As.list),
    ]
    root = etree.fromstring(encode(Encoding.xml, "s:Envelope", values))
    assert root.xpath("string(//lead/@id)") == "L-1"
    assert root.xpath("string(//name)") == "Ada </name><admin/> & ]]> "
    assert root.xpath("//exam/text()") == ["CPC", "CCS"]
    assert root.xpath("//admin") == []


@given(st.text())
def test_any_text_comes_back_as_it_was_and_is_one_value(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    pair = [Value("name", text)]
    assert parse_qsl(encode(Encoding.form, "", pair).decode(), keep_blank_values=True) == [("name", text)]
    assert json.loads(encode(Encoding.json, "", pair)) == {"name": text}
    root = etree.fromstring(encode(Encoding.xml, "lead", pair))
    assert [child.tag for child in root] == ["name"]
