"""The formats of a template: each takes the text of a field, and perhaps an argument, and gives text. Pure.

An empty field stays empty in every format but ``default``, so that nothing is made up about anybody.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from leadgen.marks import N_

_TOKENS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S", "A": "%p"}
_TOKEN = re.compile("|".join(_TOKENS))
_MOST_CHARACTERS = 10_000
DATE, DATE_AND_TIME = "YYYY-MM-DD", "YYYY-MM-DD HH:mm:ss"


@dataclass(frozen=True)
class Format:
    """``argument`` says what the argument must be, empty where there is none; ``example`` what comes of it."""

    write: Callable[[str, str], str]
    example: str
    argument: str = ""
    is_argument: Callable[[str], bool] = lambda text: text == ""


def _phone(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None


def _national(text: str, _: str) -> str:
    number = _phone(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else text


def _e164(text: str, _: str) -> str:
    number = _phone(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else text


def _ten_digits(text: str, _: str) -> str:
    number = _phone(text)
    return phonenumbers.national_significant_number(number) if number else text


def _dashes(text: str, argument: str) -> str:
    digits = _ten_digits(text, argument)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if re.fullmatch(r"\d{10}", digits) else digits


def read_moment(text: str) -> datetime | None:
    """A moment as our fields write it (ISO 8601)."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _write_moment(text: str, pattern: str) -> str:
    moment = read_moment(text)
    return _TOKEN.sub(lambda token: moment.strftime(_TOKENS[token[0]]), pattern) if moment else text


def _local(text: str, zone: str) -> str:
    moment = read_moment(text)
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds") if moment else text


def _unix(text: str, _: str) -> str:
    moment = read_moment(text)
    return str(int(moment.timestamp())) if moment else text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= _MOST_CHARACTERS


FORMATS: dict[str, Format] = {
    "national": Format(_national, "(312) 555-0100"),
    "dashes": Format(_dashes, "312-555-0100"),
    "ten_digits": Format(_ten_digits, "3125550100"),
    "e164": Format(_e164, "+13125550100"),
    "zip5": Format(lambda text, _: text.strip()[:5], "60601"),
    "date": Format(
        lambda text, pattern: _write_moment(text, pattern or DATE),
        "{{ received_at | date:MM/DD/YYYY }} 03/04/2027",
        N_("nothing, or a pattern of YYYY YY MM DD HH hh mm ss A"),
        lambda _: True,
    ),
    "datetime": Format(
        lambda text, pattern: _write_moment(text, pattern or DATE_AND_TIME),
        "2027-03-04 16:12:00",
        N_("nothing, or a pattern of YYYY YY MM DD HH hh mm ss A"),
        lambda _: True,
    ),
    "local": Format(
        _local,
        "{{ received_at | local:America/Chicago | date }} 2027-03-04",
        N_("a time zone, like America/Chicago"),
        lambda zone: zone in available_timezones(),
    ),
    "unix": Format(_unix, "1804176720"),
    "upper": Format(lambda text, _: text.upper(), "ADA"),
    "lower": Format(lambda text, _: text.lower(), "ada"),
    "digits": Format(lambda text, _: re.sub(r"\D", "", text), "13125550100"),
    "cut": Format(
        lambda text, most: text[: int(most)],
        "{{ consent_text | cut:255 }}",
        N_("how many characters are kept, 1 to 10000"),
        _is_number,
    ),
    "join": Format(
        lambda text, between: between.join(text.split(",")),
        '{{ certifications | join:"; " }} CPC; CCS',
        N_("what stands between the items"),
        lambda text: text != "",
    ),
    "default": Format(
        lambda text, instead: text or instead,
        "{{ age | default:18 }}",
        N_("what is sent where the field is empty"),
        lambda text: text != "",
    ),
}
