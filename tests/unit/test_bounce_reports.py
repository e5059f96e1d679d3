"""Reports of mail servers are read in the formats of the common ones; what is none of them says nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen.delivery.bounces.decide import TURNED, fails_now
from leadgen.delivery.bounces.report import Fate, read_report
from leadgen.delivery.return_path import find_signed_keys, prove_key, sign_key, write_return_path
from leadgen.models import State
from tests.dsn import STANDARD, Dsn, write_postfix, write_qmail

KEY, SECRET = "msg_LD7K2M94QD_3_lead_1", "a secret of this test"
SIGNED = sign_key(KEY, SECRET)
SENT_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

every_server = pytest.mark.parametrize("write", STANDARD)


@every_server
def test_letter_is_named_by_the_message_id_of_what_comes_back(write: Callable[[Dsn], bytes]) -> None:
    report = read_report(write(Dsn(f"{SIGNED}@firststep.example")))
    assert report is not None
    assert (report.signed_keys, report.fate, report.status) == ([SIGNED], Fate.failed, "5.1.1")
    assert report.sent_at == SENT_AT


@every_server
def test_letter_is_named_by_the_address_that_the_report_comes_to(write: Callable[[Dsn], bytes]) -> None:
    path = write_return_path("bounces@firststep.example", SIGNED)
    assert path is not None
    report = read_report(write(Dsn(to=path.lower())))
    assert report is not None
    assert prove_key(report.signed_keys[0], SECRET) == KEY.lower()


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", Fate.failed),
        ("failed", "4.4.7", Fate.failed),  # given up after days
        ("delayed", "4.4.1", Fate.delayed),
        ("Delayed", "5.1.1", Fate.delayed),
        ("relayed", "2.0.0", Fate.passed_on),
        ("delivered", "2.1.5", Fate.passed_on),
        ("expanded", "2.0.0", Fate.passed_on),
        ("unheard-of", "5.7.1", Fate.failed),
        ("", "4.2.2", Fate.delayed),
    ],
)
@every_server
def test_the_action_says_what_became_of_it(write: Callable[[Dsn], bytes], action: str, status: str, fate: Fate) -> None:
    report = read_report(write(Dsn(action=action, status=status)))
    assert report is not None
    assert (report.fate, report.status) == (fate, status)


def test_the_worst_of_several_recipients_counts() -> None:
    raw = write_postfix(Dsn(action="delayed", status="4.4.1"))
    more = b"\nFinal-Recipient: rfc822; a@larkspur.example\nAction: failed\nStatus: 5.2.2\n\n--8F2.1/mx\nContent-Desc"
    report = read_report(raw.replace(b"\n--8F2.1/mx\nContent-Description: Undel", more + b"ription: Undel"))
    assert report is not None
    assert (report.fate, report.status) == (Fate.failed, "5.2.2")


@pytest.mark.parametrize(
    "raw",
    [
        write_qmail(Dsn(f"{SIGNED}@firststep.example")),
        b"",
        b"\0" * 100,
        b"From: a@b.example\n\nI am on holiday until Monday.",
        write_postfix(Dsn()).replace(b"Action", b"Act").replace(b"Status", b"Stat"),
        b"Content-Type: multipart/report; boundary=x\n\n"
        + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 3000,
    ],
    ids=["qmail", "empty", "zeros", "holiday", "no fields", "nested"],
)
def test_what_is_no_report_is_unreadable(raw: bytes) -> None:
    assert read_report(raw) is None


@given(st.binary(max_size=300), st.integers(0, 1500))
def test_rubbish_within_a_report_never_raises_and_never_names_another_letter(rubbish: bytes, at: int) -> None:
    raw = write_postfix(Dsn(f"{SIGNED}@firststep.example"))
    report = read_report(raw[:at] + rubbish + raw[at + len(rubbish) :])
    named = {prove_key(signed, SECRET) for signed in report.signed_keys} if report else set()
    assert named <= {KEY, KEY.lower(), None}


def test_no_stranger_can_name_a_letter() -> None:
    for forged in (f"{KEY}.{'0' * 16}", SIGNED.replace("94QD", "94QE"), sign_key(KEY, "another"), KEY, ""):
        assert prove_key(forged, SECRET) is None
    assert find_signed_keys("", f"<{KEY}@firststep.example>") == []


def test_a_key_that_is_too_long_for_an_address_goes_without() -> None:
    assert write_return_path("bounces@firststep.example", sign_key("k" * 60, SECRET)) is None
    assert write_return_path("", SIGNED) is None


def test_the_same_report_has_the_same_digest_and_another_has_another() -> None:
    first, again, other = (
        read_report(write_postfix(Dsn(own_id=own))) for own in ("a@b.example", "a@b.example", "c@d.example")
    )
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.digest == again.digest != other.digest


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("fate", Fate)
def test_only_what_may_have_arrived_fails_and_only_where_it_was_given_up(state: State, fate: Fate) -> None:
    expected = fate is Fate.failed and state in TURNED
    assert fails_now(fate, state, SENT_AT, SENT_AT) is expected
    assert fails_now(fate, state, None, SENT_AT) is expected
    later = SENT_AT.replace(hour=9)
    assert not fails_now(fate, state, SENT_AT, later), "it is about an earlier try"
