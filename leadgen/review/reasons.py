"""Why staff act as they do: a code, which histories may hold, and words of their own, which are sealed."""

from dataclasses import dataclass

OTHER = "other"
CHECKED = "checked"


@dataclass(frozen=True)
class Reason:
    """A code from one of the lists below; ``words`` may name the person, so they are sealed with the contact."""

    code: str
    words: str = ""


_ANOTHER = {OTHER: "Another reason"}

RELEASE_REASONS: dict[str, str] = {
    CHECKED: "Looked at, nothing wrong",
    "confirmed": "The person confirmed it to us",
    "another_person": "Not the person we had before",
    "asked_again": "The person asked for it again",
    **_ANOTHER,
}
HOLD_REASONS: dict[str, str] = {
    "ask_person": "We ask the person first",
    "ask_school": "We ask the school first",
    "second_look": "A colleague should look too",
    "by_mistake": "It was decided by mistake",
    **_ANOTHER,
}
DECLINE_REASONS: dict[str, str] = {
    "not_genuine": "Not a real request",
    "not_reachable": "The email address or phone number does not work",
    "has_it": "The school has this request already",
    "not_eligible": "Does not meet the entry rules",
    "asked_not_to": "The person asked us not to send it",
    **_ANOTHER,
}
WITHDRAW_REASONS: dict[str, str] = {
    "wrote_to_us": "The person wrote to us",
    "called_us": "The person called us",
    "told_school": "The person told the school",
    **_ANOTHER,
}

LINK_REASONS: dict[str, str] = {
    "same_person": "The same person wrote twice",
    "sent_twice": "The same request was sent twice",
    **_ANOTHER,
}
UNLINK_REASONS: dict[str, str] = {
    "by_mistake": "It was decided by mistake",
    "two_people": "They are two people",
    **_ANOTHER,
}
ASK_REASONS: dict[str, str] = {
    "wants_more": "The person asked for more schools",
    "school_full": "A school on the list was full",
    "not_taken": "A school did not take the request",
    "few_fit": "Few schools on the list fit",
    "fits_now": "The school fits, and came later",
    **_ANOTHER,
}

TOLD_REASONS: dict[str, str] = {
    "called_school": "We called the school",
    "wrote_school": "We wrote to the school",
    "school_knew": "The school knew it from the person",
    **_ANOTHER,
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
}
