"""Who of the staff may do something."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leadgen.accounts.roles import PERMISSIONS, STAFF_ROLES, Permission
from leadgen.models import Role, User


def find_able(session: Session, permission: Permission) -> list[int]:
    """The staff who are not switched off and whose role permits this, by number."""
    roles = [role for role in STAFF_ROLES if permission in PERMISSIONS[role]]
    query = select(User.id).join(User.roles).where(User.active, Role.name.in_(roles))
    return list(session.scalars(query.distinct().order_by(User.id)))
