"""Who did something and when, for whoever came second."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.models import Event, User
from leadgen.web.actor import PREFIX
from leadgen.web.desk.rooms.words import ACTORS
from leadgen.web.moments import write_moment
from leadgen.web.translate import gettext


def name_who(session: Session, event: Event) -> str:
    """`rita@… on March 4, 2027, 4:12 PM UTC`."""
    return gettext(
        "%(who)s on %(when)s",
        who=_name_actor(session, event.actor),
        when=write_moment(event.happened_at),
    )


def _name_actor(session: Session, actor: str) -> str:
    if actor.startswith(PREFIX):
        email = session.scalar(select(User.email).where(User.id == int(actor.removeprefix(PREFIX))))
        return email or gettext("somebody")
    return ACTORS.get(actor, actor)
