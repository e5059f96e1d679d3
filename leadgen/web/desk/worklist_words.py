"""The worklist's own words: its filters, orders and reasons."""

from leadgen.dispositions.judge import REASONS_FOR, JudgmentReason
from leadgen.marks import N_
from leadgen.models import Judgment
from leadgen.review.bins.endpoints import UNTESTED
from leadgen.review.wanted import Age, Bin, Sort
from leadgen.web.translate import lazy_gettext

AGE_WORDS = {
    Age.quarter: lazy_gettext("15 minutes"),
    Age.hour: lazy_gettext("1 hour"),
    Age.day: lazy_gettext("1 day"),
    Age.three_days: lazy_gettext("3 days"),
    Age.week: lazy_gettext("7 days"),
}

# the orders that make sense in each bin, beside oldest and newest first
SORTS = {
    Bin.held: (Sort.program, Sort.place),
    Bin.uncertain: (Sort.program, Sort.place, Sort.school, Sort.reason),
    Bin.failed: (Sort.program, Sort.place, Sort.school, Sort.reason),
    Bin.endpoints: (Sort.school, Sort.reason),
    Bin.withdrawals: (Sort.program, Sort.place, Sort.school, Sort.reason),
    Bin.changes: (Sort.program, Sort.place, Sort.school),
    Bin.returns: (Sort.program, Sort.place, Sort.school, Sort.reason),
}

_JUDGMENT_WORDS = {
    JudgmentReason.reason_holds: lazy_gettext("The reason given is right"),
    JudgmentReason.checked_with_her: lazy_gettext("We asked the person, and it is so"),
    JudgmentReason.goodwill: lazy_gettext("As a goodwill"),
    JudgmentReason.reason_does_not_hold: lazy_gettext("The reason given is not right"),
    JudgmentReason.school_never_tried: lazy_gettext("The school did not try to reach the person"),
    JudgmentReason.known_before_release: lazy_gettext("The lead said so, and the school takes such leads"),
}
# by the decision in words: a reason says which of the two it is for
JUDGMENT_REASONS = {
    N_("Accept the return"): {str(code): _JUDGMENT_WORDS[code] for code in REASONS_FOR[Judgment.accepted]},
    N_("Contest it: the lead counts"): {str(code): _JUDGMENT_WORDS[code] for code in REASONS_FOR[Judgment.refused]},
}
SET_ASIDE_REASONS = {
    "told_otherwise": lazy_gettext("The school got it in another way"),
    "no_longer_wanted": lazy_gettext("Nobody wants it any more"),
    "never_will": lazy_gettext("It will never be taken there"),
}
# why what was decided is taken back
PUT_BACK_REASONS = {
    "by_mistake": lazy_gettext("It was decided by mistake"),
    "wanted_after_all": lazy_gettext("Somebody wants it after all"),
    "taken_there_now": lazy_gettext("It can be taken there now"),
}
REOPEN_REASONS = {
    "by_mistake": lazy_gettext("It was decided by mistake"),
    "school_objects": lazy_gettext("The school objects to the judgment"),
    "more_is_known": lazy_gettext("More is known by now"),
}

# where there is little room
SHORT_REASONS = {
    "duplicate_email": lazy_gettext("Same email before"),
    "duplicate_phone": lazy_gettext("Same phone before"),
    "implausible_email": lazy_gettext("Doubtful email"),
    "implausible_phone": lazy_gettext("Doubtful phone"),
    "filled_trap": lazy_gettext("Hidden field filled in"),
    "too_fast": lazy_gettext("Finished too fast"),
    "review_all": lazy_gettext("All are reviewed"),
}

REASON_WORDS: dict[str, str] = {
    **{str(code): words for code, words in _JUDGMENT_WORDS.items()},
    **SET_ASIDE_REASONS,
    **PUT_BACK_REASONS,
    **REOPEN_REASONS,
    UNTESTED: lazy_gettext("Leads wait until a test of it is accepted"),
    "job_taken_back": lazy_gettext("The whole job was taken back"),
    "taken_back": lazy_gettext("It was not sent again after all"),
}
