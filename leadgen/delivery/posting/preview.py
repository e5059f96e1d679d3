"""What a map would send for a lead of nobody, and what an answer would mean by its rules. Nothing is sent or kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.delivery.carriers.answered import Answered
from leadgen.delivery.carriers.contract import (
    Answer,
    CarrierError,
    DefiniteNo,
    Misconfigured,
    PermanentNo,
)
from leadgen.delivery.carriers.reader import Response
from leadgen.delivery.carriers.rules import find_rule, judge_by_rules, read_price, read_reason, read_reference
from leadgen.delivery.invented import invent_fields
from leadgen.delivery.posting.model import Outcome, Posting, SheetKind
from leadgen.delivery.posting.request import (
    MASK,
    OpenPosting,
    choose_message,
    write_address,
    write_body,
    write_headers,
    write_row,
)
from leadgen.delivery.posting.sheet import write_sheet
from leadgen.models import Endpoint, EndpointKind

UNKNOWN = "unknown"
_MEANINGS: dict[type[CarrierError], str] = {
    PermanentNo: Outcome.rejected.value,
    DefiniteNo: Outcome.later.value,
    Misconfigured: Outcome.wrong_settings.value,
}


@dataclass(frozen=True)
class Request:
    """A post, or a daily file, as it would go out, its secrets masked."""

    address: str
    headers: tuple[tuple[str, str], ...]
    body: str
    verb: str = "POST"

    def write(self) -> str:
        """The whole of it as text."""
        lines = [f"{self.verb} {self.address}", *(f"{name}: {value}" for name, value in self.headers), "", self.body]
        return "\n".join(lines)


@dataclass(frozen=True)
class Meaning:
    """What an answer would mean: an outcome, or ``unknown``. ``rule`` is the number of the rule that decided, from 1;
    0 where none fitted and the table for every post decided."""

    outcome: str
    rule: int
    words: str
    reference: str | None
    reason: str
    price_cents: int | None


def preview_request(
    session: Session, endpoint: Endpoint, opened: OpenPosting, *, is_lead: bool = True
) -> Request | None:
    """The post of an invented lead, or of the notice that it was withdrawn; None where the map has no notices.

    Raises TemplateError, ShapeError where the map cannot be used."""
    masked = opened.mask()
    if endpoint.kind is EndpointKind.batch:
        return _preview_file(session, endpoint, masked) if is_lead else None
    message = choose_message(masked.posting, is_lead=is_lead)
    if message is None:
        return None
    fields = invent_fields(session, endpoint, now(session), is_lead=is_lead)
    body, content_type = write_body(masked, message, fields)
    headers = _name_headers(masked, content_type, fields)
    address = write_address(masked, message.address or endpoint.address or "", fields)
    return Request(_show_mask(address), headers, _show_mask(body.decode()))


def _preview_file(session: Session, endpoint: Endpoint, masked: OpenPosting) -> Request:
    """A lead and a withdrawal as rows of a CSV file; an Excel file holds the same cells."""
    at = now(session)
    rows = [write_row(masked, invent_fields(session, endpoint, at, is_lead=is_lead)) for is_lead in (True, False)]
    body = write_sheet(SheetKind.csv, [row.name for row in masked.posting.lead.rows], rows).decode("utf-8-sig")
    sheet = masked.posting.batch
    about = (("File", sheet.file.value), ("Goes at", sheet.at)) if sheet else ()
    return Request(endpoint.address or "", about, body.replace("\r\n", "\n"), "SEND TO")


def _show_mask(text: str) -> str:
    """A masked secret as a mask, where the encoding would spell it out."""
    return text.replace(quote(MASK), MASK)


def explain(response: Response, posting: Posting) -> Meaning:
    """What this answer would mean."""
    answered = Answered(response)
    rule = find_rule(posting, answered)
    outcome, words = _judge(response, posting)
    return Meaning(
        outcome,
        posting.rules.index(rule) + 1 if rule else 0,
        words,
        read_reference(posting, answered),
        read_reason(posting, answered),
        read_price(posting, answered),
    )


def _judge(response: Response, posting: Posting) -> tuple[str, str]:
    try:
        answer: Answer = judge_by_rules(response, posting, conflict_means_received=False, now=0)
    except CarrierError as error:
        return next((word for kind, word in _MEANINGS.items() if isinstance(error, kind)), UNKNOWN), error.reason
    return answer.receipt or Outcome.accepted.value, ""


def _name_headers(opened: OpenPosting, content_type: str, fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    theirs = write_headers(opened, fields)
    named = {name.lower() for name, _ in theirs}
    ours = (("Content-Type", content_type), ("Idempotency-Key", fields["key"]))
    return (*(pair for pair in ours if pair[0].lower() not in named), *theirs)
