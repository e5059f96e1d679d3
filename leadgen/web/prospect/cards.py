"""The list as shown, laid out for the page: cards near her, then cards online, numbered through."""

from dataclasses import dataclass
from datetime import date

from leadgen.intake.answers import Shown, ShownMatch, ShownSchool
from leadgen.matching.course import SCHEDULE_WORDS
from leadgen.models import Control, Format
from leadgen.web.page import write_date, write_miles, write_money, write_months
from leadgen.web.prospect.accreditors import find_accreditor_page
from leadgen.web.prospect.cost import say_cost
from leadgen.web.prospect.forms import CREDENTIALS
from leadgen.web.prospect.to_check import list_questions
from leadgen.web.retold import retell
from leadgen.web.translate import gettext, lazy_gettext, ngettext

NOT_GIVEN = lazy_gettext("not given")
CONTROLS = {
    Control.public: lazy_gettext("Public school"),
    Control.nonprofit: lazy_gettext("Private, not for profit"),
    Control.for_profit: lazy_gettext("Private, for profit"),
}
FORMAT_WORDS = {
    Format.campus: lazy_gettext("on campus"),
    Format.online: lazy_gettext("online"),
    Format.hybrid: lazy_gettext("partly online"),
}


@dataclass(frozen=True)
class Card:
    """One school, which cannot be ticked where it is only ``listed``. ``facts`` are (name, value) in the same order on
    every card; ``others`` are its further courses."""

    number: int
    school_id: str
    name: str
    where: str
    website: str | None
    accreditor: str | None
    accreditor_page: str | None
    facts: tuple[tuple[str, str], ...]
    reasons: list[str]
    checks: list[str]
    others: list[str]
    listed: bool


@dataclass(frozen=True)
class Layout:
    """The cards by where the school teaches, the courses that fit but are not shown, and how many schools of the list
    her filter hides."""

    near: list[Card]
    online: list[Card]
    courses_shown: int
    courses: int
    hidden: int = 0

    @property
    def cards(self) -> list[Card]:
        """All of them, in the order of their numbers."""
        return self.near + self.online

    @property
    def first_to_tick(self) -> int | None:
        """The number of the first school that takes inquiries; None where her filter hides them all."""
        return next((card.number for card in self.cards if not card.listed), None)

    @property
    def listed(self) -> int:
        """How many are only listed."""
        return sum(card.listed for card in self.cards)

    @property
    def heading(self) -> str:
        """Like ``5 schools near you, and 7 online``, or that her filter hides them all."""
        if not self.cards:
            return ngettext(
                "Your filter hides the only school on your list",
                "Your filter hides all %(num)s schools on your list",
                self.hidden,
            )
        if not self.online:
            return gettext("%(near)s near you", near=count_schools(len(self.near)))
        if not self.near:
            return gettext("%(online)s online", online=count_schools(len(self.online)))
        return gettext(
            "%(near)s near you, and %(online)s online", near=count_schools(len(self.near)), online=len(self.online)
        )


def count_schools(number: int) -> str:
    """``1 school``, ``2 schools``."""
    return ngettext("%(num)s school", "%(num)s schools", number)


def lay_out(shown: Shown, *, hidden: int = 0) -> Layout:
    """Schools with a campus within reach first, each in the order of the list; ``hidden`` are not among them."""
    near = [school for school in shown.schools if pick_main(school).format != Format.online]
    online = [school for school in shown.schools if school not in near]
    # either all cards have a line for the federal facts, or none has
    federal = any(school.control or school.awards is not None for school in shown.schools)
    return Layout(
        near=[make_card(number, school, federal=federal) for number, school in enumerate(near, 1)],
        online=[make_card(number, school, federal=federal) for number, school in enumerate(online, len(near) + 1)],
        courses_shown=sum(len(school.matches) for school in shown.schools),
        courses=shown.total,
        hidden=hidden,
    )


def pick_main(school: ShownSchool) -> ShownMatch:
    """The course a card tells about: the first at a campus, or the first."""
    return next((match for match in school.matches if match.format != Format.online), school.matches[0])


def make_card(number: int, school: ShownSchool, *, federal: bool = False) -> Card:
    """One school as it is shown, with the facts that federal data gives where ``federal``."""
    main = pick_main(school)
    return Card(
        number=number,
        school_id=school.school_id,
        name=school.name,
        where=_say_where(main),
        website=school.website,
        accreditor=school.accreditor,
        accreditor_page=find_accreditor_page(school.accreditor),
        facts=_list_facts(main) + (_list_federal_facts(school) if federal else ()),
        reasons=[retell(each) for each in main.reasons],
        checks=[*map(retell, main.checks), *list_questions(school, main)],
        others=[_say_course(match) for match in school.matches if match is not main],
        listed=school.listed,
    )


def _say_where(match: ShownMatch) -> str:
    if match.format == Format.online:
        return gettext("Online")
    partly = gettext(", partly online") if match.format == Format.hybrid else ""
    return f"{match.city}, {match.state} · {write_miles(match.distance_miles)}{partly}"


def _list_facts(match: ShownMatch) -> tuple[tuple[str, str], ...]:
    return (
        (gettext("Cost"), say_cost(match)),
        (gettext("Length"), _write_length(match)),
        (gettext("Award"), CREDENTIALS[match.credential]),
        (gettext("Prepares for"), _join(match.certifications, gettext("no certification"))),
        (gettext("Next start"), write_date(date.fromisoformat(match.next_start) if match.next_start else None)),
        (gettext("Classes"), NOT_GIVEN if not match.schedule else _say_times(match.schedule)),
    )


def _list_federal_facts(school: ShownSchool) -> tuple[tuple[str, str], ...]:
    control = CONTROLS[Control(school.control)] if school.control else NOT_GIVEN
    return ((gettext("Awards given"), _write_awards(school)), (gettext("Run as"), control))


def _write_awards(school: ShownSchool) -> str:
    """``57 in 2023–24``: in this program, from July to June."""
    if school.awards is None:
        return NOT_GIVEN
    number = f"{school.awards:,}"
    if not school.awards_year:
        return gettext("%(number)s in a year", number=number)
    year = f"{school.awards_year - 1}–{school.awards_year % 100:02}"
    return gettext("%(number)s in %(year)s", number=number, year=year)


def _write_length(match: ShownMatch) -> str:
    hours = "" if match.clock_hours is None else _count_hours(match.clock_hours)
    if match.length_months is None and (match.length or hours):
        band = retell(match.length) if match.length else ""
        return ", ".join(filter(None, (band[:1].upper() + band[1:], hours)))
    return ", ".join(filter(None, (write_months(match.length_months), hours)))


def _count_hours(hours: int) -> str:
    return ngettext("%(num)s clock hour", "%(num)s clock hours", hours, num=f"{hours:,}")


def _say_course(match: ShownMatch) -> str:
    where = (
        gettext("online")
        if match.format == Format.online
        else gettext("%(format_words)s in %(city)s", format_words=FORMAT_WORDS[Format(match.format)], city=match.city)
    )
    months = "" if match.length_months is None else write_months(match.length_months)
    length = f", {words}" if (words := months or retell(match.length or "")) else ""
    cost = "" if match.cost_usd is None else f", {write_money(match.cost_usd)}"
    return f"{CREDENTIALS[match.credential]} {where}{length}{cost}"


def _say_times(schedule: list[str]) -> str:
    return ", ".join(gettext(SCHEDULE_WORDS.get(each, each)) for each in schedule).capitalize()


def _join(words: list[str] | None, nothing: str) -> str:
    return NOT_GIVEN if words is None else ", ".join(words) or nothing
