"""Invitations: the letter, the one link in it, and what whoever opens it may learn."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from leadgen.accounts.invitations import has_come
from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user
from leadgen.models import Link
from tests.web.mailbox import find_path, read_letters
from tests.web.test_people import ADMIN, NEW_PASSWORD, NINA, accept, act, admin, find, invite, list_kinds, owner
from tests.web.workplace import PASSWORD, database

__all__ = ["admin", "owner"]  # fixtures, used by name


def test_invited_colleague_chooses_a_password_and_is_at_the_desk(app: Flask, admin: FlaskClient) -> None:
    assert "The invitation is on its way." in invite(admin, "/desk/people", NINA, "reviewer")
    path = find_path(app, NINA)
    client = app.test_client()
    for _ in range(2):  # mail scanners open links
        assert NINA in client.get(path).text
    assert client.post(path, data={"name": "Nina Example", "password": NEW_PASSWORD}).location == "/welcome"
    assert client.get("/desk").status_code == 200
    assert client.get("/desk/people").status_code == 403
    user = find(app, NINA)
    assert (user.name, user.active, [role.name for role in user.roles]) == ("Nina Example", True, ["reviewer"])
    assert list_kinds(app, user) == ["user.invited", "user.invitation_accepted", "user.signed_in"]


def test_invitation_opens_once(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    path = find_path(app, NINA)
    accept(app, NINA)
    thief = app.test_client()
    assert thief.get(path).status_code == 410
    answer = thief.post(path, data={"name": "Thief", "password": "another violet kettle orbit"})
    assert answer.status_code == 410
    assert "used already" in answer.text
    assert find(app, NINA).name == "Nina Example"


def test_weak_password_leaves_the_invitation_as_it_was(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    path, client = find_path(app, NINA), app.test_client()
    for password, words in (("short", "has 5 characters"), ("passwordpassword", "easy to guess"), ("", "0 characters")):
        page = client.post(path, data={"name": "Nina", "password": password}).text
        assert words in page
    assert "Give your name" in client.post(path, data={"name": "  ", "password": NEW_PASSWORD}).text
    assert not find(app, NINA).active
    assert client.get("/desk").status_code == 302
    assert accept(app, NINA).get("/desk").status_code == 200


def test_newest_letter_alone_counts_and_one_taken_back_counts_no_more(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    first, user = find_path(app, NINA), find(app, NINA)
    assert "sent again" in act(admin, "/desk/people", user, "again")
    second = find_path(app, NINA)
    assert first != second
    client = app.test_client()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert [kind for kind, _ in read_letters(app, NINA)] == ["invitation"]
    act(admin, "/desk/people", user, "off", reason="mistake")
    assert client.get(second).status_code == 410
    assert read_letters(app, NINA) == []
    assert "invitation ran out" in admin.get("/desk/people").text
    assert "has not come yet" in act(admin, "/desk/people", user, "on")


def test_invited_user_cannot_sign_in_or_ask_for_a_password(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    client = app.test_client()
    client.post("/lost-password", data={"email": NINA})
    assert [kind for kind, _ in read_letters(app, NINA)] == ["invitation"]


def test_address_that_is_taken_is_told_and_nothing_is_sent(app: Flask, owner: FlaskClient) -> None:
    assert "is not an e-mail address" in invite(owner, "/portal/people", "nonsense", "counsellor")
    invite(owner, "/portal/people", NINA, "counsellor")
    assert "There is a user" in invite(owner, "/portal/people", NINA.upper(), "counsellor"), "of the own school"
    assert len(read_letters(app, NINA)) == 1


def test_a_school_does_not_learn_that_an_address_has_an_account_elsewhere(
    app: Flask, admin: FlaskClient, owner: FlaskClient
) -> None:
    told = [invite(owner, "/portal/people", email, "counsellor") for email in (ADMIN.upper(), ADMIN, NINA)]
    assert all("The invitation is on its way." in page and "There is a user" not in page for page in told)
    assert find(app, ADMIN).school_id is None
    ((kind, text),) = [letter for letter in read_letters(app, ADMIN) if "invited" in letter[0]]
    assert kind == "invited_elsewhere:larkspur"
    assert "You have an account here already" in text
    trail = admin.get(f"/desk/people/{find(app, ADMIN).id}").text
    assert "Invited by a school, elsewhere than here" in trail
    assert "There is a user" in invite(admin, "/desk/people", NINA, "reviewer"), "who looks after all is told"


def test_link_in_the_letter_is_ours_whatever_the_host_header_says(app: Flask, admin: FlaskClient) -> None:
    with database(app) as session:
        add_user(session, "rita@firststep.example", PASSWORD, RoleName.reviewer, None, "test")
        session.commit()
    app.test_client().post(
        "/lost-password",
        data={"email": "rita@firststep.example"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    admin.post("/desk/people/invite", data={"email": NINA, "role": "reader"}, headers={"Host": "evil.example"})
    for email in ("rita@firststep.example", NINA):
        for _, text in read_letters(app, email):
            assert "evil.example" not in text
            assert "http://127.0.0.1:8000/" in text or "account_changed" in text


def test_links_are_kept_as_hashes(app: Flask, admin: FlaskClient) -> None:
    invite(admin, "/desk/people", NINA, "reviewer")
    token = find_path(app, NINA).rpartition("/")[2]
    with database(app) as session:
        link = session.scalars(select(Link)).one()
        assert token.encode() not in link.token_hash
        assert token not in link.salt.hex()
        session.execute(update(Link).values(expires_at=link.made_at))
        session.commit()
    assert "run out" in app.test_client().get(f"/invitation/{token}").text
    assert app.test_client().get("/invitation/" + "0" * 32).status_code == 410
    assert not has_come(find(app, NINA))
