"""Three schools to import, each with another kind of delivery, and what is stored of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen import history
from leadgen.directory.sync import import_directory
from leadgen.models import DirectoryVersion, Endpoint, EndpointKind, Subject
from leadgen.vault import Vault
from tests.schools_csv import make_csv, make_row

LARKSPUR = make_row()
QUILLWATER = make_row(
    school_id="quillwater",
    school="Quillwater Community College",
    contact_email="",
    delivery="webhook",
    deliver_to="https://quillwater.example/leads",
)
BRAMBLE = make_row(
    school_id="bramble",
    school="Bramblewick Technical Institute",
    contact_email="office@bramble.example",
    delivery="form_post",
    deliver_to="https://bramble.example/form",
)


def bring(session: Session, *rows: dict[str, str], vault: Vault | None = None) -> DirectoryVersion | None:
    """Import these rows and commit; gives the version, or nothing where nothing changed."""
    version = import_directory(session, "schools.csv", make_csv(*rows), vault)
    session.commit()
    return version


def endpoint_of(session: Session, school_id: str, kind: EndpointKind) -> Endpoint:
    """The only endpoint of this kind that a school has."""
    return session.scalars(select(Endpoint).filter_by(school_id=school_id, kind=kind)).one()


def kinds_in_history(session: Session, school_id: str) -> list[str]:
    """What the history of a school tells, in order."""
    return [event.kind for event in history.read_history(session, Subject.school, school_id)]
