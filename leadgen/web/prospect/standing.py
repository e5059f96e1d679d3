"""How a request stands at each school, and what happened so far, in words for the prospect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from leadgen.letters.kinds import FULL
from leadgen.marks import N_
from leadgen.models import About, Consent, Delivery, Disposition, Event, Inquiry, Lead, Outcome, State
from leadgen.web.translate import gettext, lazy_gettext


class Stage(StrEnum):
    """Where a request to one school stands. The value is what she reads."""

    held = N_("Being looked at")
    declined = N_("Not sent")
    on_its_way = N_("On its way")
    unclear = N_("Not sure yet")
    sent = N_("Sent")
    confirmed = N_("Confirmed")
    returned = N_("Returned")
    failed = N_("Could not be sent")
    withdrawn = N_("Withdrawn")


TONES = {
    Stage.held: "warn",
    Stage.unclear: "warn",
    Stage.sent: "ok",
    Stage.confirmed: "ok",
    Stage.returned: "warn",
    Stage.failed: "bad",
    Stage.declined: "bad",
}
SENTENCES = {
    Stage.held: lazy_gettext("A person on our staff looks at this first. The school does not have your details."),
    Stage.declined: lazy_gettext("We decided not to send this request. The school does not have your details from us."),
    Stage.on_its_way: lazy_gettext("Your details are about to go to the school."),
    Stage.unclear: lazy_gettext(
        "We sent your details and got no clear answer. Our staff is finding out if they arrived."
    ),
    Stage.sent: lazy_gettext("The school has your details and may contact you in the ways that you ticked."),
    Stage.confirmed: lazy_gettext("The school has told us that it has your request."),
    Stage.returned: lazy_gettext("The school gave your request back to us. Do not wait to hear from it."),
    Stage.failed: lazy_gettext("The school could not take your request. You may want to contact it yourself."),
    Stage.withdrawn: lazy_gettext("The school may no longer contact you because of this request."),
}


@dataclass(frozen=True)
class Step:
    """One line of a timeline."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Standing:
    """One school of a request. ``number`` counts the schools from 1 and names none."""

    number: int
    school_id: str
    name: str
    stage: Stage
    tone: str
    sentence: str
    can_withdraw: bool
    steps: list[Step]


def list_standings(inquiry: Inquiry, events: Sequence[Event]) -> list[Standing]:
    """One standing for each school she agreed to, in the order of her list."""
    leads = {lead.school_id: lead for lead in inquiry.leads}
    choices = {choice.school_id: choice for choice in inquiry.choices}
    standings = []
    for number, consent in enumerate(inquiry.consents, 1):
        choice = choices[consent.school_id]
        stage = find_stage(consent, choice.outcome, leads.get(consent.school_id))
        standings.append(
            Standing(
                number=number,
                school_id=consent.school_id,
                name=choice.school.name,
                stage=stage,
                tone=TONES.get(stage, "calm"),
                sentence=SENTENCES[stage],
                can_withdraw=consent.withdrawn_at is None,
                steps=list_steps(events, consent.school_id),
            )
        )
    return standings


def find_stage(consent: Consent, outcome: Outcome | None, lead: Lead | None) -> Stage:
    """The stage of one school's part of a request."""
    if consent.withdrawn_at is not None:
        return Stage.withdrawn
    if lead is None:
        return Stage.declined if outcome is Outcome.decline else Stage.held
    if lead.disposition is not None:
        return Stage.returned if lead.disposition is Disposition.returned else Stage.confirmed
    return _find_carried([delivery for delivery in lead.deliveries if delivery.about is About.lead])


def _find_carried(deliveries: Sequence[Delivery]) -> Stage:
    states = {delivery.state for delivery in deliveries}
    if State.delivered in states:
        return Stage.sent
    if State.uncertain in states:
        return Stage.unclear
    if states and states <= {State.failed, State.cancelled}:
        return Stage.failed
    return Stage.on_its_way


