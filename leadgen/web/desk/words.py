"""Codes as the desk reads them: bins, reasons, kinds of events."""

from typing import Any

from flask import Flask

from leadgen.directory.reasons import STANDING_REASONS
from leadgen.intake.screening import FLAG_WORDS
from leadgen.models import Event
from leadgen.review.reasons import STAFF_REASONS
from leadgen.review.worklist import Bin
from leadgen.web import account_words
from leadgen.web.desk import worklist_words
from leadgen.web.desk.rooms.words import tell_changes

BIN_WORDS = {
    Bin.held: ("Held for review", "Inquiries in which a choice waits for your verdict."),
    Bin.uncertain: ("Uncertain", "Sent, but no answer says whether it arrived. Ask the school, then settle it."),
    Bin.failed: ("Failed", "Given up after a clear no. Mend the cause, then send again."),
    Bin.endpoints: ("Endpoints", "Schools that cannot receive: broken, paused while something waits, or at their cap."),
    Bin.withdrawals: (
        "Withdrawals",
        "Consent was withdrawn, and the school has not taken our notice, or takes none: then tell it yourself.",
    ),
    Bin.returns: ("Returns", "Leads that schools gave back. Say whether the return is right."),
}

SETTLE_REASONS = {
    "school_said": "The school told us",
    "seen_there": "We saw it in the school's system",
    "mail_log": "The mail server's log shows it",
    "answer_shows": "The answer we got shows it",
}
REDELIVER_REASONS = {
    "endpoint_mended": "The school's address or secret was mended",
    "school_mended": "The school mended its side",
    "school_asked": "The school asked for it again",
}

RESEND_REASONS = {
    "relay_mended": "The mail server was mended",
    "asked_again": "The person asked for it again",
    "did_not_come": "It did not arrive",
}

REASON_WORDS: dict[str, str] = {
    **{str(flag): words for flag, words in FLAG_WORDS.items()},
    **SETTLE_REASONS,
    **REDELIVER_REASONS,
    **RESEND_REASONS,
    **account_words.REASON_WORDS,
    **STANDING_REASONS,
    **STAFF_REASONS,
    "staff": "Decided by staff",
    "withdrawn": "Consent was withdrawn",
    "never_sent": "It never left",
    "by_hand": "Told by staff",
    "too_old": "Older than 30 days",
    "cap": "The school's cap is reached",
    "circuit_open": "The endpoint rests after failures in a row",
    "school_paused": "The school is paused",
    "school_closed": "The school is closed",
    "endpoint_paused": "The endpoint is paused",
    "endpoint_broken": "The endpoint is broken",
    "endpoint_testing": "The endpoint is being tested",
    "endpoint_retired": "The endpoint is no longer used",
    "after_its_lead": "Waits for its lead",
    "wrong_number": "Wrong number or address",
    "duplicate": "The school knew this person already",
    "not_interested": "Not interested",
    "outside_area": "Outside the school's area",
    **worklist_words.REASON_WORDS,
}

