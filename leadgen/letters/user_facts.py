"""What the templates of letters to users know."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.letters.kinds import ALARM, INVITED_ELSEWHERE
from leadgen.letters.site import ENGLISH, find_link_url, find_site
from leadgen.models import Alarm, Letter, School, User


def collect_user_facts(session: Session, letter: Letter) -> dict[str, Any]:
    """The user, the role and school, the address of the letter's link, and what its kind tells besides."""
    kind, _, about = letter.kind.partition(":")
    user = session.get_one(User, letter.user_id)
    language = user.language or ENGLISH
    facts = {
        "language": language,
        "site": find_site(language),
        "user": user,
        "role": next((role.name for role in user.roles), ""),
        "school": session.get(School, user.school_id) if user.school_id else None,
        "link_url": find_link_url(session, letter, language),
    }
    if kind == ALARM:
        facts |= {"alarms": _find_alarms(session, about)}
    if kind == INVITED_ELSEWHERE:
        facts |= {"school": session.get(School, about)}
    return facts


def _find_alarms(session: Session, moment: str) -> list[Alarm]:
    """The alarms that were raised at a moment and not anew since: what a letter about them tells."""
    raised = select(Alarm).where(Alarm.raised_at == datetime.fromisoformat(moment))
    return list(session.scalars(raised.order_by(Alarm.bin.desc(), Alarm.id)))
