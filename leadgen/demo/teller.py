"""Who tells the stories: sends an inquiry through the stages as the last page does, and hands over a `Story`."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.config import Review, Settings
from leadgen.demo.people import People
from leadgen.demo.shelf import Goods, Shelf
from leadgen.demo.story import Story
from leadgen.guides.loader import find_program
from leadgen.intake.answers import Answers, Person, Shown
from leadgen.intake.draft import OpenDraft, start_draft
from leadgen.intake.submit import Visit
from leadgen.journey.search import SHOWN_OFFERINGS, read_criteria, show
from leadgen.journey.submit import submit_inquiry
from leadgen.matching.find import find_matches
from leadgen.models import Inquiry
from leadgen.tokens import make_token
from leadgen.vault import Vault

LAST_PAGE = "/inquiry/check"
ADDRESS = "192.0.2.{}"  # RFC 5737: for documentation
UNHURRIED = timedelta(minutes=4)
WAYS = (["email"], ["email", "call"], ["email", "call", "text"], ["call"])


@dataclass(frozen=True)
class Wish:
    """How this inquiry differs from an ordinary one. ``others`` schools are ticked beside the one it is about."""

    person: Person | None = None
    others: int = 0
    trap: str = ""
    is_hurried: bool = False
    is_reviewed: bool = False


@dataclass
class Teller:
    """Tells stories in one session, with the same dice each time."""

    session: Session
    vault: Vault
    settings: Settings
    shelf: Shelf
    dice: Random
    people: People = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.dice)

    def send(self, candidates: list[Goods], wish: Wish | None = None) -> Story | None:
        """An inquiry about the first of the candidates that is shown to her; None where none of them is."""
        wish = wish or Wish()
        for goods in candidates:
            draft = self._fill_in(goods, wish)
            if draft is not None:
                return self._submit(draft, goods, wish)
        return None

    def _fill_in(self, goods: Goods, wish: Wish) -> OpenDraft | None:
        answers = Answers(
            program=goods.program,
            zip=goods.zip,
            format="any",
            within_miles=50,
            adult=True,
            education="high_school",
            person=wish.person or self.people.meet(),
            form_token=make_token(),
            trap=wish.trap,
        )
        found = find_matches(self.session, read_criteria(answers, now(self.session).date()), limit=SHOWN_OFFERINGS)
        shown = show(found, now(self.session).isoformat())
        if shown.find(goods.school_id) is None:
            return None
        answers.ticked = self._tick(shown, goods, wish)
        answers.channels = {school: list(self.dice.choice(WAYS)) for school in answers.ticked}
        _, draft = start_draft(self.session, self.vault, answers)
        draft.shown = shown
        return draft

    def _tick(self, shown: Shown, goods: Goods, wish: Wish) -> list[str]:
        others = [
            each.school_id
            for each in shown.schools
            if each.school_id in self.shelf.ordinary and each.school_id != goods.school_id
        ]
        chosen = {goods.school_id, *self.dice.sample(others, min(wish.others, len(others)))}
        return [each.school_id for each in shown.schools if each.school_id in chosen]

    def _submit(self, draft: OpenDraft, goods: Goods, wish: Wish) -> Story:
        if not wish.is_hurried:
            draft.started_at -= UNHURRIED
        review = Review.all if wish.is_reviewed else Review.flagged
        settings = self.settings.model_copy(update={"review": review, "min_form_seconds": 8})
        program = find_program(goods.program)
        title = program.title if program else goods.program.replace("-", " ").capitalize()
        visit = Visit(
            LAST_PAGE, ADDRESS.format(self.dice.randint(1, 254)), f"<h1>Check your answers</h1><p>{title}</p>"
        )
        sent = submit_inquiry(self.session, self.vault, settings, draft, visit, title)
        inquiry = self.session.scalars(select(Inquiry).where(Inquiry.reference == sent.reference)).one()
        self.session.execute(update(Inquiry).where(Inquiry.id == inquiry.id).values(demo=True))
        return Story(self.session, self.vault, self.dice, inquiry.id, goods.school_id)
