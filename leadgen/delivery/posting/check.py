"""What is wrong with a map, part by part, before it is kept. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from leadgen.delivery.carriers.answered import PathError, read_json_path, read_pattern, read_xml_path
from leadgen.delivery.carriers.contract import Line, Misconfigured
from leadgen.delivery.carriers.rules import fits_status
from leadgen.delivery.carriers.target import find_target
from leadgen.delivery.posting.encode import ATTRIBUTE, ShapeError, nest, split_name
from leadgen.delivery.posting.fields import LEAD_FIELDS, NOTICE_FIELDS, PLAIN_FIELDS
from leadgen.delivery.posting.model import (
    AuthKind,
    Condition,
    Encoding,
    Look,
    Message,
    Pair,
    Pick,
    Posting,
    Test,
)
from leadgen.delivery.posting.request import PASSWORD, PRIVATE_KEY, TOKEN
from leadgen.delivery.posting.template import TemplateError, check_holes, list_secrets
from leadgen.marks import Said, say

Where = tuple[str | int, ...]

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_ELEMENT = re.compile(r"[A-Za-z_][\w-]*(:[A-Za-z_][\w-]*)?", re.ASCII)
# what HTTP itself needs, and what tells a repeat from news
_OURS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "expect",
        "te",
        "trailer",
        "upgrade",
        "accept-encoding",
        "idempotency-key",
    }
)
_KEPT_FOR = {AuthKind.basic: PASSWORD, AuthKind.bearer: TOKEN, AuthKind.key: PRIVATE_KEY}
_ANYWHERE = Line("", "", "", ())


@dataclass(frozen=True)
class Fault:
    """``where`` leads to the part, like ``("lead", "rows", 2, "value")``."""

    where: Where
    words: Said

    @property
    def name(self) -> str:
        return ".".join(map(str, self.where))


def find_faults(posting: Posting, secrets: Collection[str]) -> list[Fault]:
    """All that is wrong, in the order of the page. ``secrets`` are the names of those that have a value."""
    faults = [*_check_message(posting, posting.lead, ("lead",), LEAD_FIELDS)]
    if posting.notice is not None:
        faults += _check_message(posting, posting.notice, ("notice",), NOTICE_FIELDS)
        faults += _check_address(posting.notice.address, ("notice", "address"))
    for name in ("headers", "query"):
        faults += _check_pairs(posting, getattr(posting, name), name)
    for number, rule in enumerate(posting.rules):
        if not rule.when:
            faults.append(Fault(("rules", number, "when"), say("Say when this rule holds.")))
        for place, condition in enumerate(rule.when):
            faults += _check_condition(condition, ("rules", number, "when", place))
    for name in ("reference", "reason", "price"):
        faults += _check_pick(getattr(posting.reads, name), ("reads", name))
    return [*faults, *_check_secrets(posting, secrets)]


def list_used_secrets(posting: Posting) -> set[str]:
    """The names of all secrets that a map uses, as far as its templates can be read."""
    messages = [message for message in (posting.lead, posting.notice) if message]
    texts = [row.value for message in messages for row in message.rows]
    texts += [pair.value for pair in (*posting.headers, *posting.query)]
    used = {AuthKind.basic: {PASSWORD}, AuthKind.bearer: {TOKEN}, AuthKind.key: {PRIVATE_KEY}}.get(
        posting.auth.kind, set()
    )
    for text in texts:
        try:
            used = used | list_secrets(text)
        except TemplateError:
            continue
    return used


def _check_secrets(posting: Posting, secrets: Collection[str]) -> Iterator[Fault]:
    for name in sorted(list_used_secrets(posting) - set(secrets)):
        yield Fault(("secrets", name), say("Enter the secret %(secret)s, which this map uses.", secret=name))


def _check_message(posting: Posting, message: Message, where: Where, known: Mapping[str, str]) -> Iterator[Fault]:
    if not message.rows:
        yield Fault((*where, "rows"), say("Add at least one field."))
    if message.encoding is Encoding.xml and not _ELEMENT.fullmatch(message.root):
        yield Fault((*where, "root"), say("Enter the name of an XML element, like lead."))
    for number, row in enumerate(message.rows):
        if fault := _check_name(message.encoding, row.name):
            yield Fault((*where, "rows", number, "name"), fault)
        yield from _check_template(posting, row.value, (*where, "rows", number, "value"), known)
    if message.encoding is Encoding.json:
        yield from _check_shape(message, where)


def _check_name(encoding: Encoding, name: str) -> Said | None:
    if not name.strip() or not name.isprintable():
        return say("Enter the name under which they take it.")
    if encoding is Encoding.json and not all(split_name(name)):
        return say("Enter a name between the dots.")
    if encoding is Encoding.xml:
        *path, last = split_name(name)
        if not all(_ELEMENT.fullmatch(step) for step in (*path, last.removeprefix(ATTRIBUTE))):
            return say("Enter names of XML elements, joined by dots; @ begins the name of an attribute.")
    return None


def _check_shape(message: Message, where: Where) -> Iterator[Fault]:
    pairs: list[tuple[list[str], None]] = []
    for number, row in enumerate(message.rows):
        pairs.append((split_name(row.name), None))
        try:
            nest(pairs)
        except ShapeError:
            pairs.pop()
            words = say("“%(name)s” is there already, or stands inside another that is.", name=row.name)
            yield Fault((*where, "rows", number, "name"), words)


def _check_pairs(posting: Posting, pairs: tuple[Pair, ...], name: str) -> Iterator[Fault]:
    for number, pair in enumerate(pairs):
        where: Where = (name, number)
        if name == "headers" and (not _HEADER.fullmatch(pair.name) or pair.name.lower() in _OURS):
            yield Fault((*where, "name"), say("Enter a header that a map may set, like X-Api-Key."))
        if not pair.name.strip() or not (pair.name + pair.value).isprintable():
            yield Fault((*where, "name"), say("Enter a name and a value in one line."))
        yield from _check_template(posting, pair.value, (*where, "value"), PLAIN_FIELDS)


def _check_template(posting: Posting, text: str, where: Where, known: Mapping[str, str]) -> Iterator[Fault]:
    try:
        check_holes(text, known, posting.tables)
    except TemplateError as error:
        if known is PLAIN_FIELDS and error.words.words.startswith("We have no field"):
            yield Fault(where, say("Headers and addresses are logged: only lead_id, key, event and secrets go there."))
        else:
            yield Fault(where, error.words)


def _check_address(address: str, where: Where) -> Iterator[Fault]:
    if not address:
        return
    try:
        target = find_target(address, _ANYWHERE)
    except Misconfigured:
        target = None
    if target is None or not address.startswith("https://"):
        yield Fault(where, say("Enter an address that starts with https://, or nothing for the endpoint's own."))


def _check_condition(condition: Condition, where: Where) -> Iterator[Fault]:
    yield from _check_path(condition.look, condition.at, (*where, "at"))
    is_compared = condition.test not in (Test.exists, Test.missing)
    if is_compared and not condition.value.strip():
        yield Fault((*where, "value"), say("Enter what it is compared with."))
    elif condition.test is Test.matches:
        yield from _check_pattern(condition.value, (*where, "value"))
    elif condition.look is Look.status and is_compared and condition.test is not Test.contains:
        parts = condition.value.split(",")
        if not all(any(fits_status(part, status) for status in range(100, 600)) for part in parts):
            yield Fault((*where, "value"), say("Enter a status like 200, 2xx or 200-204, or several with commas."))


def _check_pick(pick: Pick | None, where: Where) -> Iterator[Fault]:
    if pick is None:
        return
    if pick.look is Look.text:
        yield from _check_pattern(pick.at, (*where, "at"))
    else:
        yield from _check_path(pick.look, pick.at, (*where, "at"))


def _check_path(look: Look, at: str, where: Where) -> Iterator[Fault]:
    try:
        if look is Look.json:
            read_json_path(at)
        elif look is Look.xml:
            read_xml_path(at)
        elif look is Look.header and not _HEADER.fullmatch(at.strip()):
            yield Fault(where, say("Enter the name of a header, like Location."))
    except PathError as error:
        yield Fault(where, error.words)


def _check_pattern(pattern: str, where: Where) -> Iterator[Fault]:
    try:
        if not pattern.strip():
            yield Fault(where, say("Enter a regular expression, like ref: (\\w+)."))
        else:
            read_pattern(pattern)
    except PathError as error:
        yield Fault(where, error.words)
