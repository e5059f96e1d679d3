"""What an offering carries of its school, so that matching reads one table: whether it is a listed one, and whether
it is covered. Kept in step at the end of every write to the directory."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.models import Offering, Origin, School


def settle_showing(session: Session) -> None:
    """Offerings of listed schools are marked. One of the federal files is covered where a school of the operator's
    own file, with the same UNITID, teaches the program: that one is shown in its place, with its facts."""
    for listed in (True, False):
        schools = select(School.id).where(School.listed.is_(listed))
        mark = update(Offering).where(Offering.listed.is_not(listed), Offering.school_id.in_(schools))
        session.execute(mark.values(listed=listed).execution_options(synchronize_session=False))
    changed = _list_wrongly_marked(session)
    if changed:
        session.execute(update(Offering), changed)


def _list_wrongly_marked(session: Session) -> list[dict[str, object]]:
    """Compared here: as one statement it takes seconds in SQLite, which begins at the wrong end."""
    covering = _read_covering(session)
    query = (
        select(Offering.id, School.unitid, Offering.program, Offering.covered)
        .join(School, School.id == Offering.school_id)
        .where(School.origin == Origin.ipeds)
    )
    return [
        {"id": offering_id, "covered": not covered}
        for offering_id, unitid, program, covered in session.execute(query)
        if ((unitid, program) in covering) is not covered
    ]


def _read_covering(session: Session) -> set[tuple[str | None, str]]:
    """UNITID and program of what the operator's own schools teach."""
    query = (
        select(School.unitid, Offering.program)
        .join(Offering, Offering.school_id == School.id)
        .where(School.origin == Origin.file, School.unitid.is_not(None), School.retired_at.is_(None))
        .where(Offering.retired.is_(False))
    )
    return {(unitid, program) for unitid, program in session.execute(query)}
