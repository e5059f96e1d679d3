"""A map as a text that people edit: the same JSON in a file and at the desk. Pure.

What is wrong is named with its line. Secrets may be typed into it, and are never written out: ``null`` stands for one
that is kept. What a draft leaves to a person stands in it too, as ``todo``: a map is kept once that is empty."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from leadgen.delivery.posting.check import Fault, Where, list_used_secrets
from leadgen.delivery.posting.lines import find_line
from leadgen.delivery.posting.model import As, Message, Posting, Row, Sheet
from leadgen.marks import Said, say

SECRETS, TODO = "secrets", "todo"
MOST_CHARACTERS = 200_000


class MapError(Exception):
    """A map cannot be kept. ``faults`` say what is wrong in it, where that is the reason."""

    def __init__(self, words: Said, faults: Sequence[Fault] = ()) -> None:
        super().__init__(words)
        self.words = words
        self.faults = list(faults)


class NoJsonError(MapError):
    """It cannot be read at all, from this line on."""

    def __init__(self, words: Said, line: int) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True)
class Document:
    """What was written down: the map, the secrets that were typed with it, and what is left to do."""

    posting: Posting
    secrets: dict[str, str]
    todo: tuple[str, ...] = ()

    def refuse_unfinished(self) -> None:
        """Raises MapError while somebody has something to look at."""
        if self.todo:
            words = say("Look through what is left to do, and take each line out once it is done.")
            raise MapError(words, [Fault((TODO, 0), words)])


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where: ``line`` from 1, ``name`` of the part like ``lead.rows.2.value``."""

    line: int
    name: str
    words: Said


def read_document(text: str) -> Document:
    """Raises MapError that names all that does not fit the shape of a map."""
    data = _read_json(text)
    secrets = data.pop(SECRETS, None) or {} if isinstance(data, dict) else {}
    if not isinstance(secrets, dict) or not all(isinstance(each, str | None) for each in secrets.values()):
        words = say("Write secrets as names and texts, like “token”: “…”.")
        raise MapError(words, [Fault((SECRETS,), words)])
    todo = data.pop(TODO, None) or [] if isinstance(data, dict) else []
    if not isinstance(todo, list):
        raise MapError(words := say("Write what is left to do as a list of texts."), [Fault((TODO,), words)])
    kept = {name: value for name, value in secrets.items() if value}
    return Document(parse_posting(data), kept, tuple(map(str, todo)))


def parse_posting(data: object) -> Posting:
    """A map from plain data. Raises MapError that names what does not fit."""
    try:
        return Posting.model_validate(data)
    except ValidationError as error:
        found = [(tuple(each["loc"]), each["msg"]) for each in error.errors(include_url=False, include_input=False)]
        first, told = found[0]
        words = say("This is no map: %(where)s: %(what)s.", where=".".join(map(str, first)) or "-", what=told)
        raise MapError(words, [_make_fault(where, told) for where, told in found]) from None


def write_document(posting: Posting, todo: Sequence[str] = ()) -> str:
    """The map as people read it: what is as usual is left out, and secrets are named and not shown."""
    data = ({TODO: list(todo)} if todo else {}) | _shorten(posting)
    if secrets := sorted(list_used_secrets(posting)):
        data[SECRETS] = dict.fromkeys(secrets)
    return _lay_out(data) + "\n"


def point_out(text: str, error: MapError) -> list[Mistake]:
    """Each mistake of the text with its line; none where the error is about something else."""
    if isinstance(error, NoJsonError):
        return [Mistake(error.line, "", error.words)]
    return [Mistake(find_line(text, fault.where), fault.name, fault.words) for fault in error.faults]


def make_starter(*, is_batch: bool = False) -> Posting:
    """What stands there before somebody wrote a map: the fields that most systems ask for."""
    first = ("event", "lead_id") if is_batch else ()
    sheet = Sheet() if is_batch else None
    usual = ("first_name", "last_name", "email", "phone", "zip", "program", "lead_id")
    rows = (Row(name=name, value=f"{{{{ {name} }}}}", kind=As.text) for name in dict.fromkeys((*first, *usual)))
    return Posting(lead=Message(rows=tuple(rows)), batch=sheet)


def _read_json(text: str) -> Any:
    if len(text) > MOST_CHARACTERS:
        raise NoJsonError(say("This is longer than a map can be: at most 200,000 characters."), 1)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        near = text.splitlines()[error.lineno - 1].strip()[:60] if text.strip() else ""
        raise NoJsonError(
            say("It is no JSON from here on, near “%(near)s”: %(error)s.", near=near, error=error.msg), error.lineno
        ) from None
    except RecursionError:
        raise NoJsonError(say("It is nested too deep."), 1) from None


def _make_fault(where: Where, told: str) -> Fault:
    if told.startswith("Extra inputs"):
        return Fault(where, say("There is no part %(name)s here. Mend its name, or take it out.", name=str(where[-1])))
    return Fault(where, say("It does not fit: %(what)s.", what=told))


def _shorten(posting: Posting) -> dict[str, Any]:
    """The map without what is as usual; but an encoding and a condition are told in full, which reads better."""
    data = posting.model_dump(mode="json", exclude_defaults=True)
    for name in ("lead", "notice"):
        if message := getattr(posting, name):
            data[name] = {"encoding": message.encoding.value, **data.get(name, {})}
    if posting.batch is not None:
        data["batch"] = _drop_empty(posting.batch.model_dump(mode="json"))
    if posting.rules:
        data["rules"] = [_drop_empty(rule.model_dump(mode="json")) for rule in posting.rules]
    reads = posting.reads
    if data.get("reads"):
        picks = {name: getattr(reads, name) for name in ("reference", "reason", "price")}
        data["reads"] |= {name: _drop_empty(pick.model_dump(mode="json")) for name, pick in picks.items() if pick}
    return data


def _drop_empty(value: Any) -> Any:
    if isinstance(value, list):
        return [_drop_empty(each) for each in value]
    return {name: _drop_empty(each) for name, each in value.items() if each != ""} if isinstance(value, dict) else value


def _lay_out(value: Any, indent: str = "") -> str:
    """JSON with one line to each row and rule, which is how they are read."""
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (indent and len(indent) + len(short) <= 100 and _is_flat(value)):
        return short
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [
            f"{inner}{json.dumps(name, ensure_ascii=False)}: {_lay_out(each, inner)}" for name, each in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}" if parts else "{}"
    parts = [inner + _lay_out(each, inner) for each in value]
    return "[\n" + ",\n".join(parts) + f"\n{indent}]" if parts else "[]"


def _is_flat(value: Any) -> bool:
    """Whether there is nothing in it but texts, or one list of such."""
    inside = value.values() if isinstance(value, dict) else value
    return not any(isinstance(each, dict) or (isinstance(each, list) and len(each) > 1) for each in inside)
