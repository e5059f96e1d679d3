"""Rules for their answers, guessed from an accepted and a rejected one: by what differs between them. Pure."""

import re
from collections.abc import Mapping, Sequence

from leadgen.delivery.carriers.answered import Answered, PathError, read_json_path, read_xml_path
from leadgen.delivery.posting.draft_names import fold
from leadgen.delivery.posting.draft_sample import flatten_json
from leadgen.delivery.posting.model import Condition, Look, Outcome, Pick, PriceIn, Reads, Rule, Test

# by what systems call it, the surest first
_VERDICTS = ("result", "status", "success", "accepted", "outcome", "disposition", "response", "state", "code", "error")
_REFERENCES = ("leadid", "id", "reference", "referenceid", "confirmation", "confirmationid", "transactionid", "lead",
               "inquiryid", "recordid", "ref", "uuid", "guid", "prospectid")  # fmt: skip
_REASONS = ("reason", "message", "errormessage", "error", "msg", "errors", "description", "detail", "rejectreason")
_PRICES = ("price", "payout", "amount", "bid", "revenue", "cost", "pricecents", "payoutcents", "amountcents")
_DUPLICATE = re.compile(r"duplicate|\bdupe?\b|already (?:exists|in|on|received)", re.IGNORECASE)
_LONGEST = 200

Leaves = Mapping[str, str]


def guess_rules(accepted: Answered | None, rejected: Answered | None) -> tuple[Rule, ...]:
    """The rules by which these two are told from each other; fewer where there is only one."""
    if accepted is None and rejected is None:
        return ()
    yes, no = _find_difference(accepted, rejected)
    no_outcome = Outcome.duplicate if rejected and _DUPLICATE.search(rejected.text) else Outcome.rejected
    pairs = ((Outcome.accepted, yes), (no_outcome, no))
    return tuple(Rule(outcome=outcome, when=(condition,)) for outcome, condition in pairs if condition)


def guess_reads(accepted: Answered | None, rejected: Answered | None) -> Reads:
    """Where their reference and a price stand in a yes, and their reason in a no."""
    yes, no = _list_leaves(accepted), _list_leaves(rejected)
    look = _look_of(accepted) or _look_of(rejected)
    price = _find_named(yes, _PRICES)
    in_cents = price is not None and fold(price).endswith("cents")
    picks = {"reference": _find_named(yes, _REFERENCES), "reason": _find_named(no, _REASONS), "price": price}
    named = {name: Pick(look=look, at=at) for name, at in picks.items() if at is not None and look}
    return Reads(**named, price_in=PriceIn.cents if in_cents else PriceIn.usd)


def _find_difference(accepted: Answered | None, rejected: Answered | None) -> tuple[Condition | None, Condition | None]:
    yes, no, look = _list_leaves(accepted), _list_leaves(rejected), _look_of(accepted) or _look_of(rejected)
    if look is not None:
        at = _find_differing(yes, no, alone=accepted is None or rejected is None)
        if at is not None:
            return _compare(look, at, yes.get(at)), _compare(look, at, no.get(at))
        if (only := _find_only(yes, no)) and accepted is not None and rejected is not None:
            return Condition(look=look, at=only, test=Test.exists), Condition(look=look, at=only, test=Test.missing)
        if (only := _find_only(no, yes)) and accepted is not None and rejected is not None:
            return Condition(look=look, at=only, test=Test.missing), Condition(look=look, at=only, test=Test.exists)
    texts = _find_words(accepted, rejected)
    return texts if any(texts) else (_by_status(accepted, rejected), _by_status(rejected, accepted))


def _find_differing(yes: Leaves, no: Leaves, *, alone: bool) -> str | None:
    """The way to what has another short value in each; where there is one answer alone, to what has a telling name."""
    both = (yes or no) if alone else {at: value for at, value in yes.items() if at in no and no[at] != value}
    shared = [at for at in both if both[at].strip() and (alone or no[at].strip())]
    short = [at for at in shared if len(yes.get(at, "")) <= _LONGEST and len(no.get(at, "")) <= _LONGEST]
    named = _find_named({at: both[at] for at in short}, _VERDICTS)
    if named is not None or alone:
        return named
    told = {*_REFERENCES, *_REASONS, *_PRICES}
    return next((at for at in short if _end(at) not in told), None)


