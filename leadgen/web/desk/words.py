"""Codes as the desk reads them: bins, reasons, kinds of events."""

from typing import Any

from flask import Flask

from leadgen.directory.reasons import STANDING_REASONS
from leadgen.intake.screening import FLAG_WORDS
from leadgen.models import Event
from leadgen.review.reasons import STAFF_REASONS
from leadgen.review.worklist import Bin
from leadgen.web import account_words, inquiry_words
from leadgen.web.desk import bounce_words, directory_words, worklist_words
from leadgen.web.desk.answer_words import word_answer
from leadgen.web.desk.rooms.words import tell_changes
from leadgen.web.names import NAMES
from leadgen.web.translate import gettext, lazy_gettext, name_code, translate

BIN_WORDS = {
    Bin.held: (lazy_gettext("Held for review"), lazy_gettext("Inquiries in which a choice waits for your verdict.")),
    Bin.uncertain: (
        lazy_gettext("Uncertain"),
        lazy_gettext("Sent, but no answer says whether it arrived. Ask the school, then settle it."),
    ),
    Bin.failed: (lazy_gettext("Failed"), lazy_gettext("Given up after a clear no. Mend the cause, then send again.")),
    Bin.endpoints: (
        lazy_gettext("Endpoints"),
        lazy_gettext(
            "Schools that cannot receive: broken, paused or not tested yet while something waits, or at their cap."
        ),
    ),
    Bin.withdrawals: (
        lazy_gettext("Withdrawals"),
        lazy_gettext(
            "Consent was withdrawn, and the school has not taken our notice, or takes none: then tell it yourself."
            " A withdrawal has to be honored within ten business days."
        ),
    ),
    Bin.changes: (
        lazy_gettext("Changes to tell"),
        lazy_gettext(
            "The person changed how a school may reach them, and the school takes no notices from us: tell it yourself."
        ),
    ),
    Bin.returns: (
        lazy_gettext("Returns"),
        lazy_gettext("Leads that schools gave back. Say whether the return is right."),
    ),
}

SETTLE_REASONS = {
    "school_said": lazy_gettext("The school told us"),
    "seen_there": lazy_gettext("We saw it in the school's system"),
    "mail_log": lazy_gettext("The mail server's log shows it"),
    "answer_shows": lazy_gettext("The answer we got shows it"),
}
REDELIVER_REASONS = {
    "endpoint_mended": lazy_gettext("The school's address or secret was mended"),
    "school_mended": lazy_gettext("The school mended its side"),
    "school_asked": lazy_gettext("The school asked for it again"),
}

RESEND_REASONS = {
    "relay_mended": lazy_gettext("The mail server was mended"),
    "asked_again": lazy_gettext("The person asked for it again"),
    "did_not_come": lazy_gettext("It did not arrive"),
}

REASON_WORDS: dict[str, str] = {
    **{str(flag): words for flag, words in FLAG_WORDS.items()},
    **SETTLE_REASONS,
    **REDELIVER_REASONS,
    **RESEND_REASONS,
    **account_words.REASON_WORDS,
    **STANDING_REASONS,
    **STAFF_REASONS,
    "staff": lazy_gettext("Decided by staff"),
    "withdrawn": lazy_gettext("Consent was withdrawn"),
    "never_sent": lazy_gettext("It never left"),
    "by_hand": lazy_gettext("Told by staff"),
    "letter_answered": lazy_gettext("The school answered the letter"),
    "too_old": lazy_gettext("Older than 30 days"),
    "cap": lazy_gettext("The school's cap is reached"),
    "full": lazy_gettext("The school was full for two days"),
    "turn": lazy_gettext("Held leads leave two a second"),
    "circuit_open": lazy_gettext("The endpoint rests after failures in a row"),
    "school_paused": lazy_gettext("The school is paused"),
    "not_open": lazy_gettext("The school is not open at this hour"),
    "school_closed": lazy_gettext("The school is closed"),
    "endpoint_paused": lazy_gettext("The endpoint is paused"),
    "endpoint_broken": lazy_gettext("The endpoint is broken"),
    "endpoint_testing": lazy_gettext("The endpoint is being tested"),
    "endpoint_retired": lazy_gettext("The endpoint is no longer used"),
    "daily_file": lazy_gettext("Waits for the file of the day"),
    "daily_file_without_map": lazy_gettext("Waits until its daily file has a map"),
    "after_its_lead": lazy_gettext("Waits for its lead"),
    "in_flight": lazy_gettext("Waits for others of its school that are being sent"),
    "wrong_number": lazy_gettext("Wrong number or address"),
    "duplicate": lazy_gettext("The school knew this person already"),
    "not_interested": lazy_gettext("Not interested"),
    "outside_area": lazy_gettext("Outside the school's area"),
    **worklist_words.REASON_WORDS,
}

