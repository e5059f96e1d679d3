"""What a job would do to these lines, and which of them it would skip and why. Reads, and changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.journey.bulk.kinds import JobKind
from leadgen.journey.bulk.plan_carried import plan_carried
from leadgen.journey.bulk.plan_held import plan_held
from leadgen.journey.bulk.plan_others import plan_endpoints, plan_returns, plan_untold
from leadgen.review.claims import find_holders, say_holder
from leadgen.review.jobs import Planned
from leadgen.review.wanted import Bin, Wanted
from leadgen.review.worklist import select_lines

MOST_LINES = 2_000


@dataclass(frozen=True)
class Plan:
    """What would be done, what would be skipped, and how many lines were left out because they are too many."""

    items: list[Planned]
    left_out: int = 0

    @property
    def doing(self) -> list[Planned]:
        return [item for item in self.items if not item.obstacle]

    @property
    def skipping(self) -> list[Planned]:
        return [item for item in self.items if item.obstacle]


# by bin: what becomes of lines, and under which claim each item stands
Planner = Callable[[Session, JobKind, Wanted, Sequence[str]], list[tuple[Planned, str]]]
_PLANNERS: Mapping[Bin, Planner] = {
    Bin.held: plan_held,
    Bin.uncertain: plan_carried,
    Bin.failed: plan_carried,
    Bin.endpoints: plan_endpoints,
    Bin.withdrawals: plan_untold,
    Bin.changes: plan_untold,
    Bin.returns: plan_returns,
}


def plan_job(session: Session, kind: JobKind, wanted: Wanted, keys: Sequence[str], user_id: int) -> Plan:
    """The plan for these lines. Lines that a colleague works on are skipped too."""
    taken = list(dict.fromkeys(keys))[:MOST_LINES]
    found = _PLANNERS[wanted.bin](session, kind, wanted, taken)
    holders = find_holders(session, {claim for _, claim in found})
    others = {claim: say_holder(holder) for claim, holder in holders.items() if holder.user_id != user_id}
    items = [_skip(item, others.get(claim)) for item, claim in found]
    return Plan(items, len(set(keys)) - len(taken))


def list_keys(session: Session, wanted: Wanted) -> list[str]:
    """The keys of all lines that are wanted, in their order."""
    line = select_lines(wanted, now(session)).subquery()
    return list(session.scalars(select(line.c.key)))


def _skip(item: Planned, obstacle: str | None) -> Planned:
    if item.obstacle or not obstacle:
        return item
    return Planned(item.subject, item.label, item.reference, obstacle)
