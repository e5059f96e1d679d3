"""The second step: asked for after the password, each code good once, recovery codes for the day the phone is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from leadgen.accounts.roles import RoleName
from leadgen.clock import now
from leadgen.models import Event, Letter, Subject, User
from tests.inquiries import add_school
from tests.web.second_steps import App, give_password, set_up_app
from tests.web.workplace import PASSWORD, database, sign_in

EMAIL = "rita@firststep.example"
SITE = "https://schools.example.org"


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    """A reviewer, signed in by password alone."""
    return sign_in(app, EMAIL, RoleName.reviewer)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def give_code(client: FlaskClient, code: str) -> bool:
    answer = client.post("/login/code", data={"code": code})
    return answer.status_code == 302 and answer.location == "/welcome"


def test_app_is_set_up_with_a_picture_and_a_first_code(app: Flask, rita: FlaskClient) -> None:
    page = rita.post("/account/app", follow_redirects=True).text
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = rita.post("/account/app/check", data={"code": "000000"}).text
    assert "This code is not right" in wrong
    assert App(wrong).show() == App(page).show(), "the key stays, so that she may try again"
    with database(app) as session:
        assert session.scalars(select(User.tf_totp_secret)).one() is None
    assert "Your recovery codes" in rita.post("/account/app/check", data={"code": App(page).show()}).text
    with database(app) as session:
        user = session.scalars(select(User)).one()
        assert App(page)._totp.base32_key not in str(user.tf_totp_secret)
        assert "account_changed:second_factor" in session.scalars(select(Letter.kind)).all()


def test_password_alone_opens_nothing_once_there_is_a_second_step(app: Flask, rita: FlaskClient) -> None:
    phone, _ = set_up_app(rita)
    client = give_password(app, EMAIL)
    assert not is_in(client)
    assert client.get("/desk").status_code == 302
    assert not give_code(client, "123456")
    assert not is_in(client)
    assert give_code(client, phone.show())
    assert is_in(client)


def test_no_code_is_good_twice(app: Flask, rita: FlaskClient) -> None:
    phone, _ = set_up_app(rita)
    code = phone.show()
    assert give_code(give_password(app, EMAIL), code)
    assert not give_code(give_password(app, EMAIL), code)
    assert not give_code(give_password(app, EMAIL), phone.show(-1)), "an older one neither"
    assert give_code(give_password(app, EMAIL), phone.show(1))


def test_recovery_code_is_good_once(app: Flask, rita: FlaskClient) -> None:
    _, codes = set_up_app(rita)
    for code, good in ((codes[0], True), (codes[0], False), (codes[1].upper().replace("-", " "), True), ("", False)):
        client = give_password(app, EMAIL)
        client.post("/login/recovery", data={"code": code})
        assert is_in(client) is good, code
    with database(app) as session:
        kept = session.scalars(select(User.mf_recovery_codes)).one()
        assert kept is not None
        assert len(kept) == 8
        assert not set(codes) & set(kept)


def test_new_recovery_codes_put_out_the_old_ones(app: Flask, rita: FlaskClient) -> None:
    _, old = set_up_app(rita)
    new = re.findall(r"<code>([0-9a-f-]{14})</code>", rita.post("/account/recovery-codes").text)
    assert len(new) == 10
    client = give_password(app, EMAIL)
    client.post("/login/recovery", data={"code": old[0]})
    assert not is_in(client)
    client.post("/login/recovery", data={"code": new[0]})
    assert is_in(client)


def test_half_sign_in_lapses_and_a_new_password_ends_it(app: Flask, rita: FlaskClient) -> None:
    phone, _ = set_up_app(rita)
    slow, stolen = give_password(app, EMAIL), give_password(app, EMAIL)
    with slow.session_transaction() as cookie, database(app) as session:
        cookie["half"] = cookie["half"] | {"until": (now(session) - timedelta(seconds=1)).isoformat()}
    assert slow.post("/login/code", data={"code": phone.show()}).location == "/login"
    with database(app) as session:
        session.execute(update(User).values(fs_uniquifier="changed"))
        session.commit()
    assert stolen.post("/login/code", data={"code": phone.show()}).location == "/login"
    assert app.test_client().get("/login/code").location == "/login"


def test_guessing_codes_is_slowed_down(app: Flask, rita: FlaskClient) -> None:
    phone, _ = set_up_app(rita)
    guesser = give_password(app, EMAIL)
    answers = [guesser.post("/login/code", data={"code": f"{number:06}"}).status_code for number in range(6)]
    assert answers == [200] * 5 + [429]
    elsewhere = app.test_client()
    address = {"REMOTE_ADDR": "198.51.100.7"}
    elsewhere.post("/login", data={"email": EMAIL, "password": PASSWORD}, environ_base=address)
    assert elsewhere.post("/login/code", data={"code": phone.show()}, environ_base=address).location == "/welcome"


def test_setting_up_ends_sign_ins_that_were_made_without_it(app: Flask, rita: FlaskClient) -> None:
    other = app.test_client()
    other.post("/login", data={"email": EMAIL, "password": PASSWORD})
    assert is_in(other)
    set_up_app(rita)
    assert is_in(rita)
    assert not is_in(other)


def test_next_page_is_kept_through_the_second_step(app: Flask, rita: FlaskClient) -> None:
    phone, _ = set_up_app(rita)
    client = app.test_client()
    client.post("/login?next=/desk/schools", data={"email": EMAIL, "password": PASSWORD})
    assert client.post("/login/code", data={"code": phone.show()}).location == "/desk/schools"


def test_demo_machine_says_that_a_password_alone_is_for_demos(app: Flask, rita: FlaskClient) -> None:
    assert "demo machine" in rita.get("/desk").text
    assert "demo machine" in rita.get("/account").text
    set_up_app(rita)
    assert "demo machine" not in rita.get("/account").text


@pytest.fixture
def production(make_app: Callable[..., Flask]) -> Flask:
    """The app as it runs in earnest."""
    return make_app(
        mode="production",
        base_url=SITE,
        smtp_url="smtp://relay.example",
        min_form_seconds="3",
        allowed_private_networks="",
    )


def test_staff_in_earnest_see_nothing_before_the_second_step_is_set_up(production: Flask) -> None:
    with database(production) as session:
        add_school(session, "larkspur")
    client = sign_in(production, EMAIL, RoleName.admin, base_url=SITE)
    for address in ("/desk", "/desk/schools", "/desk/schools/larkspur"):
        assert client.get(address, base_url=SITE).location == "/account#second-step"
    assert client.post("/desk/search", data={"q": "x"}, base_url=SITE).location == "/account#second-step"
    assert "Set one up to open the desk" in client.get("/account", base_url=SITE).text
    page = client.post("/account/app", base_url=SITE, follow_redirects=True).text
    client.post("/account/app/check", data={"code": App(page).show()}, base_url=SITE)
    assert client.get("/desk", base_url=SITE).status_code == 200


def test_schools_in_earnest_may_choose(production: Flask) -> None:
    with database(production) as session:
        add_school(session, "larkspur")
    client = sign_in(production, "lou@larkspur.example", RoleName.owner, "larkspur", base_url=SITE)
    assert client.get("/portal", base_url=SITE).status_code == 200


def test_removing_the_app_is_told_and_takes_the_recovery_codes_along(app: Flask, rita: FlaskClient) -> None:
    set_up_app(rita)
    rita.post("/account/app/remove")
    with database(app) as session:
        user = session.scalars(select(User)).one()
        assert (user.tf_totp_secret, user.mf_recovery_codes) == (None, None)
        kinds = session.scalars(select(Event.kind).where(Event.subject == Subject.account)).all()
        assert {"user.second_factor_added", "user.recovery_codes_made", "user.second_factor_removed"} <= set(kinds)


FACTOR_ACTS = ["app", "app/check", "app/remove", "recovery-codes", "passkeys/options", "passkeys", "passkeys/1/remove"]


@pytest.mark.parametrize("act", FACTOR_ACTS)
def test_second_factors_are_changed_only_by_who_showed_lately_who_it_is(rita: FlaskClient, act: str) -> None:
    with rita.session_transaction() as cookie:
        cookie["proved_at"] = "2020-01-01T00:00:00+00:00"
    answer = rita.post(f"/account/{act}")
    assert answer.status_code == 303
    assert answer.location.startswith("/account/confirm?next=/account")


def test_confirming_takes_the_password_and_goes_on(rita: FlaskClient) -> None:
    with rita.session_transaction() as cookie:
        del cookie["proved_at"]
    assert rita.post("/account/confirm?next=/account/app", data={"password": "wrong horse battery"}).status_code == 200
    assert rita.get("/account/app").location == "/account/confirm?next=/account/app"
    right = {"password": PASSWORD}
    assert rita.post("/account/confirm?next=/account/app", data=right).location == "/account/app"
    assert rita.get("/account/app").location == "/account"
    assert rita.post("/account/confirm?next=//evil.example", data=right).location == "/desk"
