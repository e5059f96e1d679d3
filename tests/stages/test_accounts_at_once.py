"""Two at one moment: a code, a recovery code, a link and the last admin are each had by one of them only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from leadgen.accounts.codes import Codes
from leadgen.accounts.errors import AccountError
from leadgen.accounts.guesses import FREE_HERE, count_try, name_try
from leadgen.accounts.invitations import accept_invitation, invite
from leadgen.accounts.people import Circle, OffReason, change_role, find_person, switch_off
from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user, find_user
from leadgen.extensions import current_settings, db
from leadgen.links import LinkError, make_link_token
from leadgen.models import Link, LinkPurpose, User

EMAIL = "rita@firststep.example"
PASSWORD = "correct horse battery"
SECRET = "a secret of the test suite, long enough to pass"
AT_ONCE = 6

Act = Callable[[Session, int], bool]
Refusals = tuple[type[Exception], ...]
REFUSED: Refusals = (AccountError, LinkError, OperationalError)


def add(app: Flask, email: str, role: RoleName) -> int:
    with app.app_context():
        user = add_user(db.session, email, PASSWORD, role, None, "test")
        db.session.commit()
        return user.id


def race(app: Flask, act: Act, runners: int = AT_ONCE, refused: Refusals = REFUSED) -> int:
    """Do it in so many threads at one moment, each in a transaction of its own. Gives how many succeeded."""
    start = Barrier(runners)

    def run(number: int) -> bool:
        with app.app_context():
            start.wait()
            try:
                good = act(db.session, number)
                db.session.commit()
            except refused:
                db.session.rollback()
                return False
            return good

    with ThreadPoolExecutor(runners) as pool:
        return sum(pool.map(run, range(runners)))


@pytest.fixture
def codes_of_rita(app: Flask) -> tuple[str, list[str]]:
    """The sealed key of her app, and her recovery codes."""
    add(app, EMAIL, RoleName.reviewer)
    with app.app_context():
        user, codes = require_user(db.session, EMAIL), Codes(current_settings(), db.session)
        sealed = codes.generate_totp_secret()
        made = codes.add_app(user, sealed, "test", keep=None)
        db.session.commit()
        return codes.get_totp_b32_key(sealed), made


def require_user(session: Session, email: str) -> User:
    user = find_user(session, email)
    assert user is not None
    return user


def test_a_code_is_taken_once(app: Flask, codes_of_rita: tuple[str, list[str]]) -> None:
    code = TOTP(key=codes_of_rita[0]).generate().token

    def take(session: Session, _number: int) -> bool:
        return Codes(current_settings(), session).is_code(require_user(session, EMAIL), code)

    assert race(app, take) == 1


def test_a_recovery_code_is_used_once(app: Flask, codes_of_rita: tuple[str, list[str]]) -> None:
    def use(session: Session, _number: int) -> bool:
        return Codes(current_settings(), session).use_recovery_code(require_user(session, EMAIL), codes_of_rita[1][0])

    assert race(app, use) == 1
    with app.app_context():
        assert len(require_user(db.session, EMAIL).mf_recovery_codes or []) == 9


def test_different_recovery_codes_do_not_bring_each_other_back(
    app: Flask, codes_of_rita: tuple[str, list[str]]
) -> None:
    def use(session: Session, number: int) -> bool:
        user = require_user(session, EMAIL)
        return Codes(current_settings(), session).use_recovery_code(user, codes_of_rita[1][number])

    assert race(app, use) == AT_ONCE
    with app.app_context():
        assert len(require_user(db.session, EMAIL).mf_recovery_codes or []) == 10 - AT_ONCE


def test_an_invitation_is_accepted_once(app: Flask) -> None:
    with app.app_context():
        user = invite(db.session, SECRET, EMAIL, RoleName.reviewer, None, "test")
        link = db.session.query(Link).filter_by(user_id=user.id).one()
        token = make_link_token(SECRET, LinkPurpose.invitation, link.salt)
        db.session.commit()

    def accept(session: Session, number: int) -> bool:
        return accept_invitation(session, token, f"Rita {number}", "violet kettle orbit nineteen") is not None

    assert race(app, accept) == 1


def switch(session: Session, user: User, actor: str) -> None:
    switch_off(session, user, OffReason.left, actor)


def demote(session: Session, user: User, actor: str) -> None:
    change_role(session, Circle(None), user, RoleName.reader, actor)


@pytest.mark.parametrize("act", [switch, demote])
def test_admins_who_take_each_other_out_at_one_moment_leave_one(
    app: Flask, act: Callable[[Session, User, str], None]
) -> None:
    ids = [add(app, f"admin-{number}@firststep.example", RoleName.admin) for number in range(2)]

    def change(session: Session, number: int) -> bool:
        user = find_person(session, Circle(None), ids[number])
        assert user is not None
        sleep(0.2)  # each has had the time to lock the other
        act(session, user, f"user:{ids[1 - number]}")
        return True

    assert race(app, change, 2, refused=(AccountError,)) == 1, "one is done, the other is told why not"
    with app.app_context():
        assert sum(user.active and user.roles[0].name == RoleName.admin for user in db.session.query(User)) == 1


def test_many_guesses_at_one_moment_count_as_many(app: Flask) -> None:
    tried = name_try(SECRET, EMAIL, "192.0.2.1", None)
    runners = FREE_HERE * 3
    assert race(app, lambda session, _number: not count_try(session, tried), runners) == FREE_HERE
