"""The rules on the course itself: length, cost, classes, start, language.

Each tells whether an offering passes, its value, and the decision in words. What was not asked passes; what a school
has not said fails where it was asked.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from leadgen.marks import N_, say, say_day
from leadgen.matching.criteria import Criteria
from leadgen.matching.facts import Candidate
from leadgen.models import AwardLevel, Schedule

NOT_GIVEN = "not given"
SCHEDULE_WORDS: dict[str, str] = {
    Schedule.day: N_("day"),
    Schedule.evening: N_("evening"),
    Schedule.weekend: N_("weekend"),
    Schedule.self_paced: N_("self-paced"),
}


class Decision(NamedTuple):
    """Whether it passes, the offering's value, and why in words."""

    passed: bool
    value: str
    words: str


def judge_length(candidate: Candidate) -> Decision:
    """At most so many months. A federal band of length decides where all of it lies on one side."""
    given, asked = candidate.offering.length_months, candidate.criteria.max_months
    if given is None and candidate.offering.award_level is not None:
        return _judge_band(AwardLevel(candidate.offering.award_level), asked)
    if given is None:
        return Decision(asked is None, NOT_GIVEN, "Has not said how long it takes")
    words = f"Takes {count_months(given)}"
    if asked is None:
        return Decision(True, str(given), words)
    passed = given <= asked
    return Decision(passed, str(given), f"{words}, {'within' if passed else 'more than'} the {asked} asked for")


def _judge_band(level: AwardLevel, asked: int | None) -> Decision:
    least, most = level.months
    if asked is None:
        return Decision(True, level.length, f"Takes {level.length}")
    if most is not None and most <= asked:
        return Decision(True, level.length, f"Takes {level.length}, within the {count_months(asked)} asked for")
    if least > asked:
        return Decision(False, level.length, f"Takes {level.length}, more than the {count_months(asked)} asked for")
    return Decision(False, level.length, f"Has not said how many months it takes, only {level.length}")


def judge_cost(candidate: Candidate) -> Decision:
    """At most so many dollars in all, of what the school gives: fees, books and exams too where it names them."""
    given, asked = candidate.offering.cost_usd, candidate.criteria.max_cost_usd
    if given is None:
        return Decision(asked is None, NOT_GIVEN, "Has not said what it costs")
    words = f"Costs ${given:,.0f}" if given == int(given) else f"Costs ${given:,.2f}"
    if asked is None:
        return Decision(True, str(given), words)
    passed = given <= asked
    return Decision(passed, str(given), f"{words}, {'within' if passed else 'more than'} the ${asked:,} asked for")


def judge_schedule(candidate: Candidate) -> Decision:
    """Classes at one of the times asked for."""
    given, asked = candidate.offering.schedule, candidate.criteria.schedules
    if not given:
        return Decision(not asked, NOT_GIVEN, "Has not said when its classes are")
    value, words = ", ".join(given), f"Has {name_schedules(given, 'and')}"
    if not asked:
        return Decision(True, value, words)
    passed = not set(asked).isdisjoint(given)
    return Decision(passed, value, words + (" as asked" if passed else f", not {name_schedules(asked, 'or')} as asked"))


def judge_start(candidate: Candidate) -> Decision:
    """The next start, by a day. One that is past when she asks is none."""
    given, asked = candidate.offering.next_start, candidate.criteria.start_by
    if given is None:
        return Decision(asked is None, NOT_GIVEN, "Has not said when it starts next")
    if asked is None:
        return Decision(True, given.isoformat(), f"Starts {write_day(given)}")
    if candidate.criteria.start_from and given < candidate.criteria.start_from:
        words = f"Has not said when it starts next; its last start was {write_day(given)}"
        return Decision(False, given.isoformat(), words)
    when = "by" if given <= asked else "later than"
    return Decision(given <= asked, given.isoformat(), f"Starts {write_day(given)}, {when} {write_day(asked)} as asked")


def judge_language(candidate: Candidate) -> Decision:
    """Taught in the language asked for."""
    given, asked = candidate.offering.languages, candidate.criteria.language
    if not given:
        return Decision(asked is None, NOT_GIVEN, "Has not said in which languages it teaches")
    value, words = ", ".join(given), f"Taught in {_join(given, 'and')}"
    if asked is None:
        return Decision(True, value, words)
    passed = asked.casefold() in {language.casefold() for language in given}
    return Decision(passed, value, f"Taught in {asked}, as asked" if passed else f"{words}, not {asked} as asked")


# by the wish that asks for it, in the order in which they are judged and shown
COURSE: tuple[tuple[str, str, Callable[[Candidate], Decision]], ...] = (
    ("length", "max_months", judge_length),
    ("cost", "max_cost_usd", judge_cost),
    ("schedule", "schedules", judge_schedule),
    ("start", "start_by", judge_start),
    ("language", "language", judge_language),
)


def list_asked(candidate: Candidate) -> list[Decision]:
    """The decisions on what she asked of the course."""
    return [judge(candidate) for _, wish, judge in COURSE if getattr(candidate.criteria, wish) not in (None, ())]


def fits_course(candidate: Candidate) -> bool:
    """Whether everything that she asked of the course is met; looks at nothing else."""
    return all(decision.passed for decision in list_asked(candidate))


def say_wishes(criteria: Criteria) -> tuple[str, ...]:
    """What she asked of the course: phrases in lower case, none where she asked nothing."""
    said = (
        criteria.max_cost_usd is not None and say("at most $%(dollars)s in all", dollars=f"{criteria.max_cost_usd:,}"),
        criteria.max_months and _say_length(criteria.max_months),
        criteria.schedules and say("%(times)s classes", times=_say_times(criteria.schedules)),
        criteria.start_by and say("starting by %(day)s", day=say_day(criteria.start_by)),
        criteria.language and say("taught in %(language)s", language=criteria.language),
    )
    return tuple(phrase for phrase in said if isinstance(phrase, str))


def _say_length(months: int) -> str:
    return say("at most 1 month") if months == 1 else say("at most %(months)s months", months=months)


def _say_times(schedules: tuple[str, ...]) -> str:
    """Like ``day, evening or weekend``."""
    *most, last = (say(SCHEDULE_WORDS.get(each, each)) for each in schedules)
    if not most:
        return last
    listed = most[0]
    for each in most[1:]:
        listed = say("%(listed)s, %(next)s", listed=listed, next=each)
    return say("%(listed)s or %(last)s", listed=listed, last=last)


def write_day(day: date) -> str:
    """Like ``March 4, 2027``."""
    return f"{day:%B} {day.day}, {day.year}"


def count_months(months: int) -> str:
    """``1 month``, ``9 months``."""
    return f"{months} month{'' if months == 1 else 's'}"


def name_schedules(schedules: tuple[str, ...], link: str) -> str:
    """Like ``day and evening classes``."""
    return f"{_join(tuple(SCHEDULE_WORDS.get(each, each) for each in schedules), link)} classes"


def _join(words: tuple[str, ...], link: str) -> str:
    return f" {link} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
