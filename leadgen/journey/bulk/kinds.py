"""What can be done to many lines at once, in which bin, by whom, and what takes it back."""

from enum import StrEnum

from leadgen.accounts.roles import Permission
from leadgen.review.wanted import Bin


class JobKind(StrEnum):
    """The acts. Those that begin with ``undo`` take back what the job after which they are named did."""

    release = "release"
    hold = "hold"
    decline = "decline"
    received = "received"
    not_received = "not_received"
    send_again = "send_again"
    set_aside = "set_aside"
    resume = "resume"
    told = "told"
    judge = "judge"
    undo_release = "undo_release"
    undo_hold = "undo_hold"
    undo_decline = "undo_decline"
    undo_send_again = "undo_send_again"
    undo_set_aside = "undo_set_aside"
    undo_judge = "undo_judge"


# the first of each bin is what is done most
ACTS = {
    Bin.held: (JobKind.release, JobKind.hold, JobKind.decline),
    Bin.uncertain: (JobKind.received, JobKind.not_received),
    Bin.failed: (JobKind.send_again, JobKind.set_aside),
    Bin.endpoints: (JobKind.resume,),
    Bin.withdrawals: (JobKind.told,),
    Bin.changes: (JobKind.told,),
    Bin.returns: (JobKind.judge,),
}
_DECISIONS = {JobKind.release, JobKind.hold, JobKind.decline, JobKind.judge}
UNDO = {kind: JobKind(f"undo_{kind}") for kind in JobKind if f"undo_{kind}" in list(JobKind)}


def find_permission(kind: JobKind) -> Permission:
    """What the act asks for, in bulk as one by one."""
    done = next((each for each, undo in UNDO.items() if undo is kind), kind)
    return Permission.decide if done in _DECISIONS else Permission.carry
