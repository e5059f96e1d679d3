"""What the templates of letters to users know, and where the link in a letter leads."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.core import current_settings
from leadgen.links import make_link_token
from leadgen.models import Alarm, Letter, Link, LinkPurpose, School, User

# the token follows
LINK_PATHS = {
    LinkPurpose.invitation: "/invitation/",
    LinkPurpose.password: "/password/",
    LinkPurpose.asking: "/asking/",
}


def collect_user_facts(session: Session, letter: Letter) -> dict[str, Any]:
    """The user, the role and school, and the address of the letter's link."""
    user = session.get_one(User, letter.user_id)
    return {
        "user": user,
        "role": next((role.name for role in user.roles), ""),
        "school": session.get(School, user.school_id) if user.school_id else None,
        "link_url": find_link_url(session, letter),
    }


def find_alarms(session: Session, moment: str) -> list[Alarm]:
    """The alarms that were raised at a moment and not anew since: what a letter about them tells."""
    raised = select(Alarm).where(Alarm.raised_at == datetime.fromisoformat(moment))
    return list(session.scalars(raised.order_by(Alarm.bin.desc(), Alarm.id)))


def find_link_url(session: Session, letter: Letter) -> str:
    """The whole address that goes with a letter; empty where it has none."""
    link = session.scalars(select(Link).where(Link.letter_id == letter.id)).one_or_none()
    if link is None:
        return ""
    settings = current_settings()
    token = make_link_token(settings.secret_key.get_secret_value(), link.purpose, link.salt)
    return f"{settings.base_url}{LINK_PATHS[link.purpose]}{token}"
