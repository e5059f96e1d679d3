"""A map drafted from a posting specification: a cURL command or a sample request, and up to two sample answers. Pure.

It is a draft for a person to correct, and says what of it nobody could know. Nothing is sent, and no value of a sample
that is about a person or lets somebody in goes into it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from leadgen.delivery.carriers.answered import Answered
from leadgen.delivery.carriers.contract import CarrierError
from leadgen.delivery.carriers.rules import find_rule
from leadgen.delivery.posting.check import find_faults, list_used_secrets
from leadgen.delivery.posting.draft_curl import is_curl, read_curl
from leadgen.delivery.posting.draft_names import asks_whether_to_call, find_field, is_personal, is_secret, name_secret
from leadgen.delivery.posting.draft_rules import guess_reads, guess_rules
from leadgen.delivery.posting.draft_sample import MOST_CHARACTERS, DraftError, Given, Pairs, Sample, read_request
from leadgen.delivery.posting.draft_values import Guess, guess_permission, guess_value, is_placeholder, recognize
from leadgen.delivery.posting.encode import ATTRIBUTE
from leadgen.delivery.posting.model import MOST_ROWS, Auth, AuthKind, Message, Outcome, Pair, Posting, Row
from leadgen.delivery.posting.samples import read_answer
from leadgen.marks import Said, say

MOST_VALUE = 500
# what every client sends, or the carrier itself writes
_USUAL = frozenset(
    """
    accept accept-encoding accept-language authorization cache-control connection content-length
    content-type cookie date expect host idempotency-key origin referer te trailer transfer-encoding
    upgrade user-agent
    """.split()  # noqa: SIM905 - read as a list of words
)
_YES, _NO = (Outcome.accepted,), (Outcome.rejected, Outcome.duplicate, Outcome.later)


@dataclass(frozen=True)
class Draft:
    """``address`` is where their sample is posted to; ``todo`` is what a person has to look at."""

    posting: Posting
    address: str
    todo: tuple[Said, ...]


@dataclass
class _Work:
    rows: list[Row] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    todo: list[Said] = field(default_factory=list)


def draft_posting(spec: str, accepted: str = "", rejected: str = "") -> Draft:
    """The draft. Raises DraftError where there is no request to read in it."""
    if not spec.strip():
        raise DraftError(say("Paste a cURL command or a sample request."))
    if max(map(len, (spec, accepted, rejected))) > MOST_CHARACTERS:
        raise DraftError(say("This is too long: paste one request of at most 100,000 characters."))
    sample = read_curl(spec) if is_curl(spec) else read_request(spec)
    work = _Work()
    for given in _list_given(sample, work):
        _add_row(work, given)
    headers, auth = _draft_headers(sample)
    address, query = _split_address(sample.address)
    yes, no = (Answered(read_answer(text)) if text.strip() else None for text in (accepted, rejected))
    message = Message(encoding=sample.encoding, root=sample.root, rows=tuple(work.rows))
    posting = Posting(
        lead=message,
        tables=work.tables,
        headers=headers,
        query=query,
        auth=auth,
        rules=guess_rules(yes, no),
        reads=guess_reads(yes, no),
    )
    posting, dropped = _drop_faults(posting)
    todo = [*_tell_secrets(posting), *work.todo, *dropped, *_judge_rules(posting, yes, no), *_tell_sample(sample)]
    return Draft(posting, address, tuple(todo))


def _list_given(sample: Sample, work: _Work) -> Iterator[Given]:
    """Their fields, each name once: of several under one name the map can send one."""
    seen: set[str] = set()
    for given in sample.given[:MOST_ROWS]:
        if given.name not in seen:
            yield given
        else:
            work.todo.append(
                say("%(name)s stands there more than once. Only the first is in the map.", name=given.name)
            )
        seen.add(given.name)
    if len(sample.given) > MOST_ROWS:
        work.todo.append(say("Only the first %(number)s fields are in the map.", number=MOST_ROWS))


def _add_row(work: _Work, given: Given) -> None:
    guess, todo = _guess(given)
    work.rows.append(Row(name=given.name[:200], value=guess.value, kind=given.kind))
    for name, table in guess.tables.items():
        work.tables.setdefault(name, table)
    if todo is not None:
        work.todo.append(todo)


def _guess(given: Given) -> tuple[Guess, Said | None]:
    """What is sent under their name, and what to look at."""
    name = given.name
    if name.rpartition(".")[2].startswith(f"{ATTRIBUTE}xmlns"):
        return Guess(given.text), None
    if is_secret(name):
        return Guess(f"{{{{ secret.{name_secret(name)} }}}}"), None
    if asks_whether_to_call(name):
        words = say("%(name)s says whether the prospect agreed to calls. Check both words in may_call.", name=name)
        return guess_permission(given.text), words
    if ours := find_field(name) or recognize(given.text):
        guess = guess_value(ours, given.text, given.kind)
        return guess, _tell_doubt(guess, name)
    if is_personal(name):
        return Guess(""), say("%(name)s is about the prospect, and we have no such field. It is sent empty.", name=name)
    if is_placeholder(given.text):
        return Guess(""), say("%(name)s is unknown here, and the sample has no value. Say what to send.", name=name)
    text = given.text[:MOST_VALUE].replace("{{", "{ {").replace("}}", "} }")
    words = say("%(name)s is unknown here. It is sent as in the sample for every lead. Is that right?", name=name)
    return Guess(text), words


def _tell_doubt(guess: Guess, name: str) -> Said | None:
    match guess.doubt:
        case "programs":
            return say("%(name)s: name their code of each program in programs. * stands for all others.", name=name)
        case "codes":
            return say("%(name)s: check their word for each of ours in its table, and replace TODO.", name=name)
        case "state":
            return say("%(name)s: they seem to take the state in words. We send two letters.", name=name)
        case "date":
            return say("%(name)s: their form of the date was not recognized. Add a format.", name=name)
        case "number":
            return say("%(name)s: as a number, a ZIP code loses its first 0. Ask whether text is taken.", name=name)
    return None


def _draft_headers(sample: Sample) -> tuple[tuple[Pair, ...], Auth]:
    auth = Auth(kind=AuthKind.basic, user=sample.user[:200]) if sample.user is not None else Auth()
    pairs = []
    for name, value in sample.headers:
        if name.lower() == "authorization":
            auth = _read_authorization(value) or auth
        elif name.lower() not in _USUAL:
            secret = is_secret(name) or len(value) > 20
            pairs.append(Pair(name=name[:200], value=f"{{{{ secret.{name_secret(name)} }}}}" if secret else value))
    return tuple(pairs[:MOST_ROWS]), auth


def _read_authorization(value: str) -> Auth | None:
    kind, _, rest = value.partition(" ")
    if kind.lower() == "bearer":
        return Auth(kind=AuthKind.bearer)
    if kind.lower() != "basic":
        return None
    try:
        user = base64.b64decode(rest, validate=True).decode().partition(":")[0]
    except ValueError:
        user = ""
    return Auth(kind=AuthKind.basic, user=user[:200])


def _split_address(address: str) -> tuple[str, tuple[Pair, ...]]:
    """The address without what lets somebody in, and that as a part of the map."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ()
    pairs: Pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
    hidden = tuple(
        Pair(name=name, value=f"{{{{ secret.{name_secret(name)} }}}}") for name, _ in pairs if is_secret(name)
    )
    open_pairs = "&".join(f"{name}={value}" for name, value in pairs if not is_secret(name))
    return parts._replace(query=open_pairs, fragment="").geturl(), hidden[:MOST_ROWS]