def _find_only(mine: Leaves, other: Leaves) -> str | None:
    return next((at for at, value in mine.items() if at not in other and value.strip()), None)


def _find_named(leaves: Leaves, names: Sequence[str]) -> str | None:
    ends = {at: _end(at) for at, value in leaves.items() if value.strip()}
    return next((at for name in names for at, end in ends.items() if end == name), None)


def _end(at: str) -> str:
    steps = [step for step in re.split(r"[^A-Za-z_-]+", at) if step]
    return fold(steps[-1]) if steps else ""


def _compare(look: Look, at: str, value: str | None) -> Condition | None:
    return None if value is None else Condition(look=look, at=at, test=Test.is_, value=value.strip())


def _find_words(accepted: Answered | None, rejected: Answered | None) -> tuple[Condition | None, Condition | None]:
    """The beginning of each text, where the other does not hold it."""
    yes, no = _first_line(accepted), _first_line(rejected)
    texts = [answered.text.casefold() if answered else "" for answered in (accepted, rejected)]
    is_telling = yes.casefold() not in texts[1] if yes else bool(no)
    is_telling = is_telling and (no.casefold() not in texts[0] if no else True)
    if not is_telling:
        return None, None
    conditions = [Condition(look=Look.text, test=Test.contains, value=line) if line else None for line in (yes, no)]
    return conditions[0], conditions[1]


def _first_line(answered: Answered | None) -> str:
    """The first words of an answer that is plain text; up to a colon or digits, which differ from lead to lead."""
    if answered is None or _look_of(answered) is not None:
        return ""
    line = next((line.strip() for line in answered.text.splitlines() if line.strip()), "")
    return re.split(r"[:;,|=\d]", line, maxsplit=1)[0].strip()[:60] or line[:60]


def _by_status(mine: Answered | None, other: Answered | None) -> Condition | None:
    status = mine.response.status if mine else 0
    if not mine or not other or status == other.response.status:
        return None
    return Condition(look=Look.status, test=Test.is_, value="2xx" if status // 100 == 2 else str(status))


def _look_of(answered: Answered | None) -> Look | None:
    if answered is None:
        return None
    if isinstance(answered.json, dict | list):
        return Look.json
    return Look.xml if answered.xml is not None else None


def _list_leaves(answered: Answered | None) -> dict[str, str]:
    """Each value of an answer by a path that finds it, and none that the rules could not use."""
    match _look_of(answered):
        case Look.json:
            assert answered is not None
            paths = {_write_path(path): (path, text) for path, text, _ in flatten_json(answered.json)}
            found = {at: text.strip('"') for at, (_, text) in paths.items()}
            return {at: text for at, text in found.items() if _is_found(answered, Look.json, at, text)}
        case Look.xml:
            assert answered is not None
            return _list_elements(answered)
    return {}


def _list_elements(answered: Answered) -> dict[str, str]:
    root = answered.xml
    leaves: dict[str, str] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        at = root.getroottree().getpath(element)
        leaves |= {f"{at}/@{name}": value for name, value in element.attrib.items()}
        if not len(element):
            leaves[at] = (element.text or "").strip()
    return {at: text for at, text in leaves.items() if _is_found(answered, Look.xml, at, text)}


def _is_found(answered: Answered, look: Look, at: str, text: str) -> bool:
    """Whether the path is one that a map may have, and leads there."""
    try:
        (read_json_path if look is Look.json else read_xml_path)(at)
        found = [each.strip() for each in answered.find(look, at)]
    except PathError:
        return False
    return (bool(found) and found[0] == text.strip()) or not text.strip()


def _write_path(path: tuple[str, ...]) -> str:
    steps = []
    for step in path:
        plain = re.fullmatch(r"[A-Za-z_]\w*", step, re.ASCII)
        index = re.fullmatch(r"\d{1,4}", step, re.ASCII)
        quoted = step.replace("\\", "\\\\").replace("'", "\\'")
        steps.append(f".{step}" if plain else f"[{step}]" if index else f"['{quoted}']")
    return "$" + "".join(steps)
