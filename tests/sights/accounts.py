"""Signing in, and everything that one may need for it."""

from flask.testing import FlaskClient
from sqlalchemy import update

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user
from leadgen.clock import database_now
from leadgen.models import Link
from tests.sights.album import Album
from tests.web.mailbox import find_path
from tests.web.second_steps import set_up_app
from tests.web.workplace import PASSWORD, database, sign_in

WEAK = "passwordpassword"
MOST_TRIES = 6


def sign_in_and_fail(album: Album, admin: FlaskClient) -> None:
    """The doors, the second step, a lost password, an invitation; and each of them gone wrong."""
    email = f"sam-{album.language}@firststep.example"
    with database(album.app) as session:
        add_user(session, email, PASSWORD, RoleName.reviewer, None, "test")
        session.commit()
    stranger = album.app.test_client()
    album.keep("login", stranger.get("/login"))
    wrong = {"email": email, "password": "not the password"}
    album.keep("login-error", stranger.post("/login", data=wrong))
    answers = [stranger.post("/login", data=wrong) for _ in range(MOST_TRIES)]
    album.keep("login-too-often", answers[-1], 429)
    _lose_password(album, email)
    _be_invited(album, admin)
    _take_second_step(album)


def _lose_password(album: Album, email: str) -> None:
    client = album.app.test_client()
    album.keep("lost-password", client.get("/lost-password"))
    album.keep("lost-password-sent", client.post("/lost-password", data={"email": email}))
    path = find_path(album.app, email)
    album.keep("choose-password", client.get(path))
    album.keep("choose-password-weak", client.post(path, data={"password": WEAK}))
    client.post(path, data={"password": "violet kettle orbit nineteen"})
    album.keep("link-used", client.get(path), 410)


def _be_invited(album: Album, admin: FlaskClient) -> None:
    email, client = f"nina-{album.language}@firststep.example", album.app.test_client()
    admin.post("/desk/people/invite", data={"email": email, "role": "reviewer"})
    path = find_path(album.app, email)
    album.keep("invitation", client.get(path))
    album.keep("invitation-weak", client.post(path, data={"name": "", "password": WEAK}))
    with database(album.app) as session:
        session.execute(update(Link).values(expires_at=database_now(-1)))
        session.commit()
    album.keep("invitation-expired", client.get(path), 410)


def _take_second_step(album: Album) -> None:
    email = f"tess-{album.language}@firststep.example"
    own = sign_in(album.app, email, RoleName.reviewer)
    album.keep("account-fresh", own.get("/account"))
    album.keep("change-password", own.get("/account/password"))
    album.keep("change-password-error", own.post("/account/password", data={"old": "x", "password": WEAK}))
    album.keep("confirm", own.get("/account/confirm"))
    own.post("/account/app")
    album.keep("account-app", own.get("/account/app"))
    set_up_app(own)
    album.keep("account", own.get("/account"))
    client = album.app.test_client()
    client.post("/login", data={"email": email, "password": PASSWORD})
    album.keep("code", client.get("/login/code"))
    album.keep("code-error", client.post("/login/code", data={"code": "000000"}))
    album.keep("recovery", client.get("/login/recovery"))
    album.keep("recovery-error", client.post("/login/recovery", data={"code": "no"}))