def _drop_faults(posting: Posting) -> tuple[Posting, list[Said]]:
    """The map without rows, headers and rules that it could not be kept with."""
    todo: list[Said] = []
    while faults := find_faults(posting, list_used_secrets(posting)):
        where, todo = faults[0].where, [*todo, faults[0].words]
        data = posting.model_dump()
        part = data["lead"]["rows"] if where[:2] == ("lead", "rows") else data.get(str(where[0]))
        number = where[2] if where[:2] == ("lead", "rows") and len(where) > 2 else where[1] if len(where) > 1 else None
        if where == ("lead", "root"):
            data["lead"]["root"] = "lead"
        elif isinstance(number, int) and isinstance(part, list | tuple):
            rest = [each for place, each in enumerate(part) if place != number]
            if where[0] == "lead":
                data["lead"]["rows"] = rest
            else:
                data[str(where[0])] = rest
        elif where[0] == "reads":
            data["reads"][str(where[1])] = None
        else:
            raise DraftError(say("There are no fields in it. Paste a request with the fields that they take."))
        posting = Posting.model_validate(data)
    return posting, [say("Left out: %(why)s", why=words) for words in todo]


def _tell_secrets(posting: Posting) -> Iterator[Said]:
    for secret in sorted(list_used_secrets(posting)):
        yield say("Type the secret %(secret)s in place of null.", secret=secret)


def _judge_rules(posting: Posting, yes: Answered | None, no: Answered | None) -> Iterator[Said]:
    """Whether the rules tell the two answers apart, as they have to."""
    if yes is None and no is None:
        yield say("There are no sample answers, so there are no rules: any 2xx would mean that they have it.")
        return
    for answered, wanted in ((yes, _YES), (no, _NO)):
        try:
            rule = find_rule(posting, answered) if answered else None
        except CarrierError:
            rule = None
        if answered and (rule is None or rule.outcome not in wanted):
            yield say("Nothing tells their two answers apart. Write the rules by hand.")
            return
    if yes is None or no is None:
        yield say("Only one answer was there, so only one rule is: add those for the others.")


def _tell_sample(sample: Sample) -> Iterator[Said]:
    if sample.is_multipart:
        yield say("Their sample is multipart. A map posts plain form fields; ask whether they take that too.")
