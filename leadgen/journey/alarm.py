"""Tell staff by letter of what waits too long: once for each line, to everybody who can do something about it."""

from sqlalchemy.orm import Session

from leadgen.accounts.able import find_able
from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.letters.kinds import ALARM
from leadgen.letters.write import write_user_letter
from leadgen.review.alarms import find_late, raise_alarms


def tell_late(session: Session) -> int:
    """Write the letters, one to each person for all lines that are new; gives how many lines they tell of.

    Nothing is noted while there is nobody to tell. The caller commits."""
    at = now(session)
    late = find_late(session, at)
    able = find_able(session, Permission.carry) if late else []
    if not able:
        return 0
    told = raise_alarms(session, late, at)
    if told:
        for user_id in able:
            write_user_letter(session, f"{ALARM}:{at.isoformat()}", user_id, at)
    return len(told)
