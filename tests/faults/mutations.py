"""``python -m tests.faults.mutations``: break a promise on purpose, one line at a time, and see the tests notice.

Each mutation is made in a copy of the project. Every case that it names has to fail there, and to pass without it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("leadgen", "templates", "tests", "pyproject.toml", "schools.csv", "worker.py", "README.md", "docs")
SECONDS = 1_200


@dataclass(frozen=True)
class Mutation:
    """What is broken: ``old`` becomes ``new`` in ``file``, and each of ``cases`` (as pytest names it) has to fail."""

    name: str
    file: str
    old: str
    new: str
    cases: tuple[str, ...]

    def apply(self, folder: Path) -> None:
        """Break it there. Raises ValueError where the line is not there exactly once."""
        path = folder / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.file} holds {text.count(self.old)} times {self.old!r}")
        path.write_text(text.replace(self.old, self.new))


POWER, FROZEN = "tests/faults/test_power_cuts.py", "tests/faults/test_frozen_processes.py"
BROKER, CHANGES = "tests/faults/test_broker_faults.py", "tests/faults/test_changes_underway.py"
FENCES, CAPS = "tests/tasks/test_fences.py", "tests/tasks/test_caps.py"

LANES, DOLLARS = "tests/tasks/test_lanes.py", "tests/tasks/test_dollar_caps.py"
NUDGER, DAILY = "tests/tasks/test_nudger.py", "tests/faults/test_daily_files.py"
WISHES = "tests/faults/test_her_wishes.py"
SFTP, HANGING = "tests/stages/test_batches_by_sftp.py", "tests/faults/test_hanging_school.py"

MUTATIONS = (
    Mutation(
        "let a school have every worker",
        "leadgen/delivery/lanes.py",
        "    if taken.bit_count() >= most:",
        "    most = 60\n    if taken.bit_count() >= most:",
        (
            f"{LANES}::test_a_fifth_waits_without_costing_a_try[sqlite]",
            f"{HANGING}::test_one_school_hangs_and_the_others_do_not_notice[sqlite]",
        ),
    ),
    Mutation(
        "drop the fence",
        "leadgen/delivery/claim.py",
        'return table.c.id == bindparam("row_id"), table.c.fence == bindparam("seen_fence")',
        'return table.c.id == bindparam("row_id"), bindparam("seen_fence", type_=Integer) >= 0',
        (f"{FENCES}::test_an_old_fence_sends_nothing[sqlite]",),
    ),
    Mutation(
        "drop the state condition of the claim",
        "leadgen/delivery/claim.py",
        "due = (table.c.state.in_(CLAIMABLE), table.c.due_at <= database_now())",
        "due = (table.c.due_at <= database_now(),)",
        (f"{FENCES}::test_a_row_that_changed_after_it_was_read_is_not_claimed",),
    ),
    Mutation(
        "drop the state condition of the send",
        "leadgen/delivery/claim.py",
        "ours = (table.c.state == State.claimed, table.c.lease_until > database_now(), consent_stands)",
        "ours = (table.c.lease_until > database_now(), consent_stands)",
        (f"{FENCES}::test_a_row_that_is_no_longer_claimed_sends_nothing",),
    ),
    Mutation(
        "send though the lease is over",
        "leadgen/delivery/claim.py",
        "table.c.lease_until > database_now(), consent_stands)",
        "consent_stands)",
        (f"{FENCES}::test_a_lease_that_is_over_sends_nothing[sqlite]",),
    ),
    Mutation(
        "do not read the consent again before the send",
        "leadgen/delivery/claim.py",
        "or_(_delivery.c.about.not_in(PERSONAL), CONSENT_STANDS)",
        "true()",
        (f"{FENCES}::test_a_consent_that_ended_since_the_claim_sends_nothing[sqlite]",),
    ),
    Mutation(
        "commit the attempt after sending",
        "leadgen/delivery/dispatch.py",
        "        session.commit()\n        if attempt_id is None:",
        "        session.flush()\n        if attempt_id is None:",
        (
            f"{POWER}::test_worker_killed_after_the_answer_leaves_it_uncertain_and_sends_no_second[sqlite]",
            f"{POWER}::test_worker_killed_before_the_first_byte_leaves_it_uncertain[sqlite]",
        ),
    ),
    Mutation(
        "nudge before the commit",
        "leadgen/outbox.py",
        '@event.listens_for(Session, "after_commit")',
        '@event.listens_for(Session, "before_commit")',
        ("tests/stages/test_outbox.py::test_a_commit_that_fails_sends_none[sqlite]",),
    ),
    Mutation(
        "forget to give a place under a cap back",
        "leadgen/delivery/slots.py",
        "    lead.slots = ()\n",
        "",
        (f"{CAPS}::test_a_cap_is_reserved_in_the_claim_and_given_back[sqlite]",),
    ),
    Mutation(
        "forget to give the price of a lead back",
        "leadgen/delivery/slots.py",
        "_release(session, lead.school_id, place, lead.reserved_cents if counts_cents(place) else 1)",
        "_release(session, lead.school_id, place, 0 if counts_cents(place) else 1)",
        (f"{DOLLARS}::test_the_price_is_reserved_in_the_claim_and_given_back[sqlite]",),
    ),
    Mutation(
        "spend what the answer names beside what was reserved",
        "leadgen/delivery/slots.py",
        "_count(session, lead.school_id, place, cents - lead.reserved_cents)",
        "_count(session, lead.school_id, place, cents)",
        (f"{DOLLARS}::test_the_price_in_the_schools_own_answer_is_what_counts[sqlite-5000-5000]",),
    ),
    Mutation(
        "resend what nobody can know",
        "leadgen/delivery/decide.py",
        "if receiver.dedupes and wait is not None:",
        "if wait is not None:",
        (
            f"{POWER}::test_worker_killed_after_the_answer_leaves_it_uncertain_and_sends_no_second[sqlite]",
            f"{WISHES}::test_worker_killed_with_her_wish_in_its_hands[answered-changed-postgresql]",
        ),
    ),
    Mutation(
        "send the file of a dead worker again without a look at what the school has",
        "leadgen/delivery/batch/recover.py",
        "found = _look_there(dispatcher, session, batch_id)",
        'found: Answer | CarrierError | None = DefiniteNo("nobody looked")',
        (f"{DAILY}::test_worker_killed_with_a_file[sftp-batch_answered-delivered-1-sqlite]",),
    ),
    Mutation(
        "take a file that the school took away for one that never came",
        "leadgen/delivery/carriers/sftp.py",
        "raise Unknown(NOT_THERE)",
        "raise DefiniteNo(NOT_NAMED)",
        (f"{SFTP}::test_where_looking_does_not_tell_no_row_is_sent_again[sqlite-take_away]",),
    ),
    Mutation(
        "let a slow broker keep the sweeper waiting",
        "leadgen/tasks/nudger.py",
        "self._round = self._teller.submit(self._tell, fresh)",
        "self._tell(fresh)",
        (f"{NUDGER}::test_a_broker_that_takes_its_time_keeps_no_look_waiting",),
    ),
    Mutation(
        "drop what a broken broker did not take",
        "leadgen/tasks/nudger.py",
        "                self._carry_all(nudges[place:])\n",
        "",
        (f"{NUDGER}::test_what_a_broken_broker_did_not_take_is_carried_here",),
    ),
)


def main(names: list[str]) -> int:
    """Try these mutations, or all; 1 where a case did not notice one, or fails without it."""
    tried = [each for each in MUTATIONS if not names or each.name in names]
    misses = _find_misses(tried)
    for miss in misses:
        print(miss)
    print(f"{len(tried)} mutations, {sum(len(each.cases) for each in tried)} cases, {len(misses)} misses")
    return 1 if misses else 0


def _find_misses(tried: Sequence[Mutation]) -> list[str]:
    cases = sorted({case for mutation in tried for case in mutation.cases})
    misses = [f"{case} fails without any mutation" for case in _find_failing(cases, None)]
    for mutation in tried:
        print(f"{mutation.name}: ", end="", flush=True)
        unseen = sorted(set(mutation.cases) - _find_failing(mutation.cases, mutation))
        print("not noticed" if unseen else "noticed", flush=True)
        misses += [f"{case} passes though: {mutation.name}" for case in unseen]
    return misses


def _find_failing(cases: Sequence[str], mutation: Mutation | None) -> set[str]:
    """Those of these cases that fail in a copy with this mutation. Raises RuntimeError where they did not run at
    all."""
    with tempfile.TemporaryDirectory(prefix="lg-mutant-") as folder:
        _copy(Path(folder))
        if mutation:
            mutation.apply(Path(folder))
        environment = os.environ | {"PYTHONPATH": folder, "LEADGEN_TEST_ALL": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", *cases]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{cases} did not run: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    # one that is named without its parameters stands for all of them
    return {case for case in cases if any(failed == case or failed.startswith(f"{case}[") for failed in told)}


def _copy(folder: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "screenshots"))
        elif source.exists():
            shutil.copy(source, folder / name)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
