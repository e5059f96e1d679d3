"""Builds a sent inquiry through the same stages that the last page calls."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.extensions import current_settings
from leadgen.intake.answers import Answers, Person, Shown, ShownMatch, ShownSchool
from leadgen.intake.asked import AskedVisit
from leadgen.intake.draft import OpenDraft, start_draft
from leadgen.intake.page import ShownPage
from leadgen.intake.submit import Visit
from leadgen.journey.submit import Sent, submit_inquiry
from leadgen.models import (
    Campus,
    Credential,
    DirectoryVersion,
    Endpoint,
    EndpointKind,
    Format,
    Inquiry,
    Offering,
    School,
    Takes,
)
from leadgen.tokens import make_token
from leadgen.vault import open_vault

HER_VISIT = AskedVisit("192.0.2.10", ShownPage("<p>May we send your request?</p>"))
VISIT = Visit(page="/inquiry/check", address="192.0.2.10", html="<h1>Check your answers</h1>")


def add_school(
    session: Session,
    school_id: str = "larkspur",
    *,
    kind: EndpointKind = EndpointKind.webhook,
    address: str | None = "http://127.0.0.1:1/leads",
    secret: str | None = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    **values: object,
) -> School:
    """A school with one campus in Chicago, one billing-and-coding offering and one endpoint."""
    version = session.scalars(select(DirectoryVersion)).first()
    if version is None:
        version = DirectoryVersion(
            imported_at=now(session), source="test", sha256="0" * 64, created=0, changed=0, retired=0
        )
        session.add(version)
        session.flush()
    school = School(
        id=school_id, name=f"{school_id.title()} Institute", timezone="America/Chicago", version_id=version.id, **values
    )
    campus = Campus(
        school_id=school_id, name="Main", city="Chicago", state="IL", zip="60601", latitude=41.8858, longitude=-87.6181
    )
    session.add(school)
    session.flush()
    session.add(campus)
    session.flush()
    sealed = open_vault().seal_secret(secret, f"endpoint:{school_id}:{kind}") if secret else None
    takes = Takes.leads if kind is EndpointKind.form_post else Takes.everything
    session.add(Endpoint(school_id=school_id, kind=kind, address=address, secret_sealed=sealed, takes=takes))
    session.add(
        Offering(
            id=f"{school_id}-mbc",
            school_id=school_id,
            campus_id=campus.id,
            program="medical-billing-and-coding",
            credential=Credential.certificate,
            format=Format.campus,
            latitude=41.8858,
            longitude=-87.6181,
        )
    )
    session.commit()
    return school


@dataclass(frozen=True)
class Prospect:
    """Who inquires, in tests."""

    name: str = "Ada Example"
    email: str = "ada@mail.example"
    phone: str = "+13125550142"


def make_draft(session: Session, schools: list[str], prospect: Prospect | None = None, *, trap: str = "") -> OpenDraft:
    """A complete draft in which these schools were shown and ticked."""
    person = prospect or Prospect()
    answers = Answers(
        program="medical-billing-and-coding",
        zip="60601",
        format="any",
        adult=True,
        education="high_school",
        ticked=list(schools),
        channels={school: ["email", "call"] for school in schools},
        person=Person(person.name, person.email, person.phone, person.phone, ["evening"]),
        form_token=make_token(),
        trap=trap,
    )
    _, draft = start_draft(session, open_vault(), answers)
    draft.shown = _show(session, schools)
    session.flush()
    return draft


def send_inquiry(session: Session, schools: list[str], prospect: Prospect | None = None, *, trap: str = "") -> Inquiry:
    """Submit such a draft and commit; gives the inquiry."""
    sent = submit_draft(session, make_draft(session, schools, prospect, trap=trap))
    session.commit()
    return session.scalars(select(Inquiry).where(Inquiry.reference == sent.reference)).one()


def submit_draft(session: Session, draft: OpenDraft) -> Sent:
    """The last post, without the web."""
    assert current_app
    return submit_inquiry(session, open_vault(), current_settings(), draft, VISIT, "Medical billing and coding")


def _show(session: Session, schools: list[str]) -> Shown:
    shown = [
        ShownSchool(
            school_id,
            rank,
            f"{school_id.title()} Institute",
            None,
            None,
            [
                ShownMatch(
                    offering_id=f"{school_id}-mbc",
                    rank=rank,
                    campus="Main",
                    city="Chicago",
                    state="IL",
                    format="campus",
                    distance_miles=0.0,
                    credential="certificate",
                    length_months=10,
                    tuition_usd="9800",
                    certifications=["CPC"],
                    next_start=None,
                    schedule=None,
                    latitude=41.8858,
                    longitude=-87.6181,
                    score=80.0,
                    reasons=["In Chicago, where you live"],
                    checks=["The next start is not given"],
                )
            ],
        )
        for rank, school_id in enumerate(schools, start=1)
    ]
    criteria = {
        "program": "medical-billing-and-coding",
        "zip": "60601",
        "format": "any",
        "within_miles": 50,
        "credential": None,
        "certifications": [],
        "age": 18,
        "education": "high_school",
    }
    place = {"zip": "60601", "city": "Chicago", "state": "IL", "latitude": 41.8858, "longitude": -87.6181}
    return Shown(now(session).isoformat(), 1, place, criteria, len(schools), shown, [])
