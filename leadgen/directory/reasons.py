"""Reasons for which a school, campus, offering or endpoint is put out of use and back. Codes, free of personal data."""

from leadgen.marks import N_

PAUSE_REASONS = {
    "school_wishes": N_("The school asked for it"),
    "too_many_leads": N_("It has more leads than it can answer"),
    "slow_answers": N_("It does not answer the people we send"),
    "complaint": N_("Somebody complained about it"),
    "facts_to_check": N_("What the directory says must be checked"),
    "technical_fault": N_("Its system has a fault"),
    "our_decision": N_("We decided so"),
}
CLOSE_REASONS = {
    "school_wishes": N_("The school asked for it"),
    "went_out_of_business": N_("The school closed for good"),
    "contract_ended": N_("Our agreement ended"),
    "complaint": N_("Somebody complained about it"),
    "our_decision": N_("We decided so"),
}
RETIRE_REASONS = {
    "no_longer_offered": N_("It is no longer offered"),
    "went_out_of_business": N_("It closed for good"),
    "replaced": N_("Something else replaced it"),
    "contract_ended": N_("Our agreement ended"),
    "added_by_mistake": N_("It was added by mistake"),
    "our_decision": N_("We decided so"),
}
RESUME_REASONS = {
    "school_wishes": N_("The school asked for it"),
    "fault_mended": N_("The fault is mended"),
    "facts_checked": N_("What the directory says was checked"),
    "stopped_by_mistake": N_("It was stopped by mistake"),
    "test_passed": N_("A test was accepted"),
    "our_decision": N_("We decided so"),
}
LETTER_REASONS = {
    "school_wishes": N_("The school asked for it"),
    "readers_speak": N_("Whoever reads that mailbox prefers this language"),
    "mail_is_shared": N_("Several people read that mailbox"),
    "nobody_signs_in": N_("Nobody there signs in to the portal"),
    "our_decision": N_("We decided so"),
}
CONFLICT_REASONS = {
    "school_told_us": N_("The school told us so"),
    "mistake_mended": N_("A mistake is mended"),
    "our_decision": N_("We decided so"),
}
MAP_REASONS = {
    "first_map": N_("It is the first map of this endpoint"),
    "system_changed": N_("The school’s system takes it another way now"),
    "mistake_mended": N_("A mistake is mended"),
    "key_renewed": N_("A key or password is new"),
    "school_wishes": N_("The school asked for it"),
    "our_decision": N_("We decided so"),
}

BY_VERB = {
    "pause": PAUSE_REASONS,
    "close": CLOSE_REASONS,
    "retire": RETIRE_REASONS,
    "resume": RESUME_REASONS,
    "map": MAP_REASONS,
    "letters": LETTER_REASONS,
    "conflict": CONFLICT_REASONS,
}
STANDING_REASONS: dict[str, str] = {code: words for reasons in BY_VERB.values() for code, words in reasons.items()}


def list_reasons(verb: str) -> dict[str, str]:
    """The reasons for one of the verbs, for templates."""
    return BY_VERB[verb]
