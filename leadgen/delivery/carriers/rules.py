"""What an answer means by the rules of a map: the first rule whose conditions all hold decides. Pure.

Where no rule fits, the table for every post decides (carriers.outcome), with one difference: a 2xx that none of the
rules knows is ``Unknown``, since a system for which rules were needed says no with a 200 too, and nobody guesses.

A school's own reason may repeat what we sent. It goes before the text of the answer, which is sealed; what is written
down in the clear are the words of the rule.
"""

import re
from decimal import Decimal, InvalidOperation

from leadgen.delivery.carriers.answered import Answered, read_pattern
from leadgen.delivery.carriers.contract import (
    ANSWER_BYTES,
    Answer,
    CarrierError,
    DefiniteNo,
    Misconfigured,
    PermanentNo,
    Unknown,
)
from leadgen.delivery.carriers.outcome import clean_reference, judge, parse_retry_after
from leadgen.delivery.carriers.reader import Response
from leadgen.delivery.posting.model import Condition, Look, Outcome, Posting, PriceIn, Rule, Test

MOST_CENTS = 10_000_000
_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_STATUS = re.compile(r"([1-5])xx|(\d{3})(?:-(\d{3}))?")

REASONS = {
    Outcome.rejected: "the school's system refused it",
    Outcome.later: "the school's system asks us to try later",
    Outcome.wrong_settings: "the school's system does not take posts as they are set up",
}
NO_RULE = "the answer fits none of the rules"


def judge_by_rules(response: Response, posting: Posting, *, conflict_means_received: bool, now: float) -> Answer:
    """The answer, where the other side has the parcel; else raises the CarrierError that says what to do next."""
    answered = Answered(response)
    rule = find_rule(posting, answered)
    if rule is None:
        if posting.rules and 200 <= response.status < 300:
            raise Unknown(NO_RULE, status=str(response.status), text=response.text)
        answer = judge(response, conflict_means_received=conflict_means_received, now=now)
        return Answer(answer.status, answer.text, read_reference(posting, answered) or answer.reference)
    number = posting.rules.index(rule) + 1
    if rule.outcome in (Outcome.accepted, Outcome.duplicate):
        return Answer(
            str(response.status),
            _write_text(posting, answered),
            read_reference(posting, answered),
            receipt=rule.outcome.value,
            price_cents=read_price(posting, answered),
            rule=number,
        )
    error = _make_error(rule, response, _write_text(posting, answered), now)
    error.rule = number
    raise error


def _make_error(rule: Rule, response: Response, text: str, now: float) -> CarrierError:
    status, reason = str(response.status), rule.reason or REASONS[rule.outcome]
    if rule.outcome is Outcome.later:
        wait = parse_retry_after(response.headers.get("retry-after", ""), now)
        return DefiniteNo(reason, status=status, text=text, retry_after=wait)
    return (PermanentNo if rule.outcome is Outcome.rejected else Misconfigured)(reason, status=status, text=text)


def find_rule(posting: Posting, answered: Answered) -> Rule | None:
    """The first rule that fits."""
    return next((rule for rule in posting.rules if all(holds(each, answered) for each in rule.when)), None)


def holds(condition: Condition, answered: Answered) -> bool:
    """Whether a condition holds. Of a body that came only in part, none does."""
    if condition.look in (Look.json, Look.xml, Look.text) and not answered.response.whole:
        return False
    found = answered.find(condition.look, condition.at)
    there = [text for text in found if text.strip()]
    match condition.test:
        case Test.exists:
            return bool(there)
        case Test.missing:
            return not there
        case Test.matches:
            pattern = read_pattern(condition.value)
            return any(pattern.search(text) is not None for text in there)
        case Test.contains:
            return any(condition.value.casefold() in text.casefold() for text in there)
    if condition.look is Look.status:
        equal = any(fits_status(part, int(text)) for text in found for part in condition.value.split(","))
    else:
        equal = any(_fold(condition.value) == _fold(text) for text in there)
    return equal if condition.test is Test.is_ else bool(there) and not equal


def fits_status(words: str, status: int) -> bool:
    """Whether a status is what ``words`` name: ``200``, ``2xx`` or ``200-299``."""
    read = _STATUS.fullmatch(words.strip().lower())
    if read is None:
        return False
    if read[1]:
        return status // 100 == int(read[1])
    return int(read[2]) <= status <= int(read[3] or read[2])


def read_reference(posting: Posting, answered: Answered) -> str | None:
    """Their reference: short, printable, and no address."""
    return clean_reference(answered.pick(posting.reads.reference))


def read_reason(posting: Posting, answered: Answered) -> str:
    """Their reason, in one line. It may repeat what we sent: it is sealed wherever it is kept."""
    return " ".join(answered.pick(posting.reads.reason).split())[: ANSWER_BYTES // 2]


def read_price(posting: Posting, answered: Answered) -> int | None:
    """What they pay, in cents; None where there is no amount, or one that nobody pays."""
    text = answered.pick(posting.reads.price).replace(",", "").strip(" $USDusd")
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        amount = Decimal(text) * (100 if posting.reads.price_in is PriceIn.usd else 1)
    except InvalidOperation:
        return None
    cents = int(amount.to_integral_value())
    return cents if cents <= MOST_CENTS else None


def _write_text(posting: Posting, answered: Answered) -> str:
    reason, text = read_reason(posting, answered), answered.response.text
    return (f"{reason}\n{text}" if reason and not text.startswith(reason) else text)[:ANSWER_BYTES]


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
