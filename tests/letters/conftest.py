import pytest
from sqlalchemy.orm import Session

from leadgen.accounts.roles import RoleName
from leadgen.accounts.users import add_user
from leadgen.models import EndpointKind, Inquiry, User
from tests.inquiries import Prospect, add_school, send_inquiry


@pytest.fixture
def inquiry(session: Session) -> Inquiry:
    """An inquiry to a school that receives by mail, and to another."""
    add_school(session, "larkspur", kind=EndpointKind.email, address="admissions@larkspur.example", secret=None)
    add_school(session, "bramble")
    return send_inquiry(session, ["larkspur", "bramble"], Prospect(name="Ada O’Example & Co <b>"))


@pytest.fixture
def user(session: Session) -> User:
    """A counsellor of a school."""
    add_school(session, "larkspur")
    password = "correct horse battery"
    return add_user(session, "cora@larkspur.example", password, RoleName.counsellor, "larkspur", "test")
