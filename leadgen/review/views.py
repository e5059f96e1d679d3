"""Saved views: a narrowed and sorted worklist under a name of the user's own."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import insert_unless_there
from leadgen.marks import say
from leadgen.models import SavedView

MOST_VIEWS = 30


class ViewError(Exception):
    """A view that cannot be saved. The message says why."""


def list_views(session: Session, user_id: int) -> list[SavedView]:
    """A user's views, by name."""
    mine = select(SavedView).where(SavedView.user_id == user_id)
    return list(session.scalars(mine.order_by(func.lower(SavedView.name), SavedView.id)))


def save_view(session: Session, user_id: int, name: str, query: str) -> None:
    """Keep a view; one of the same name is replaced. Raises ViewError where the user has too many."""
    names = [view.name for view in list_views(session, user_id)]
    if name not in names and len(names) >= MOST_VIEWS:
        raise ViewError(say("You have %(most)s views. Remove one first. Nothing was saved.", most=MOST_VIEWS))
    values = {"query": query, "saved_at": now(session)}
    insert_unless_there(session, SavedView, {"user_id": user_id, "name": name} | values)
    mine = update(SavedView).where(SavedView.user_id == user_id, SavedView.name == name).values(values)
    session.execute(mine.execution_options(synchronize_session=False))


def remove_view(session: Session, user_id: int, view_id: int) -> bool:
    """Remove one of the user's views. False where there is none with this number."""
    mine = delete(SavedView).where(SavedView.user_id == user_id, SavedView.id == view_id).returning(SavedView.id)
    return session.scalar(mine.execution_options(synchronize_session=False)) is not None