EVENT_WORDS = {
    **inquiry_words.EVENT_WORDS,
    "endpoint.broken": lazy_gettext("Endpoint broken"),
    "endpoint.paused": lazy_gettext("Endpoint paused"),
    "endpoint.resumed": lazy_gettext("Endpoint resumed"),
    "endpoint.live": lazy_gettext("Endpoint taken into use after its test"),
    "endpoint.link_only": lazy_gettext("Letters name nobody and lead to the portal"),
    "endpoint.whole_letters": lazy_gettext("Letters hold the whole lead"),
    "endpoint.in_english": lazy_gettext("Letters are in English"),
    "endpoint.in_spanish": lazy_gettext("Letters are in Spanish"),
    "endpoint.conflict_received": lazy_gettext("Its 409 means that it has the lead"),
    "endpoint.conflict_refused": lazy_gettext("Its 409 means no"),
    "endpoint.tested": lazy_gettext("Endpoint tested"),
    "endpoint.conformance": lazy_gettext("Sent a test twice, to see whether it drops repeats"),
    **directory_words.EVENT_WORDS,
    "endpoint.secret_made": lazy_gettext("Signing secret made"),
    "endpoint.mapped": lazy_gettext("Map changed"),
    "endpoint.secret_rotated": lazy_gettext("Signing secret replaced"),
    "key.made": lazy_gettext("Key for the school’s system made"),
    "key.revoked": lazy_gettext("Key for the school’s system revoked"),
    "endpoint.demo": lazy_gettext("Put out of use for the demo"),
    **account_words.EVENT_WORDS,
}

ACTOR_WORDS = {
    "prospect": lazy_gettext("the prospect"),
    "stranger": lazy_gettext("somebody not signed in"),
    "rule:screening": lazy_gettext("screening"),
    "worker": lazy_gettext("the worker"),
    "sweeper": lazy_gettext("the sweeper"),
    "mail": lazy_gettext("a mail server"),
    "cli": lazy_gettext("the command line"),
    "directory": lazy_gettext("the directory import"),
    "system": lazy_gettext("the system"),
    "demo": lazy_gettext("the demo"),
    "demo:staff": lazy_gettext("staff (demo)"),
    "demo:school": lazy_gettext("the school (demo)"),
    "school:letter": lazy_gettext("the school, by letter"),
}


# numbers of rows, which mean nothing on a page
NOT_SHOWN = {"delivery", "deliveries", "endpoint", "reference", "page"}
# what a change of the directory holds, which has words of its own
TOLD_APART = {"fields", "changes"}


def register(app: Flask) -> None:
    """Give the desk's templates the filters `reason`, `answer`, `event_title`, `event_facts` and `actor`."""
    app.add_template_filter(word_reason, "reason")
    app.add_template_filter(word_answer, "answer")
    app.add_template_filter(word_event, "event_title")
    app.add_template_filter(list_facts, "event_facts")
    app.add_template_filter(word_actor, "actor")


def word_reason(code: str | None) -> str:
    """A reason in words; what is no code of ours (an answer of a server) stays as it is."""
    if not code:
        return ""
    if code.startswith("spent: "):
        return gettext("Every try was used; the last one: %(answer)s", answer=code.removeprefix("spent: "))
    if bounced := bounce_words.word_bounce(code):
        return bounced
    words = REASON_WORDS.get(code)
    if words:
        return translate(words)
    answer = word_answer(code)
    return answer[:1].upper() + answer[1:].replace("_", " ")


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
    facts = [(name_code(name), _word_fact(name, value, schools)) for name, value in shown]
    return facts + tell_changes(event)


def word_actor(actor: str, users: dict[str, str]) -> str:
    """Who did it: a user's e-mail address, or the part of the system."""
    part, _, name = actor.partition(":")
    if part == "cli" and name:
        return f"{ACTOR_WORDS[part]} ({name})"
    return users.get(actor) or ACTOR_WORDS.get(actor, actor)


def _word_fact(name: str, value: Any, schools: dict[str, str]) -> str:
    words = [str(each) for each in (value if isinstance(value, list) else [value])]
    if name in ("reason", "reasons"):
        return ", ".join(word_reason(word) for word in words)
    return ", ".join(str(schools.get(word) or account_words.FACT_WORDS.get(word) or _name(word)) for word in words)


def _name(word: str) -> str:
    """A state or the like by its name; numbers, references and codes of other systems as they are."""
    return name_code(word) if NAMES.get(word) == word else word