EVENT_WORDS = {
    "inquiry.received": "Inquiry received",
    "choice.held": "Choice held",
    "choice.released": "Choice released",
    "choice.declined": "Choice declined",
    "lead.released": "Lead released",
    "lead.taken_back": "Release taken back",
    "lead.accepted": "Accepted by the school",
    "lead.returned": "Returned by the school",
    "consent.withdrawn": "Consent withdrawn",
    "contact.revealed": "Contact details shown",
    "contact.opened": "Contact details opened by the school",
    "parcel.revealed": "Parcel shown",
    "note.added": "Note added",
    "duplicate.linked": "Linked as a duplicate",
    "duplicate.unlinked": "Link to a duplicate taken back",
    "asking.sent": "Asked about another school",
    "asking.yes": "The person said yes to another school",
    "asking.no": "The person said no to another school",
    "asking.ended": "Asking ended without an answer",
    "delivery.delivered": "Delivered",
    "delivery.retry": "Not delivered, tried again later",
    "delivery.uncertain": "Uncertain whether it arrived",
    "delivery.failed": "Delivery failed",
    "delivery.held": "Delivery held",
    "delivery.pending": "Delivery waits",
    "delivery.cancelled": "Delivery cancelled",
    "delivery.late_answer": "An answer came after it was settled",
    "delivery.resolved_received": "Settled: the school has it",
    "delivery.resolved_not_received": "Settled: the school does not have it",
    "delivery.redelivered": "Sent again by staff",
    "letter.resent": "Letter sent again by staff",
    "delivery.told_by_hand": "School told by staff",
    "endpoint.broken": "Endpoint broken",
    "endpoint.paused": "Endpoint paused",
    "endpoint.resumed": "Endpoint resumed",
    "endpoint.live": "Endpoint taken into use after its test",
    "endpoint.tested": "Endpoint tested",
    "school.given_back": "School given back to the file",
    "campus.given_back": "Campus given back to the file",
    "offering.given_back": "Offering given back to the file",
    **worklist_words.EVENT_WORDS,
    "endpoint.secret_made": "Signing secret made",
    "endpoint.secret_rotated": "Signing secret replaced",
    "endpoint.demo": "Put out of use for the demo",
    **account_words.EVENT_WORDS,
}

ACTOR_WORDS = {
    "prospect": "the prospect",
    "stranger": "somebody not signed in",
    "rule:screening": "screening",
    "worker": "the worker",
    "sweeper": "the sweeper",
    "cli": "the command line",
    "directory": "the directory import",
    "system": "the system",
    "demo": "the demo",
    "demo:staff": "staff (demo)",
    "demo:school": "the school (demo)",
}


# numbers of rows, which mean nothing on a page
NOT_SHOWN = {"delivery", "deliveries", "endpoint", "reference"}
# what a change of the directory holds, which has words of its own
TOLD_APART = {"fields", "changes"}


def register(app: Flask) -> None:
    """Give the desk's templates the filters `reason`, `event_title`, `event_facts` and `actor`."""
    app.add_template_filter(word_reason, "reason")
    app.add_template_filter(word_event, "event_title")
    app.add_template_filter(list_facts, "event_facts")
    app.add_template_filter(word_actor, "actor")


def word_reason(code: str | None) -> str:
    """A reason in words; what is no code (an answer of a server) stays as it is."""
    if not code:
        return ""
    if code.startswith("spent: "):
        return f"Every try was used; the last one: {code.removeprefix('spent: ')}"
    return REASON_WORDS.get(code, code[:1].upper() + code[1:].replace("_", " "))


def word_event(event: Event) -> str:
    """What happened, as a headline."""
    return EVENT_WORDS.get(event.kind) or event.kind.replace(".", " ").replace("_", " ").capitalize()


def list_facts(event: Event, schools: dict[str, str]) -> list[tuple[str, str]]:
    """The facts of an event as pairs of a name and words, without what is empty or only numbers a row.

    ``schools`` gives the name of a school by its id."""
    shown = (
        (name, value)
        for name, value in event.data.items()
        if name not in NOT_SHOWN | TOLD_APART and value not in (None, [], "", event.subject_id)
    )
    facts = [(name.replace("_", " "), _word_fact(name, value, schools)) for name, value in shown]
    return facts + tell_changes(event)


def word_actor(actor: str, users: dict[str, str]) -> str:
    """Who did it: a user's e-mail address, or the part of the system."""
    return users.get(actor) or ACTOR_WORDS.get(actor, actor)


def _word_fact(name: str, value: Any, schools: dict[str, str]) -> str:
    words = [str(each) for each in (value if isinstance(value, list) else [value])]
    if name in ("reason", "reasons"):
        return ", ".join(word_reason(word) for word in words)
    return ", ".join(schools.get(word) or account_words.FACT_WORDS.get(word, word) for word in words)
