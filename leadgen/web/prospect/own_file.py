"""Her download to read: the export with every name and code in words, in her language. What was typed or agreed to is
quoted as it was."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from leadgen.web.days import write_day
from leadgen.web.moments import write_moment
from leadgen.web.program_title import name_program_here
from leadgen.web.prospect.own_labels import ACTS, DAYS, HIDDEN, LABELS, MOMENTS, PAGES, QUOTED, WORDS
from leadgen.web.prospect.page_words import list_lines
from leadgen.web.translate import gettext

Words = str | list[Any] | dict[str, Any]
PRESSED = re.compile(r"(?P<act>[^“]+) “(?P<button>.+)”")


def write_file(told: Mapping[str, Any], schools: Mapping[str, str]) -> dict[str, Any]:
    """The export (`leadgen.privacy.export`) with labels for keys and words for values. ``schools`` gives the names of
    schools by their ids, as the history has them."""
    known = {
        "program": name_program_here(told["asked_for"]["program"]),
        "history": [_write_event(event, schools) for event in told["history"]],
    }
    # the reference is the file's title
    return {_label(name): known.get(name) or _write(name, value) for name, value in told.items() if name != "reference"}


def _write(name: str, value: Any) -> Words:
    if name in PAGES and value:
        return _quote(Markup("<br>\n").join(list_lines(value)))
    if isinstance(value, Mapping):
        # of a school, what is not so is not said
        shown = ((key, each) for key, each in value.items() if key not in HIDDEN and each not in (None, []))
        return {_label(key): _write(key, each) for key, each in shown}
    if isinstance(value, list | tuple):
        return [_write(name, each) for each in value]
    return _write_one(name, value)


def _write_one(name: str, value: Any) -> str:
    if value is None or value == "":
        return gettext("not given")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name in MOMENTS:
        return write_moment(datetime.fromisoformat(value))
    if name in DAYS:
        return write_day(date.fromisoformat(value))
    if name == "how":
        return _retell_act(value)
    if name in QUOTED:
        return _quote(value)
    return str(WORDS.get(name, {}).get(value, value))


def _quote(text: str) -> Markup:
    return Markup("<blockquote>%s</blockquote>") % text


def _write_event(event: Mapping[str, Any], schools: Mapping[str, str]) -> str:
    """One line: when, what, at which school, and by whom."""
    at, what = _write_one("at", event["at"]), _write_one("what", event["what"])
    school = schools.get(str(event["facts"].get("school")))
    return " · ".join(filter(None, (at, what, school, _write_one("by", event["by"]))))


def _retell_act(act: str) -> str:
    """What she did, with the words that stood on the button."""
    found = PRESSED.fullmatch(act)
    if found is None or found["act"] not in ACTS:
        return act
    return Markup("%s <q>%s</q>") % (ACTS[found["act"]], found["button"])


def _label(name: str) -> str:
    label = str(LABELS.get(name) or name.replace("_", " "))
    return label[:1].upper() + label[1:]
