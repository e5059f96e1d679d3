"""The pages of an inquiry in order, and how far she has come."""

from enum import StrEnum

from leadgen.intake.answers import Answers


class Step(StrEnum):
    """One page with one group of questions."""

    goals = "goals"
    place = "place"
    eligibility = "eligibility"
    schools = "schools"
    details = "details"
    check = "check"

    @property
    def number(self) -> int:
        """Its place among the pages, from 1."""
        return list(Step).index(self) + 1


QUESTIONS = (Step.goals, Step.place, Step.eligibility)


def find_question(answers: Answers) -> Step | None:
    """The first page before the list of schools that she has not answered."""
    return next((step for step in QUESTIONS if step not in answers.answered), None)


def find_furthest(answers: Answers, *, has_list: bool) -> Step:
    """The furthest page that she may open: every page before it is answered."""
    if question := find_question(answers):
        return question
    if not (answers.adult and has_list):
        return Step.eligibility
    if not answers.ticked:
        return Step.schools
    complete = answers.person.name and answers.chosen == answers.ticked
    return Step.check if complete else Step.details
