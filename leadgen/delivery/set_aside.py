"""Take what failed off the worklist, where sending it again is no use, and put it back: each for a reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.clock import now
from leadgen.delivery.resolve import ResolveError
from leadgen.marks import say
from leadgen.models import Delivery, Lead, Letter, State, Subject


def set_aside(session: Session, row: Delivery | Letter, actor: str, reason: str) -> None:
    """Nobody needs to look at it any more. Raises ResolveError unless failed, or where somebody did so first."""
    if not _mark(session, row, reason, type(row).set_aside.is_(None)):
        raise ResolveError(_say_why(row))
    _tell(session, row, "set_aside", actor, {"reason": reason})


def put_back(session: Session, row: Delivery | Letter, actor: str, reason: str, until: datetime | None = None) -> None:
    """On the worklist again. Raises ResolveError where it is there, or no longer failed; or was set aside after
    ``until``, where that is given."""
    model: Any = type(row)
    in_time = or_(model.set_aside_at.is_(None), model.set_aside_at <= until) if until else True
    if not _mark(session, row, None, model.set_aside.is_not(None), in_time):
        raise ResolveError(_say_why(row, until))
    _tell(session, row, "put_back", actor, {"reason": reason})


def _mark(session: Session, row: Delivery | Letter, reason: str | None, *expected: Any) -> bool:
    model: Any = type(row)
    failed = update(model).where(model.id == row.id, model.state == State.failed, *expected)
    values = {"set_aside": reason, "set_aside_at": now(session) if reason else None}
    marked = failed.values(values).returning(model.id).execution_options(synchronize_session=False)
    done = session.scalar(marked) is not None
    session.refresh(row)
    return done


def _say_why(row: Delivery | Letter, until: datetime | None = None) -> str:
    what = say("letter") if isinstance(row, Letter) else say("delivery")
    if row.state is not State.failed:
        return say("This %(what)s is %(state)s by now. Nothing was changed.", what=what, state=row.state)
    if until and row.set_aside_at and row.set_aside_at > until:
        return say("Somebody set this %(what)s aside anew since. Nothing was changed.", what=what)
    if row.set_aside:
        return say("This %(what)s is set aside already. Nothing was changed.", what=what)
    return say("This %(what)s is on the worklist already. Nothing was changed.", what=what)


def _tell(session: Session, row: Delivery | Letter, verb: str, actor: str, data: dict[str, Any]) -> None:
    if isinstance(row, Letter):
        if row.inquiry_id is not None:
            line = history.Line(f"letter.{verb}", actor, {"letter": row.kind} | data)
            history.append(session, Subject.inquiry, row.inquiry_id, line)
        return
    lead = session.get_one(Lead, row.lead_id)
    facts = {"delivery": row.id, "school": row.school_id, "about": row.about} | data
    history.append(session, Subject.inquiry, lead.inquiry_id, history.Line(f"delivery.{verb}", actor, facts))
