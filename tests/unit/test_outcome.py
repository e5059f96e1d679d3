"""What an HTTP answer means: the whole table."""

import json

import pytest

from leadgen.delivery.carriers.contract import CarrierError, DefiniteNo, Misconfigured, PermanentNo, Unknown
from leadgen.delivery.carriers.outcome import find_reference, judge, parse_retry_after
from leadgen.delivery.carriers.reader import Reader, Response

NOON = 1_784_000_000.0  # 2026-07-14 03:33:20 UTC

TABLE: list[tuple[int, type[CarrierError]]] = [
    *((status, DefiniteNo) for status in (408, 425, 429, 503)),
    *((status, Misconfigured) for status in (300, 301, 302, 303, 304, 307, 308, 399, 401, 403, 404, 410)),
    *((status, PermanentNo) for status in (400, 402, 405, 406, 409, 411, 413, 415, 417, 421, 422, 451, 499)),
    *((status, Unknown) for status in (500, 501, 502, 504, 505, 599, 600, 999)),
]


@pytest.mark.parametrize(("status", "expected"), TABLE)
def test_every_refusal_says_what_to_do_next(status: int, expected: type[CarrierError]) -> None:
    with pytest.raises(CarrierError) as raised:
        judge(Response(status, {}, b"because"), conflict_means_received=False, now=NOON)
    assert type(raised.value) is expected
    assert (raised.value.status, raised.value.text) == (str(status), "because")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_means_the_school_has_it(status: int) -> None:
    assert judge(Response(status, {}, b""), conflict_means_received=False, now=NOON).status == str(status)


def test_409_means_received_only_where_the_school_says_so() -> None:
    answer = judge(Response(409, {}, b'{"id": "A-7"}'), conflict_means_received=True, now=NOON)
    assert (answer.status, answer.reference) == ("409", "A-7")
    with pytest.raises(PermanentNo):
        judge(Response(409, {}, b'{"id": "A-7"}'), conflict_means_received=False, now=NOON)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("9" * 5000, 9_999_999_999.0),
        ("Tue, 14 Jul 2026 03:34:20 GMT", 60.0),
        ("Tue, 14 Jul 2026 03:32:20 GMT", None),
        ("Tue, 99 Jul 2026 03:34:20 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_nothing_else(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOON) == seconds


@pytest.mark.parametrize("status", [408, 425, 429, 503])
def test_wait_asked_for_travels_with_the_definite_no(status: int) -> None:
    with pytest.raises(DefiniteNo) as raised:
        judge(Response(status, {"retry-after": "90"}, b""), conflict_means_received=False, now=NOON)
    assert raised.value.retry_after == 90.0


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        ({"reference": "R-1", "id": "other"}, "R-1"),
        ({"id": 42}, "42"),
        ({"reference": "", "id": "used"}, "used"),
        ({"reference": "x" * 101, "id": "short"}, "short"),
        ({"reference": "x" * 100}, "x" * 100),
        ({"reference": "two\nlines"}, None),
        ({"reference": "ada@mail.example", "id": "A-7"}, "A-7"),
        ({"reference": "\ud800"}, None),
        ({"id": True}, None),
        ({"id": 1.5}, None),
        ({"id": {"deep": 1}}, None),
        (["id", "A"], None),
        ("text", None),
    ],
)
def test_reference_is_short_printable_text_or_a_number(body: object, reference: str | None) -> None:
    assert find_reference(json.dumps(body).encode()) == reference


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 60_000, b'{"id": ' + b"9" * 5000 + b"}"])
def test_answer_that_is_no_json_has_no_reference(body: bytes) -> None:
    assert find_reference(body) is None


def test_text_is_the_first_kilobyte_made_readable() -> None:
    assert Response(200, {}, b"\xff\x00" + b"a" * 5000).text == "\N{REPLACEMENT CHARACTER}" + "a" * 1022


def test_headers_are_complete_only_after_the_blank_line_of_a_final_status() -> None:
    reader = Reader()
    for line in (b"HTTP/1.1 103 Early Hints\r\n", b"Retry-After: 5\r\n", b"\r\n", b"HTTP/1.1 202 Accepted\r\n"):
        reader.read_header(line)
    assert not reader.complete
    reader.read_header(b"\r\n")
    assert (reader.complete, reader.status, reader.headers) == (True, 202, {})
