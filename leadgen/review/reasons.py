"""Why staff act as they do: a code, which histories may hold, and words of their own, which are sealed."""

from dataclasses import dataclass

from leadgen.marks import N_

OTHER = "other"
CHECKED = "checked"


@dataclass(frozen=True)
class Reason:
    """A code from one of the lists below; ``words`` may name the person, so they are sealed with the contact."""

    code: str
    words: str = ""


_ANOTHER = {OTHER: N_("Another reason")}

RELEASE_REASONS: dict[str, str] = {
    CHECKED: N_("Looked at, nothing wrong"),
    "confirmed": N_("The person confirmed it to us"),
    "another_person": N_("Not the person we had before"),
    "asked_again": N_("The person asked for it again"),
    **_ANOTHER,
}
HOLD_REASONS: dict[str, str] = {
    "ask_person": N_("We ask the person first"),
    "ask_school": N_("We ask the school first"),
    "second_look": N_("A colleague should look too"),
    "by_mistake": N_("It was decided by mistake"),
    **_ANOTHER,
}
DECLINE_REASONS: dict[str, str] = {
    "not_genuine": N_("Not a real request"),
    "not_reachable": N_("The email address or phone number does not work"),
    "has_it": N_("The school has this request already"),
    "not_eligible": N_("Does not meet the entry rules"),
    "asked_not_to": N_("The person asked us not to send it"),
    **_ANOTHER,
}
WITHDRAW_REASONS: dict[str, str] = {
    "wrote_to_us": N_("The person wrote to us"),
    "called_us": N_("The person called us"),
    "told_school": N_("The person told the school"),
    **_ANOTHER,
}

LINK_REASONS: dict[str, str] = {
    "same_person": N_("The same person wrote twice"),
    "sent_twice": N_("The same request was sent twice"),
    **_ANOTHER,
}
UNLINK_REASONS: dict[str, str] = {
    "by_mistake": N_("It was decided by mistake"),
    "two_people": N_("They are two people"),
    **_ANOTHER,
}
ASK_REASONS: dict[str, str] = {
    "wants_more": N_("The person asked for more schools"),
    "school_full": N_("A school on the list was full"),
    "not_taken": N_("A school did not take the request"),
    "few_fit": N_("Few schools on the list fit"),
    "fits_now": N_("The school fits, and came later"),
    **_ANOTHER,
}

TOLD_REASONS: dict[str, str] = {
    "called_school": N_("We called the school"),
    "wrote_school": N_("We wrote to the school"),
    "school_knew": N_("The school knew it from the person"),
    **_ANOTHER,
}

PROOF_REASONS: dict[str, str] = {
    "complaint": N_("A complaint about contact"),
    "school_wants_it": N_("The school asked for it"),
    "person_asked": N_("The person asked to see it"),
    "law": N_("A court or an authority asks for it"),
    "audit": N_("We look whether our records are right"),
}

ERASE_REASONS: dict[str, str] = {
    "wrote_to_us": N_("The person wrote to us"),
    "called_us": N_("The person called us"),
    "not_theirs": N_("Somebody else gave their details"),
    "by_law": N_("A law or an authority asks for it"),
}

STAFF_REASONS: dict[str, str] = {
    **RELEASE_REASONS,
    **HOLD_REASONS,
    **DECLINE_REASONS,
    **WITHDRAW_REASONS,
    **LINK_REASONS,
    **UNLINK_REASONS,
    **ASK_REASONS,
    **TOLD_REASONS,
    **PROOF_REASONS,
    **ERASE_REASONS,
    # of an erasure that nobody decided on
    "asked": N_("The person asked for it on their page"),
    "kept_for_long": N_("Kept for as long as we keep it"),
    "after_restore": N_("Erased before a backup was put back"),
}
