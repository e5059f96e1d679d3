"""What an answer means by the rules of a map, whoever wrote the answer."""

import time
from typing import Any

import pytest

from leadgen.delivery.carriers.answered import Answered, PathError, read_json_path, read_pattern, read_xml_path
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Misconfigured,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.carriers.reader import BODY_BYTES, Response
from leadgen.delivery.carriers.rules import holds, judge_by_rules
from leadgen.delivery.posting.model import Condition, Look, Pick
from tests.posting import make_posting

XML = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<r:response xmlns:r="urn:x"><status code="7">Rejected</status><msg>Zip\xe9</msg></r:response>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<r><status>&b;</status></r>"""
OUTSIDE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><status>&x;</status></r>'


def judge(response: Response, **changes: Any) -> Answer:
    return judge_by_rules(response, make_posting(**changes), conflict_means_received=False, now=0.0)


def said(body: bytes, status: int = 200, **headers: str) -> Response:
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def check(look: str, at: str, test: str, value: str, response: Response) -> bool:
    return holds(Condition(look=look, at=at, test=test, value=value), Answered(response))


def test_accepted_comes_with_reference_and_price() -> None:
    answer = judge(said(b'{"result": "Success", "id": 4711, "price": "$12.50"}'))
    assert (answer.receipt, answer.reference, answer.price_cents, answer.status) == ("accepted", "4711", 1250, "200")


def test_a_duplicate_is_there() -> None:
    assert judge(said(b'{"result": "duplicate", "id": "A"}')).receipt == "duplicate"


@pytest.mark.parametrize(
    ("body", "error", "reason"),
    [
        (b'{"result": "failed", "message": "no ada@mail.example here"}', PermanentNo, "not in their area"),
        (b'{"result": "busy"}', DefiniteNo, "the school's system asks us to try later"),
        (b"Invalid key for this campaign", Misconfigured, "the school's system does not take posts as they are set up"),
        (b'{"result": "queued"}', Unknown, "the answer fits none of the rules"),
        (b"<html>Welcome</html>", Unknown, "the answer fits none of the rules"),
        (b"", Unknown, "the answer fits none of the rules"),
    ],
)
def test_a_200_means_what_its_rule_says_and_nobody_guesses(body: bytes, error: type[CarrierError], reason: str) -> None:
    with pytest.raises(error) as raised:
        judge(said(body))
    assert (type(raised.value), raised.value.reason) == (error, reason)


def test_their_reason_stands_before_the_sealed_text_and_nowhere_else() -> None:
    with pytest.raises(PermanentNo) as raised:
        judge(said(b'{"result": "failed", "message": "no ada@mail.example here"}'))
    assert raised.value.text.startswith("no ada@mail.example here\n{")
    assert "@" not in raised.value.reason


def test_later_takes_the_wait_that_they_ask_for() -> None:
    with pytest.raises(DefiniteNo) as raised:
        judge(said(b'{"result": "busy"}', retry_after="90"))
    assert raised.value.retry_after == 90


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, Unknown), (502, Unknown), (503, DefiniteNo), (401, Misconfigured), (422, PermanentNo), (302, Misconfigured)],
)
def test_where_no_rule_fits_the_table_for_every_post_decides(status: int, error: type[CarrierError]) -> None:
    with pytest.raises(error):
        judge(said(b"whatever", status))


def test_a_rule_may_know_what_a_500_means() -> None:
    assert judge(said(b'{"result": "duplicate"}', 500)).receipt == "duplicate"


def test_without_rules_a_2xx_is_there_with_its_reference() -> None:
    assert judge(said(b'{"id": "A-7"}', 201), rules=[], reads={}) == Answer("201", '{"id": "A-7"}', "A-7")


def test_half_an_answer_decides_nothing() -> None:
    cut = Response(200, {}, b'{"result": "success", "id": "A"}', whole=False)
    with pytest.raises(Unknown):
        judge(cut)
    rules = [{"outcome": "accepted", "when": [{"look": "text", "test": "missing"}]}]
    with pytest.raises(Unknown):
        judge(cut, rules=rules)
    by_status = [{"outcome": "accepted", "when": [{"look": "status", "value": "200"}]}]
    assert judge(cut, rules=by_status).receipt == "accepted"


@pytest.mark.parametrize(
    ("look", "at", "test", "value", "expected"),
    [
        ("status", "", "is", "200, 201", True),
        ("status", "", "is", "2xx", True),
        ("status", "", "is", "201-299", False),
        ("status", "", "is_not", "2xx", False),
        ("header", "X-Result", "is", "ok", True),
        ("header", "x-other", "missing", "", True),
        ("xml", "//status", "is", "rejected", True),
        ("xml", "//status/@code", "is", "7", True),
        ("xml", "string(/response/status)", "contains", "reject", True),
        ("xml", "//msg", "is", "Zipé", True),
        ("xml", "//nowhere", "missing", "", True),
        ("xml", "//nowhere", "is_not", "x", False),
        ("json", "$.a", "missing", "", True),
        ("text", "", "matches", r"code=.(\d)", True),
        ("text", "", "contains", "REJECTED", True),
    ],
)
def test_conditions(look: str, at: str, test: str, value: str, expected: bool) -> None:
    assert check(look, at, test, value, said(XML, x_result="OK")) is expected


def test_json_values_are_compared_as_they_are_written() -> None:
    response = said(b'{"ok": true, "code": 0, "none": null, "errors": [{"f": "zip"}], "n": 1.5}')
    assert check("json", "$.ok", "is", "true", response)
    assert check("json", "$.code", "is", "0", response)
    assert check("json", "$.none", "missing", "", response)
    assert check("json", "$.errors[*].f", "is", "zip", response)
    assert check("json", "$['n']", "is", "1.5", response)
    assert not check("json", "$.code", "is_not", "0", response)


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
def test_xml_with_entities_is_not_read(body: bytes) -> None:
    started = time.monotonic()
    assert Answered(said(body)).xml is None
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "body",
    [
        b"[" * BODY_BYTES,
        b"[" * 30_000 + b"]" * 30_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"[" + b"1," * 30_000 + b"1]",
        b"9" * BODY_BYTES,
        b"<a>" * 9_000 + b"</a>" * 9_000,
        b"<r>" + b"<a/>" * 16_000 + b"</r>",
        b"<r>" + b"<a b='1'>&#x41;</a>" * 3_000,
        b"\xff\xfe" * 30_000,
        b"<" * BODY_BYTES,
        b"\x00" * BODY_BYTES,
        b"a" * (BODY_BYTES - 1) + b"!",
    ],
)
def test_hostile_bodies_take_no_time_and_mean_nothing(body: bytes) -> None:
    started = time.monotonic()
    rules = [
        {"outcome": "accepted", "when": [{"look": "text", "test": "matches", "value": "(a+)+$"}]},
        {"outcome": "accepted", "when": [{"look": "text", "test": "matches", "value": "(x|xx|.*.*.*)*z1"}]},
        {"outcome": "accepted", "when": [{"look": "json", "at": "$..a[?@.b == 'c']", "test": "exists"}]},
        {"outcome": "accepted", "when": [{"look": "xml", "at": "//a[count(//b) > 1]", "test": "exists"}]},
    ]
    with pytest.raises(Unknown):
        judge(said(body), rules=rules)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("charset", ["utf-16", "zlib", "idna", "nonsense", "utf-7", "iso-8859-1", "x" * 500])
def test_a_wrong_charset_is_read_as_well_as_can_be(charset: str) -> None:
    response = Response(200, {"content-type": f"application/json; charset={charset}"}, b'{"result": "success"}')
    text = Answered(response).text
    assert isinstance(text, str)
    assert ("success" in text) is (charset != "utf-16")


@pytest.mark.parametrize(
    ("price", "cents"),
    [("12.5", 1250), ("$1,012.00", 101200), ("0", 0), ("-3", None), ("NaN", None), ("1e9", None), ("9" * 400, None)],
)
def test_a_price_is_an_amount_or_none(price: str, cents: int | None) -> None:
    assert judge(said(f'{{"result": "success", "price": "{price}"}}'.encode())).price_cents == cents


@pytest.mark.parametrize("reference", ["ada@mail.example", "x" * 101, "a\\u0000b", ""])
def test_a_reference_is_never_an_address(reference: str) -> None:
    answer = judge(said(f'{{"result": "success", "id": "{reference}"}}'.encode()))
    assert "@" not in (answer.reference or "")
    assert len(answer.reference or "") <= 100


def test_a_reference_may_stand_in_plain_text() -> None:
    pick = Pick(look=Look.text, at=r"ref:\s*(\w+)")
    assert Answered(said(b"OK ref: AB12 done")).pick(pick) == "AB12"
    assert Answered(said(b"nothing")).pick(pick) == ""


@pytest.mark.parametrize(
    "path", ["$.a[", "a.b", "$..a..b", "$[*,*][*,*]", "$.a[?match(@.b, '(a+)+$')]", "$" + ".a" * 200]
)
def test_a_json_path_is_of_a_bounded_shape(path: str) -> None:
    with pytest.raises(PathError):
        read_json_path(path)


@pytest.mark.parametrize("path", ["//a[", "//a//b//c", "/a/following::b", ""])
def test_an_xpath_is_of_a_bounded_shape(path: str) -> None:
    with pytest.raises(PathError):
        read_xml_path(path)


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "(x{1000}){1000}"])
def test_a_pattern_that_could_run_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(PathError, match="no regular expression that we can use"):
        read_pattern(pattern)
