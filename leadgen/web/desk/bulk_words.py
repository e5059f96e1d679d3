"""Acts on many lines, in words."""

from collections.abc import Mapping

from leadgen.directory.reasons import RESUME_REASONS
from leadgen.journey.bulk.kinds import JobKind
from leadgen.review.reasons import DECLINE_REASONS, HOLD_REASONS, OTHER, RELEASE_REASONS, TOLD_REASONS
from leadgen.web.desk.worklist_words import JUDGMENT_REASONS, SET_ASIDE_REASONS
from leadgen.web.translate import lazy_gettext

# on the button, and what the finished report says of an item
VERBS = {
    JobKind.release: (lazy_gettext("Release"), lazy_gettext("released")),
    JobKind.hold: (lazy_gettext("Hold"), lazy_gettext("held")),
    JobKind.decline: (lazy_gettext("Decline"), lazy_gettext("declined")),
    JobKind.received: (lazy_gettext("School has it"), lazy_gettext("settled: the school has it")),
    JobKind.not_received: (
        lazy_gettext("School does not have it"),
        lazy_gettext("settled: the school does not have it"),
    ),
    JobKind.send_again: (lazy_gettext("Send again"), lazy_gettext("sent again")),
    JobKind.set_aside: (lazy_gettext("Set aside"), lazy_gettext("set aside")),
    JobKind.resume: (lazy_gettext("Resume"), lazy_gettext("resumed")),
    JobKind.told: (lazy_gettext("I told the school"), lazy_gettext("written down as told")),
    JobKind.judge: (lazy_gettext("Judge"), lazy_gettext("judged")),
    JobKind.undo_release: (lazy_gettext("Take back: release"), lazy_gettext("held again")),
    JobKind.undo_hold: (lazy_gettext("Take back: hold"), lazy_gettext("held as before")),
    JobKind.undo_decline: (lazy_gettext("Take back: decline"), lazy_gettext("held again")),
    JobKind.undo_send_again: (lazy_gettext("Take back: send again"), lazy_gettext("not sent again")),
    JobKind.undo_set_aside: (lazy_gettext("Take back: set aside"), lazy_gettext("back on the worklist")),
    JobKind.undo_judge: (lazy_gettext("Take back: judge"), lazy_gettext("to be judged again")),
}

# what is done, for the page that asks for a yes
MEANINGS = {
    JobKind.release: lazy_gettext(
        "Each school gets the contact details, and the person's request leaves within seconds."
    ),
    JobKind.hold: lazy_gettext("They stay held, for the reason that you choose."),
    JobKind.decline: lazy_gettext("Nobody gets the contact details."),
    JobKind.received: lazy_gettext("They count as delivered."),
    JobKind.not_received: lazy_gettext("They go out again, under the same key."),
    JobKind.send_again: lazy_gettext("They go out again, under the same key."),
    JobKind.set_aside: lazy_gettext("They leave the worklist. Nothing is sent."),
    JobKind.resume: lazy_gettext("What waits there is due at once."),
    JobKind.told: lazy_gettext("It is written down that you told each school of the withdrawal."),
    JobKind.judge: lazy_gettext("Each return is accepted or contested, as the reason says."),
}

_SETTLE = {
    "school_said": lazy_gettext("The school told us"),
    "seen_there": lazy_gettext("We saw it in the school's system"),
    "mail_log": lazy_gettext("The mail server's log shows it"),
}
_AGAIN = {
    "endpoint_mended": lazy_gettext("The school's address or secret was mended"),
    "school_mended": lazy_gettext("The school mended its side"),
    "school_asked": lazy_gettext("The school asked for it again"),
    "relay_mended": lazy_gettext("The mail server was mended"),
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
