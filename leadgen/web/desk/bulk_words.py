"""Acts on many lines, in words."""

from collections.abc import Mapping

from leadgen.directory.reasons import RESUME_REASONS
from leadgen.journey.bulk.kinds import JobKind
from leadgen.review.reasons import DECLINE_REASONS, HOLD_REASONS, OTHER, RELEASE_REASONS, TOLD_REASONS
from leadgen.web.desk.worklist_words import JUDGMENT_REASONS, SET_ASIDE_REASONS

# on the button, and what the finished report says of an item
VERBS = {
    JobKind.release: ("Release", "released"),
    JobKind.hold: ("Hold", "held"),
    JobKind.decline: ("Decline", "declined"),
    JobKind.received: ("School has it", "settled: the school has it"),
    JobKind.not_received: ("School does not have it", "settled: the school does not have it"),
    JobKind.send_again: ("Send again", "sent again"),
    JobKind.set_aside: ("Set aside", "set aside"),
    JobKind.resume: ("Resume", "resumed"),
    JobKind.told: ("I told the school", "written down as told"),
    JobKind.judge: ("Judge", "judged"),
    JobKind.undo_release: ("Take back: release", "held again"),
    JobKind.undo_hold: ("Take back: hold", "held as before"),
    JobKind.undo_decline: ("Take back: decline", "held again"),
    JobKind.undo_send_again: ("Take back: send again", "not sent again"),
    JobKind.undo_set_aside: ("Take back: set aside", "back on the worklist"),
    JobKind.undo_judge: ("Take back: judge", "to be judged again"),
}

# what is done, for the page that asks for a yes
MEANINGS = {
    JobKind.release: "Each school gets the contact details, and the person's request leaves within seconds.",
    JobKind.hold: "They stay held, for the reason that you choose.",
    JobKind.decline: "Nobody gets the contact details.",
    JobKind.received: "They count as delivered.",
    JobKind.not_received: "They go out again, under the same key.",
    JobKind.send_again: "They go out again, under the same key.",
    JobKind.set_aside: "They leave the worklist. Nothing is sent.",
    JobKind.resume: "What waits there is due at once.",
    JobKind.told: "It is written down that you told each school of the withdrawal.",
    JobKind.judge: "Each return is accepted or contested, as the reason says.",
}

_SETTLE = {
    "school_said": "The school told us",
    "seen_there": "We saw it in the school's system",
    "mail_log": "The mail server's log shows it",
}
_AGAIN = {
    "endpoint_mended": "The school's address or secret was mended",
    "school_mended": "The school mended its side",
    "school_asked": "The school asked for it again",
    "relay_mended": "The mail server was mended",
}


def list_reasons(kind: JobKind) -> Mapping[str, Mapping[str, str]]:
    """The reasons to choose from, by heading; none where the act needs none. A reason in own words is not among them:
    it is sealed with one person's data."""
    return _REASONS.get(kind, {})


def _without_other(reasons: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    return {"": {code: words for code, words in reasons.items() if code != OTHER}}


_REASONS: Mapping[JobKind, Mapping[str, Mapping[str, str]]] = {
    JobKind.release: _without_other(RELEASE_REASONS),
    JobKind.hold: _without_other(HOLD_REASONS),
    JobKind.decline: _without_other(DECLINE_REASONS),
    JobKind.received: {"": _SETTLE},
    JobKind.not_received: {"": _SETTLE},
    JobKind.send_again: {"": _AGAIN},
    JobKind.set_aside: {"": SET_ASIDE_REASONS},
    JobKind.resume: {"": RESUME_REASONS},
    JobKind.told: _without_other(TOLD_REASONS),
    JobKind.judge: JUDGMENT_REASONS,
}
