"""Reasons for which a school, campus, offering or endpoint is put out of use and back. Codes, free of personal data."""

PAUSE_REASONS = {
    "school_wishes": "The school asked for it",
    "too_many_leads": "It has more leads than it can answer",
    "slow_answers": "It does not answer the people we send",
    "complaint": "Somebody complained about it",
    "facts_to_check": "What the directory says must be checked",
    "technical_fault": "Its system has a fault",
    "our_decision": "We decided so",
}
CLOSE_REASONS = {
    "school_wishes": "The school asked for it",
    "went_out_of_business": "The school closed for good",
    "contract_ended": "Our agreement ended",
    "complaint": "Somebody complained about it",
    "our_decision": "We decided so",
}
RETIRE_REASONS = {
    "no_longer_offered": "It is no longer offered",
    "went_out_of_business": "It closed for good",
    "replaced": "Something else replaced it",
    "contract_ended": "Our agreement ended",
    "added_by_mistake": "It was added by mistake",
    "our_decision": "We decided so",
}
RESUME_REASONS = {
    "school_wishes": "The school asked for it",
    "fault_mended": "The fault is mended",
    "facts_checked": "What the directory says was checked",
    "stopped_by_mistake": "It was stopped by mistake",
    "test_passed": "A test was accepted",
    "our_decision": "We decided so",
}

BY_VERB = {"pause": PAUSE_REASONS, "close": CLOSE_REASONS, "retire": RETIRE_REASONS, "resume": RESUME_REASONS}
STANDING_REASONS = RETIRE_REASONS | CLOSE_REASONS | PAUSE_REASONS | RESUME_REASONS


def list_reasons(verb: str) -> dict[str, str]:
    """The reasons for one of the verbs, for templates."""
    return BY_VERB[verb]
