"""The desk and a school's portal, full of work, and the forms in them gone wrong."""

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from leadgen.models import Campus, Choice, Delivery, Endpoint, EndpointKind, Inquiry, Lead, Offering, Outcome, State
from tests.sights.album import Album
from tests.sights.rooms import change
from tests.sights.town import NEAR
from tests.web.workplace import database

ROOMS = {
    "desk-schools": "/desk/schools",
    "desk-campuses": "/desk/campuses",
    "desk-offerings": "/desk/offerings",
    "desk-endpoints-list": "/desk/endpoints",
    "desk-inquiries": "/desk/inquiries",
    "desk-inquiries-none": "/desk/inquiries?school=nobody-has-this",
    "desk-demand": "/desk/demand",
    "desk-funnel": "/desk/funnel",
    "desk-keys": "/desk/keys",
    "desk-people": "/desk/people",
    "desk-what-if": "/desk/what-if",
    "desk-school": f"/desk/schools/{NEAR}",
    "desk-school-edit": f"/desk/schools/{NEAR}/edit",
    "desk-campus-new": f"/desk/schools/{NEAR}/campuses/new",
    "desk-offering-new": f"/desk/schools/{NEAR}/offerings/new",
    "desk-endpoint-new": f"/desk/schools/{NEAR}/endpoints/new",
}


def work(album: Album, admin: FlaskClient, school: str) -> None:
    """Every room of the desk, the worklist's bins, one inquiry of each kind."""
    worklist = album.keep("desk", admin.get("/desk")).text
    for name, path in _list_bins(worklist):
        album.keep(f"desk-bin-{name}", admin.get(path))
    for name, path in ROOMS.items():
        album.keep(name, admin.get(path))
    for name, path in _find_rows(album).items():
        album.keep(name, admin.get(path))
    with database(album.app) as session:
        delivery = session.scalars(select(Delivery.id).where(Delivery.state == State.delivered)).first()
    album.keep("desk-parcel", admin.post(f"/desk/deliveries/{delivery}/parcel"))
    album.keep("desk-nothing-found", admin.post("/desk/search", data={"q": "nobody@mail.example"}))
    album.keep("desk-school-error", admin.post(f"/desk/schools/{NEAR}/edit", data={"name": ""}), 422)
    user = re.search(r"/desk/people/\d+", admin.get("/desk/people").text)
    assert user
    album.keep("desk-person", admin.get(user[0]))
    people = f"/desk/schools/{school}/people"
    theirs = re.search(rf"{people}/\d+", album.keep("desk-school-people", admin.get(people)).text)
    assert theirs
    album.keep("desk-school-person", admin.get(theirs[0]))
    change(album, admin)


def _list_bins(page: str) -> Iterator[tuple[str, str]]:
    for path in sorted(set(re.findall(r'href="(?:/es)?(/desk\?bin=\w+)"', page))):
        yield path.rpartition("=")[2], path


def _find_rows(album: Album) -> dict[str, str]:
    """The pages of one offering, campus and endpoint of each kind, and of an inquiry in each state of its delivery."""
    with database(album.app) as session:
        offering, campus = session.scalars(select(Offering.id)).first(), session.scalars(select(Campus.id)).first()
        found = {"desk-offering": f"/desk/offerings/{offering}", "desk-campus": f"/desk/campuses/{campus}"}
        found["desk-offering-edit"] = f"{found['desk-offering']}/edit"
        found["desk-campus-edit"] = f"{found['desk-campus']}/edit"
        for kind in EndpointKind:
            endpoint = session.scalars(select(Endpoint.id).where(Endpoint.kind == kind)).first()
            if endpoint:
                found[f"desk-endpoint-{kind}"] = f"/desk/endpoints/{endpoint}"
                found[f"desk-endpoint-{kind}-edit"] = f"/desk/endpoints/{endpoint}/edit"
        for state in State:
            query = select(Inquiry.reference).join(Lead, Lead.inquiry_id == Inquiry.id)
            query = query.join(Delivery, Delivery.lead_id == Lead.id).where(Delivery.state == state)
            found[f"desk-inquiry-{state}"] = f"/desk/inquiries/{session.scalars(query).first()}"
        held = select(Inquiry.reference).join(Choice, Choice.inquiry_id == Inquiry.id)
        reference = session.scalars(held.where(Choice.outcome == Outcome.hold)).first()
        found["desk-inquiry-held"] = f"/desk/inquiries/{reference}"
        found["desk-why-not"] = f"/desk/inquiries/{reference}/why-not"
        found["desk-ask"] = f"{found['desk-inquiry-delivered']}/ask"
    return found


def find_school_with_leads(app: Flask) -> str:
    """The school that has most leads on which it has not said anything."""
    with database(app) as session:
        leads = select(Lead.school_id).where(Lead.disposition.is_(None)).group_by(Lead.school_id)
        return session.scalars(leads.order_by(func.count().desc())).first() or NEAR


def receive(album: Album, owner: FlaskClient, school: str) -> None:
    """A school's own pages: inbox, how it receives, people, keys, and a lead before and after each word."""
    for name in ("", "receiving", "people", "keys"):
        album.keep(f"portal-{name or 'inbox'}", owner.get(f"/portal/{name}".rstrip("/")))
    with database(album.app) as session:
        leads = select(Lead.reference).where(Lead.school_id == school, Lead.disposition.is_(None))
        reference = session.scalars(leads.order_by(Lead.id)).first()
    lead = f"/portal/leads/{reference}"
    album.keep("portal-lead-sealed", owner.get(lead))
    owner.post(f"{lead}/open")
    album.keep("portal-lead", owner.get(lead))
    owner.post(f"{lead}/accept")
    album.keep("portal-lead-accepted", owner.get(lead))
    owner.post(f"{lead}/return", data={"reason": "wrong_number"})
    album.keep("portal-lead-returned", owner.get(lead))
    user = re.search(r"/portal/people/\d+", owner.get("/portal/people").text)
    assert user
    album.keep("portal-person", owner.get(user[0]))
