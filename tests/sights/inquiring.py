"""An inquiry from its first page to its last, and each way in which it can go otherwise."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leadgen.directory.showing import settle_showing
from leadgen.letters.compose import compose
from leadgen.models import Letter, Origin, School
from tests.sights.album import Album
from tests.sights.town import FIRST, NEAR, ONLINE, set_caps
from tests.web.visitor import ELIGIBLE, GOALS, PLACE, PROGRAM, Visitor
from tests.web.workplace import database

JOLIET: dict[str, object] = {"latitude": "41.53", "longitude": "-88.08"}
PARIS: dict[str, object] = {"latitude": "48.85", "longitude": "2.35"}
WHOLE_DOLLARS = {"en": "Enter whole dollars up to 1,000,000", "es": "Escriba dólares enteros hasta 1,000,000"}
LATER: dict[str, object] = {"email": "grace@mail.example"}


def inquire(album: Album, visitor: Visitor) -> str:
    """The whole way; gives the path of her own page."""
    album.keep("gone", visitor.get("/inquiry/check"), 410)
    album.keep("start", visitor.get("/inquiry/start"))
    album.keep("start-error", visitor.post("/inquiry/start", {"program": PROGRAM, "zip": "2139"}), 422)
    visitor.start()
    album.keep("goals", visitor.get("/inquiry/goals"))
    album.keep("goals-error", visitor.post("/inquiry/goals", {"program": PROGRAM, "credential": "x"}), 422)
    visitor.post("/inquiry/goals", GOALS)
    _say_where(album, visitor)
    album.keep("eligibility", visitor.get("/inquiry/eligibility"))
    album.keep("eligibility-error", visitor.post("/inquiry/eligibility"), 422)
    visitor.post("/inquiry/eligibility", ELIGIBLE)
    _choose(album, visitor)
    _give_details(album, visitor)
    set_caps(album.app, 0, NEAR)
    sent = visitor.send(visitor.read_token())
    set_caps(album.app, None, NEAR)
    album.keep("sent-without-one-that-filled-up", visitor.get(sent.location))
    return "/request/" + str(sent.location).rsplit("/", 1)[1]


def _say_where(album: Album, visitor: Visitor) -> None:
    album.keep("place", visitor.get("/inquiry/place"))
    album.keep("place-error", visitor.post("/inquiry/place", PLACE | {"zip": "00000"}), 422)
    album.keep("place-which", visitor.post("/inquiry/place", PLACE | {"zip": "Springfield"}), 422)
    album.keep("place-here-refused", visitor.post("/inquiry/place/here", PARIS), 422)
    visitor.post("/inquiry/place/here", JOLIET)
    near = album.keep("place-near", visitor.get("/inquiry/place"))
    assert "Joliet, IL" in near.text
    visitor.post("/inquiry/place", PLACE | {"format": "campus"})


def _choose(album: Album, visitor: Visitor) -> None:
    hidden = "/inquiry/schools?where=online"
    for name, answer, status in (("", visitor.get(hidden), 200), ("-error", visitor.post(hidden), 422)):
        page = album.keep(f"schools-all-hidden{name}", answer, status).text
        assert 'id="show-all"' in page
        assert 'name="schools"' not in page
    visitor.post("/inquiry/place", PLACE)
    album.keep("schools", visitor.get("/inquiry/schools"))
    album.keep("schools-error", visitor.tick(), 422)
    album.keep("schools-sorted", visitor.get("/inquiry/schools?sort=cost"))
    compared = f"/inquiry/compare?school={NEAR}&school={FIRST}&school={ONLINE}"
    album.keep("compare-schools", visitor.get(compared))
    album.keep("narrow", visitor.get("/inquiry/wishes"))
    wrong = {"max_cost": "cheap", "max_months": "", "start_within": "", "language": ""}
    page = album.keep("narrow-error", visitor.post("/inquiry/wishes", wrong), 422).text
    assert WHOLE_DOLLARS[album.language] in page
    assert page.count('class="field-error"') == 1


def _give_details(album: Album, visitor: Visitor) -> None:
    visitor.tick(NEAR, FIRST, ONLINE)
    album.keep("details", visitor.get("/inquiry/details"))
    album.keep("details-error", visitor.post("/inquiry/details"), 422)
    album.keep("save", visitor.get("/inquiry/save"))
    album.keep("save-error", visitor.post("/inquiry/save", {"email": "grace"}), 422)
    visitor.give_details(NEAR, FIRST, email="ada@gmial.com", phone="312-555-0142")
    check = album.keep("check", visitor.get("/inquiry/check")).text
    assert "<strong>ada@gmail.com</strong>" in check
    assert 'class="notice warn"' in check, "one school was ticked without a way to reach her"


def turn_out_otherwise(album: Album, *visitors: Visitor) -> None:
    """Under age, nobody matches, nobody but listed schools, saved for later, everybody full."""
    young, far, late, unlucky, plain = visitors
    young.reach_list()
    young.post("/inquiry/eligibility", ELIGIBLE | {"adult": "no"})
    album.keep("under-18", young.get("/inquiry/under-18"))
    far.reach_list()
    wishes = {"credential": "associate", "certifications": ["CCS", "CMRS"]}
    far.post("/inquiry/goals", GOALS | wishes)
    far.post("/inquiry/place", {"zip": "99723", "format": "campus", "within": "10"})
    album.keep("no-schools", far.get("/inquiry/schools"))
    _save(album, late)
    with database(album.app) as session:
        _list_schools(session, listed=True)
    album.keep("schools-that-take-no-inquiries", album.visit().reach_list())
    with database(album.app) as session:
        _list_schools(session, listed=False)
    token = unlucky.reach_check(NEAR, FIRST)
    set_caps(album.app, 0, NEAR, FIRST)
    answer = unlucky.send(token)
    set_caps(album.app, None, NEAR, FIRST)
    album.keep("all-filled-up", unlucky.get(answer.location))
    album.keep("sent", plain.get(plain.send(plain.reach_check(NEAR)).location))


def _save(album: Album, late: Visitor) -> None:
    late.reach_list()
    late.tick(NEAR)
    for _ in range(2):
        late.post("/inquiry/save", LATER)
    album.keep("saved", late.get("/inquiry/saved"))
    late.post("/inquiry/save", LATER)
    link = read_link(album)
    album.keep("save-too-often", late.post("/inquiry/save", LATER), 429)
    album.keep("return", late.get(link))
    album.keep("return-over", late.get(link[:-4] + "0000"), 410)


def read_link(album: Album) -> str:
    """Where the newest letter to somebody who saved her search leads."""
    with database(album.app) as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "saved").order_by(Letter.id.desc())).first()
        assert letter is not None
        text = compose(session, letter)[1]
    return "/inquiry/saved/" + text.split("/inquiry/saved/")[1][:32]


def _list_schools(session: Session, *, listed: bool) -> None:
    """Let all schools be listed ones, of which only facts are known."""
    session.execute(update(School).values(listed=listed, origin=Origin.ipeds if listed else Origin.file))
    settle_showing(session)
    session.commit()