# the lines of an inquiry's history that mean something to her; the others are our own affair
RECEIVED = "inquiry.received"
WORDS = {
    "choice.held": lazy_gettext("Our staff look at your request before it goes out"),
    "choice.declined": lazy_gettext("We decided not to send it"),
    "lead.released": lazy_gettext("Cleared to go to the school"),
    "delivery.uncertain": lazy_gettext("Sent, without a clear answer from the school"),
    "delivery.resolved_received": lazy_gettext("Our staff found that your details reached the school"),
    "lead.accepted": lazy_gettext("The school accepted it"),
    "contact.opened": lazy_gettext("The school opened it"),
    "lead.contacted": lazy_gettext("The school says that it reached you"),
    "lead.unreachable": lazy_gettext("The school says that it could not reach you with what you gave"),
    "lead.appointment": lazy_gettext("The school says that you have an appointment"),
    "lead.applied": lazy_gettext("The school says that you applied"),
    "lead.enrolled": lazy_gettext("The school says that you enrolled"),
    "lead.not_interested": lazy_gettext("The school says that you are not interested now"),
    "lead.returned": lazy_gettext("The school gave it back to us"),
    "delivery.told_by_hand": lazy_gettext("Our staff told the school"),
    "complaint.made": lazy_gettext("You told us that the school contacts you too often"),
    "consent.changed": lazy_gettext("You changed how the school may contact you"),
    "consent.widened": lazy_gettext("You let the school contact you in one more way"),
    "lead.taken_back": lazy_gettext("We took it back for another look. It had not been sent"),
    "asking.sent": lazy_gettext("We asked you by email whether we may send it"),
    "asking.yes": lazy_gettext("You said yes"),
    "consent.withdrawn": lazy_gettext("Withdrawn. Whatever had not been sent was stopped"),
}
LEAD_WORDS = {
    State.delivered: lazy_gettext("Your details reached the school"),
    State.failed: lazy_gettext("The school could not take it"),
}
FULL_WORDS = lazy_gettext("The school had no room for two days. Nothing was sent there")
# why a school gave it back, in words that blame nobody
RETURN_WORDS = {
    "wrong_number": lazy_gettext("The school gave it back: the number or address did not work for it"),
    "not_eligible": lazy_gettext("The school gave it back: its entry rules ask for something else"),
    "duplicate": lazy_gettext("The school gave it back: it knew you already, and may contact you because of that"),
    "not_interested": lazy_gettext("The school gave it back: it understood that you are not interested now"),
    "outside_area": lazy_gettext("The school gave it back: it does not teach where you live"),
}
NOTICE_WORDS = {
    About.withdrawal: lazy_gettext("The school was told that you withdrew"),
    About.change: lazy_gettext("The school was told what you changed"),
}


def list_steps(events: Iterable[Event], school_id: str) -> list[Step]:
    """The timeline of one school, oldest first."""
    steps = [Step(event.happened_at, words) for event in events if (words := _word(event, school_id))]
    # several endpoints of one school tell the same thing: it is said once, when it was first so
    first: dict[str, Step] = {}
    for step in steps:
        first.setdefault(step.words, step)
    return list(first.values())


def _word(event: Event, school_id: str) -> str | None:
    if event.kind == RECEIVED:
        # a school that she was asked about later was no part of it
        return gettext("You sent your request") if school_id in event.data.get("consents", [school_id]) else None
    if event.data.get("school") != school_id:
        return None
    subject, _, state = event.kind.partition(".")
    about = event.data.get("about", About.lead)
    if subject == "delivery" and state in (State.delivered, State.failed):
        return _word_delivered(About(about), State(state))
    if event.kind == "lead.returned" and (words := RETURN_WORDS.get(event.data.get("reason", ""))):
        return str(words)
    if event.kind == "delivery.told_by_hand":
        about = About.lead
    if event.kind == "delivery.cancelled" and event.data.get("reason") == FULL:
        return str(FULL_WORDS)
    return WORDS.get(event.kind) if about == About.lead else None


def _word_delivered(about: About, state: State) -> str | None:
    if about is About.lead:
        return LEAD_WORDS.get(state)
    return NOTICE_WORDS.get(about) if state is State.delivered else None
