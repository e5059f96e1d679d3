"""Days and clocks as a language writes them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from leadgen.marks import say, say_day, say_moment
from leadgen.web.days import write_clock, write_day, write_short_day
from leadgen.web.moments import write_moment, write_short_moment
from leadgen.web.portal.hours import tell_hours
from leadgen.web.translate import translate

AT = datetime(2027, 3, 4, 22, 12, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def request_of_somebody() -> Iterator[None]:
    app = Flask("days")
    Babel(app)
    with app.test_request_context():
        yield


def test_english_is_written_as_ever() -> None:
    assert write_moment(AT, "America/Chicago") == "March 4, 2027, 4:12 PM CST"
    assert write_moment(AT, seconds=True) == "March 4, 2027, 10:12:07 PM UTC"
    assert write_short_moment(AT, AT) == "Mar 4, 10:12 PM UTC"
    assert write_short_moment(AT, AT + timedelta(days=365)) == "Mar 4, 2027"


def test_english_of_every_month_and_hour_is_what_the_clock_of_the_machine_says() -> None:
    for at in (AT + timedelta(hours=hours) for hours in range(0, 24 * 370, 17)):
        assert write_day(at) == f"{at:%B} {at.day}, {at.year}" == say_day(at)
        assert write_short_day(at, year=False) == f"{at:%b} {at.day}"
        assert write_clock(at, seconds=True) == f"{at:%I:%M:%S %p}".lstrip("0")


def test_another_language_has_its_own_months_order_and_clock() -> None:
    with force_locale("es"):
        assert write_moment(AT, "America/Chicago") == "4 de marzo de 2027, 16:12 CST"
        assert write_short_moment(AT, AT) == "4 mar, 22:12 UTC"


def test_a_span_of_hours_names_the_half_of_the_day_once_where_there_are_halves() -> None:
    def tell() -> str | None:
        return tell_hours(["evening"], "60601", "America/Denver", AT).times[0].here

    assert tell() == "4 to 8 PM MST"
    with force_locale("es"):
        assert tell() == "16:00 to 20:00 MST"


def test_a_day_in_a_sentence_that_was_said_is_written_anew() -> None:
    asked = say("Asked on %(day)s.", day=say_day(date(2027, 3, 4)))
    assert asked == "Asked on March 4, 2027."
    with force_locale("es"):
        assert translate(asked) == "Asked on 4 de marzo de 2027."


def test_a_moment_tells_two_at_once_apart() -> None:
    assert say_moment(AT) == "March 4, 2027 at 22:12:07 UTC"
    assert translate(say_moment(AT)) == "March 4, 2027 at 22:12:07 UTC"
