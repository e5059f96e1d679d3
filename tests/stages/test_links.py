"""A link in a letter opens once, for its purpose, in its time."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.links import LinkError, end_links, find_link, make_link, make_link_token, use_link
from leadgen.models import Letter, Link, LinkPurpose, State, User

SECRET = "a secret of the test suite, long enough to pass"
DAY = timedelta(days=1)


@pytest.fixture
def letter(session: Session) -> Letter:
    at = now(session)
    user = User(email="lou@larkspur.example", password="x", fs_uniquifier="u", created_at=at)
    session.add(user)
    session.flush()
    made = Letter(kind="invitation", user_id=user.id, key="letter-1", state=State.pending, due_at=at, created_at=at)
    session.add(made)
    session.flush()
    return made


def make(session: Session, letter: Letter, life: timedelta = DAY) -> tuple[Link, str]:
    link = make_link(session, SECRET, LinkPurpose.invitation, letter.id, life, letter.user_id)
    return link, make_link_token(SECRET, link.purpose, link.salt)


def test_link_is_opened_often_and_used_once(session: Session, letter: Letter) -> None:
    link, token = make(session, letter)
    assert find_link(session, LinkPurpose.invitation, token).id == link.id
    use_link(session, find_link(session, LinkPurpose.invitation, token))
    session.expire_all()
    with pytest.raises(LinkError, match="used already"):
        find_link(session, LinkPurpose.invitation, token)
    with pytest.raises(LinkError, match="used already"):
        use_link(session, link)


def test_link_opens_nothing_else(session: Session, letter: Letter) -> None:
    _, token = make(session, letter)
    with pytest.raises(LinkError, match="not one of ours"):
        find_link(session, LinkPurpose.password, token)
    with pytest.raises(LinkError, match="not one of ours"):
        find_link(session, LinkPurpose.invitation, token[:-1])


def test_link_runs_out(session: Session, letter: Letter) -> None:
    link, token = make(session, letter, timedelta(0))
    with pytest.raises(LinkError, match="run out"):
        find_link(session, LinkPurpose.invitation, token)
    with pytest.raises(LinkError):
        use_link(session, link)


def test_newer_letter_takes_back_the_older_one(session: Session, letter: Letter) -> None:
    link, token = make(session, letter)
    end_links(session, LinkPurpose.invitation, letter.user_id or 0, now(session))
    session.expire_all()
    with pytest.raises(LinkError, match="run out"):
        find_link(session, LinkPurpose.invitation, token)
    with pytest.raises(LinkError):
        use_link(session, link)


def test_token_is_not_stored(session: Session, letter: Letter) -> None:
    link, token = make(session, letter)
    assert token.encode() not in (link.salt, link.token_hash)
    assert make_link_token("another secret", link.purpose, link.salt) != token
