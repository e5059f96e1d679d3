"""How one of our fields is written, guessed from the value of a sample: formats and value tables. Pure."""

import re
from dataclasses import dataclass, field

from leadgen.delivery.posting.draft_names import fold
from leadgen.delivery.posting.model import As
from leadgen.delivery.posting.template import OTHERS

UNSURE = "TODO"
_PLACEHOLDER = re.compile(
    r"[\[{<%$#]{1,2}[^\]}>%]{1,60}[\]}>%#]{0,2}|x{3,}|\.{3}|(your|their|the)[ _-]?[a-z_ -]{1,30}|string|text|n/a",
    re.IGNORECASE,
)
_PHONES = (
    (re.compile(r"\(\d{3}\) \d{3}-\d{4}"), " | national"),
    (re.compile(r"\d{3}-\d{3}-\d{4}"), " | dashes"),
    (re.compile(r"1\d{10}"), " | digits"),
    (re.compile(r"\+1\d{10}"), ""),
)
_DATES = (
    (re.compile(r"\d{4}-\d\d-\d\d"), "date"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "datetime"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "date:YYYY-MM-DD HH:mm"),
    (re.compile(r"(?:0?\d|1[0-2])/\d{1,2}/\d{4}"), "date:MM/DD/YYYY"),
    (re.compile(r"(?:0?\d|1[0-2])/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d"), "date:MM/DD/YYYY HH:mm:ss"),
    (re.compile(r"(?:0?\d|1[0-2])/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M", re.IGNORECASE), "date:MM/DD/YYYY hh:mm:ss A"),
    (re.compile(r"(?:0?\d|1[0-2])/\d{1,2}/\d{4} \d{1,2}:\d\d [AP]M", re.IGNORECASE), "date:MM/DD/YYYY hh:mm A"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), "date:DD/MM/YYYY"),
    (re.compile(r"(?:0?\d|1[0-2])-\d\d-\d{4}"), "date:MM-DD-YYYY"),
    (re.compile(r"\d{8}"), "date:YYYYMMDD"),
    (re.compile(r"1\d{9}"), "unix"),
)
_MOMENTS = frozenset({"received_at", "consent_at"})
# what our codes are called elsewhere, folded
_CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "credential": {
        "certificate": ("certificate", "cert", "crt", "c"),
        "diploma": ("diploma", "dip", "dipl", "d"),
        "associate": ("associate", "associates", "associatedegree", "associatesdegree", "aa", "as", "aas", "assoc"),
    },
    "education": {
        "none": ("none", "nohighschool", "somehighschool", "lessthanhighschool", "nodiploma"),
        "ged": ("ged", "gedequivalent", "equivalency", "hse"),
        "high_school": (
            "highschool",
            "highschooldiploma",
            "hs",
            "hsd",
            "hsdiploma",
            "highschoolgraduate",
            "hsgraduate",
        ),
    },
    "format": {
        "campus": ("campus", "oncampus", "ground", "inperson", "onsite", "classroom", "c", "g"),
        "online": ("online", "onl", "distance", "remote", "o", "virtual"),
        "any": ("any", "both", "either", "nopreference", "hybrid", "blended"),
    },
    "contact_times": {
        "morning": ("morning", "am", "m", "mornings"),
        "afternoon": ("afternoon", "pm", "a", "afternoons"),
        "evening": ("evening", "night", "e", "evenings"),
    },
}
_YES_NO = (("yes", "no"), ("y", "n"), ("true", "false"), ("1", "0"), ("on", "off"), ("t", "f"))


@dataclass(frozen=True)
class Guess:
    """The template of a value, the tables that it uses, and what a person has to look at (a code, empty if nothing)."""

    value: str
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    doubt: str = ""


def is_placeholder(text: str) -> bool:
    """Whether a sample shows where a value goes, and none: ``{first_name}``, ``[ZIP]``, ``string``."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None


def guess_value(name: str, sample: str, kind: As) -> Guess:
    """How our field is written, where their sample of it is this."""
    sample = "" if is_placeholder(sample) else sample.strip()
    if name == "phone":
        return Guess(_hole(name, _guess_phone(sample)))
    if name == "zip" and re.fullmatch(r"\d{5}", sample):
        return Guess(_hole(name, " | zip5"), doubt="number" if kind is As.number else "")
    if name in _MOMENTS:
        return _guess_moment(name, sample)
    if name == "test":
        yes, no = _pick_words(sample)
        return Guess("{{ test | map:test }}", {"test": {"true": yes, "": no}})
    if name == "state" and len(sample) > 2:
        return Guess(_hole(name), doubt="state")
    if name == "program" and sample:
        return Guess("{{ program | map:programs }}", {"programs": {OTHERS: sample}}, "programs")
    if name in _CODES and sample:
        return _guess_codes(name, sample, kind)
    return Guess(_hole(name))


def recognize(sample: str) -> str | None:
    """Our field, where a value tells what it is whatever its name: a phone number or an email address."""
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", sample.strip()):
        return "email"
    return "phone" if any(pattern.fullmatch(sample.strip()) for pattern, _ in _PHONES) else None


def guess_permission(sample: str) -> Guess:
    """Whether she agreed to calls or texts, in their words: without that, we send no phone number."""
    yes, no = _pick_words(sample)
    return Guess("{{ phone | map:may_call }}", {"may_call": {"": no, OTHERS: yes}}, "may_call")


def _hole(name: str, steps: str = "") -> str:
    return f"{{{{ {name}{steps} }}}}"


def _guess_phone(sample: str) -> str:
    return next((steps for pattern, steps in _PHONES if pattern.fullmatch(sample)), " | ten_digits")


def _guess_moment(name: str, sample: str) -> Guess:
    steps = next((words for pattern, words in _DATES if pattern.fullmatch(sample)), "")
    iso = re.match(r"\d{4}-\d\d-\d\dT", sample) or not sample
    return Guess(_hole(name, f" | {steps}" if steps else ""), doubt="" if steps or iso else "date")


def _pick_words(sample: str) -> tuple[str, str]:
    """Their words for yes and no, in the case of the sample."""
    for pair in _YES_NO:
        if sample.lower() in pair:
            style = str.upper if sample.isupper() else str.capitalize if sample[:1].isupper() else str
            return style(pair[0]), style(pair[1])
    return "true", "false"


def _guess_codes(name: str, sample: str, kind: As) -> Guess:
    items = [item.strip() for item in sample.split(",")] if kind is As.list else [sample]
    found = {ours: item for item in items for ours, theirs in _CODES[name].items() if fold(item) in theirs}
    if found and all(ours == item for ours, item in found.items()):
        return Guess(_hole(name))
    table = {ours: found.get(ours, UNSURE) for ours in _CODES[name]}
    return Guess(f"{{{{ {name} | map:{name} }}}}", {name: table}, "codes")
