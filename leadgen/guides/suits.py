"""Which program suits whom: plain rules over what the work is like. Answers in, programs with their reasons out.

Each answer that fits gives points; none given counts for nothing. One alone rules a program out: blood, for who would
rather not see any. The order is by points, and among equals that of the list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from leadgen.guides.program import Program
from leadgen.guides.traits import Hours, Patients, Posture
from leadgen.marks import N_, say

FITS, HALF = 2, 1

_MUCH = list(Patients)
_PATIENTS = {
    Patients.most: N_("You would be with patients for most of the day."),
    Patients.some: N_("You would meet patients for a part of the day."),
    Patients.few: N_("You would seldom meet patients."),
}
_POSTURES = {
    Posture.desk: N_("It is mostly desk work."),
    Posture.both: N_("You would sit for a part of the day and stand for a part."),
    Posture.feet: N_("You would be on your feet for most of the day."),
}
_HOURS = {
    Hours.day: N_("Most of this work is in the daytime on weekdays."),
    Hours.shifts: N_("Nights and weekends often belong to it."),
}


@dataclass(frozen=True)
class Wishes:
    """The five answers. None or False: no preference. ``no_blood``: she would rather see none; ``daytime``: weekdays
    only; ``months``: the most that training may take."""

    patients: Patients | None = None
    no_blood: bool = False
    daytime: bool = False
    posture: Posture | None = None
    months: int | None = None

    @property
    def says_something(self) -> bool:
        return self != Wishes()


@dataclass(frozen=True)
class Reason:
    """One sentence about the program, and the points that it brought: none where it speaks against."""

    words: str
    points: int


@dataclass(frozen=True)
class Suited:
    """A program as judged. ``ruled_out`` programs come last, whatever else fits."""

    program: Program
    reasons: tuple[Reason, ...]
    ruled_out: bool

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def suit(programs: Sequence[Program], wishes: Wishes, shortest: Mapping[str, int]) -> tuple[Suited, ...]:
    """All programs, those that suit first. ``shortest`` is the length in months of each program's shortest course."""
    judged = [_judge(program, wishes, shortest.get(program.slug)) for program in programs]
    return tuple(sorted(judged, key=lambda each: (each.ruled_out, -each.points)))


def _judge(program: Program, wishes: Wishes, shortest: int | None) -> Suited:
    reasons = tuple(_list_reasons(program, wishes, shortest))
    return Suited(program, reasons, ruled_out=wishes.no_blood and program.traits.blood)


def _list_reasons(program: Program, wishes: Wishes, shortest: int | None) -> Iterator[Reason]:
    traits = program.traits
    if wishes.patients:
        apart = abs(_MUCH.index(traits.patients) - _MUCH.index(wishes.patients))
        yield Reason(_PATIENTS[traits.patients], (FITS, HALF, 0)[apart])
    if wishes.no_blood:
        words = N_("Blood or needles belong to it.") if traits.blood else N_("You would see no blood.")
        yield Reason(words, 0 if traits.blood else FITS)
    if wishes.daytime:
        yield Reason(_HOURS[traits.hours], FITS if traits.hours is Hours.day else 0)
    if wishes.posture:
        points = FITS if traits.posture is wishes.posture else HALF if traits.posture is Posture.both else 0
        yield Reason(_POSTURES[traits.posture], points)
    if wishes.months:
        yield _judge_length(wishes.months, shortest)


def _judge_length(most: int, shortest: int | None) -> Reason:
    if shortest is None:
        return Reason(N_("Our directory gives no length for it yet."), 0)
    words: str = say("The shortest course in our directory takes %(months)s months.", months=shortest)
    if shortest == 1:
        words = N_("The shortest course in our directory takes 1 month.")
    return Reason(words, FITS if shortest <= most else 0)
