"""Her own page after the inquiry, the door to her data, a question of staff; and what a school's mail leads to."""

import re

from sqlalchemy import select, update

from leadgen.clock import database_now
from leadgen.delivery.facts import find_facts
from leadgen.delivery.parcel import build_parcel
from leadgen.extensions import current_settings
from leadgen.letters.compose import compose
from leadgen.letters.kinds import OWN_DATA
from leadgen.links import make_link_token
from leadgen.models import (
    About,
    Asking,
    Delivery,
    Endpoint,
    EndpointKind,
    Inquiry,
    Lead,
    Letter,
    Link,
    LinkPurpose,
    State,
)
from leadgen.tokens import make_request_token
from leadgen.vault import open_vault
from leadgen.web.prospect.standing import Stage, list_standings
from tests.sights.album import Album
from tests.sights.town import FIRST, set_caps
from tests.web.visitor import Visitor
from tests.web.workplace import database

CHANGE: dict[str, object] = {
    "phone": "312-555-0187",
    "contact_times": ["evening"],
    "language": "es",
    f"channels-{FIRST}": ["email"],
}


def look_after(album: Album, hers: Visitor, path: str) -> None:
    """All that she can do on her own page, until it is erased."""
    album.keep("request", hers.get(path))
    album.keep("request-nobody", hers.get("/request/LG0000000000"), 404)
    link = _ask(album, hers, path)
    album.keep("request-link-sent", hers.get(path))
    album.keep("own-door", hers.get(link))
    hers.post(link)
    album.keep("own-link-used", hers.post(link), 410)
    album.keep("own", hers.get(f"{path}/yours"))
    album.keep("own-change", hers.get(f"{path}/yours/change"))
    wrong = CHANGE | {"phone": "12", f"channels-{FIRST}": []}
    album.keep("own-change-error", hers.post(f"{path}/yours/change", wrong), 422)
    album.keep("own-ways", hers.get(f"{path}/yours/ways?school={FIRST}&way=text"))
    _add_way(album, hers, path)
    hers.post(f"{path}/yours/change", CHANGE)
    hers.post(f"{path}/yours/calls", {"school": FIRST})
    album.keep("own-changed", hers.get(f"{path}/yours"))
    hers.post(f"{path}/withdraw", {"school": FIRST})
    album.keep("request-withdrawn", hers.get(path))
    album.keep("own-erase", hers.get(f"{path}/yours/erase"))
    late = _ask(album, hers, path)
    with database(album.app) as session:
        session.execute(update(Link).values(expires_at=database_now(-1)).where(Link.purpose == LinkPurpose.own_data))
        session.commit()
    album.keep("own-link-expired", hers.get(late), 410)
    hers.post(f"{path}/yours/erase")
    album.keep("erased", hers.get(path))


def _add_way(album: Album, hers: Visitor, path: str) -> None:
    """Where no number is known: asked for one, and neither that nor the tick given."""
    hers.post(f"{path}/yours/change", CHANGE | {"phone": ""})
    ways = f"{path}/yours/ways?school={FIRST}&way=text"
    asked = album.keep("own-ways-number", hers.get(ways)).text
    assert 'name="phone"' in asked
    page = album.keep("own-ways-error", hers.post(ways, {"words": _read_words(asked)}), 422).text
    assert page.count('class="field-error"') == 2


def _read_words(page: str) -> str:
    words = re.search(r'name="words" value="(\w+)"', page)
    assert words
    return words[1]


def see_how_it_stands(album: Album, reader: Visitor) -> None:
    """The page of somebody at whose request a school stands in each way."""
    with database(album.app) as session:
        secret, found = current_settings().secret_key.get_secret_value(), {}
        for inquiry in session.scalars(select(Inquiry).order_by(Inquiry.id)):
            for standing in list_standings(inquiry, []):
                found.setdefault(standing.stage, make_request_token(inquiry.reference, secret))
    for stage in (Stage.held, Stage.unclear, Stage.declined, Stage.returned, Stage.failed):
        album.keep(f"request-{stage.name}", reader.get(f"/request/{found[stage]}"))


def _ask(album: Album, hers: Visitor, path: str) -> str:
    hers.post(f"{path}/link")
    with database(album.app) as session:
        newest = session.scalars(select(Letter).where(Letter.kind == OWN_DATA).order_by(Letter.id.desc())).first()
        assert newest is not None
        found = re.search(r"(/request/\w+/open/\w+)", compose(session, newest)[1])
    assert found
    return found[1]


def answer_staff(album: Album, hers: Visitor) -> None:
    """May one more school get it? Open, and answered."""
    with database(album.app) as session:
        asking = session.scalars(select(Asking).where(Asking.answer.is_(None))).first()
        assert asking is not None
        secret = current_settings().secret_key.get_secret_value()
        school, salt = asking.school_id, session.get_one(Link, asking.link_id).salt
        path = f"/asking/{make_link_token(secret, LinkPurpose.asking, salt)}"
    words = _read_words(album.keep("asking", hers.get(path)).text)
    set_caps(album.app, 0, school)
    page = album.keep("asking-without-room", hers.get(path)).text
    assert 'value="yes"' not in page
    set_caps(album.app, None, school)
    album.keep("asking-answered", hers.get(hers.post(path, {"answer": "no", "words": words}).location))
    album.keep("asking-over", hers.get(path), 410)


def reply_for_a_school(album: Album, office: Visitor) -> None:
    """The buttons in the letter that brings a lead: each, the return without a reason, done, and nonsense."""
    buttons = _read_buttons(album)
    for word, path in buttons.items():
        album.keep(f"reply-{word}", office.get(path))
    album.keep("reply-return-error", office.post(buttons["return"]), 409)
    album.keep("reply-said", office.get(office.post(buttons["reached"]).location))
    album.keep("reply-nothing-to-change", office.get(buttons["wrong_number"]))
    album.keep("reply-over", office.get("/reply/0/reached"), 410)


def _read_buttons(album: Album) -> dict[str, str]:
    with database(album.app) as session:
        query = (
            select(Delivery.id)
            .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
            .join(Lead, Lead.id == Delivery.lead_id)
            .where(Endpoint.kind == EndpointKind.email, Delivery.state == State.delivered)
            .where(Delivery.about == About.lead, Lead.disposition.is_(None))
        )
        delivery_id = session.scalars(query.order_by(Delivery.id)).first()
        assert delivery_id is not None
        letter = build_parcel(open_vault(), find_facts(session, delivery_id)).body.decode()
    return {word: path for path, word in re.findall(r"http://127.0.0.1:8000(/reply/\S+/(\w+))", letter)}
