"""The people of a circle: all staff, or the users of one school. Who looks after a circle sees no other."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from leadgen.accounts.codes import has_second_factor
from leadgen.accounts.errors import AccountError
from leadgen.accounts.invitations import has_come, take_back
from leadgen.accounts.resets import take_back_reset
from leadgen.accounts.roles import SCHOOL_ROLES, STAFF_ROLES, RoleName
from leadgen.accounts.sign_ins import EndedWhy, end_sign_ins, name_user, tell
from leadgen.accounts.users import find_or_make_role
from leadgen.clock import now
from leadgen.letters.kinds import Change
from leadgen.letters.write import tell_account_changed
from leadgen.marks import say
from leadgen.models import Link, LinkPurpose, Role, SignIn, User


class Standing(StrEnum):
    """How somebody stands with us."""

    active = "active"
    invited = "invited"
    lapsed = "lapsed"  # invited, and no letter's link holds any more
    off = "off"


class OffReason(StrEnum):
    """Why a user is switched off."""

    left = "left"
    suspicion = "suspicion"
    mistake = "mistake"


@dataclass(frozen=True)
class Circle:
    """All staff where ``school_id`` is None, else the users of that school."""

    school_id: str | None

    @property
    def roles(self) -> list[RoleName]:
        """The roles that this circle has, the mightiest first."""
        known = SCHOOL_ROLES if self.school_id else STAFF_ROLES
        return [role for role in RoleName if role in known]


@dataclass(frozen=True)
class Person:
    """One user, as a list shows it."""

    user: User
    role: RoleName
    standing: Standing
    second_step: bool
    seen_at: datetime | None


_IS_ADMIN = User.roles.any(Role.name == RoleName.admin)


def list_people(session: Session, circle: Circle) -> list[Person]:
    """Everybody of a circle, by e-mail."""
    return _describe(session, select(User).where(*_belongs(circle)).order_by(User.email))


def describe_person(session: Session, circle: Circle, user_id: int) -> Person | None:
    """One user of a circle; None for everybody else."""
    return next(iter(_describe(session, select(User).where(User.id == user_id, *_belongs(circle)))), None)


def find_person(session: Session, circle: Circle, user_id: int) -> User | None:
    """A user of this circle, locked until the transaction ends; None for everybody else. Among staff the admins are
    locked too, all in one order: of two who change each other, the second waits here and reads what the first did."""
    wanted = (User.id == user_id, *_belongs(circle))
    locked = or_(User.id == user_id, _IS_ADMIN) if circle.school_id is None else User.id == user_id
    session.execute(select(User.id).where(locked).order_by(User.id).with_for_update())
    return session.scalars(select(User).where(*wanted), execution_options={"populate_existing": True}).one_or_none()


def change_role(session: Session, circle: Circle, user: User, role: RoleName, actor: str) -> None:
    """Give a user another role of the same circle, which ends every sign-in. Raises AccountError where it is none of
    the circle's, the user's own, or takes the last admin away."""
    before = user.roles[0].name
    if role not in circle.roles:
        raise AccountError(say("Choose one of the roles. Nothing was changed."))
    if role == before:
        raise AccountError(say("This is the role already. Nothing was changed."))
    _must_be_another(user, actor)
    _keep_an_admin(session, user)
    user.roles = [find_or_make_role(session, role)]
    session.flush()
    end_sign_ins(session, user.id, EndedWhy.role, actor)
    tell(session, user.id, "user.role_changed", actor, before=before, after=role)
    tell_account_changed(session, user.id, Change.role, now(session))


def switch_off(session: Session, user: User, reason: OffReason, actor: str) -> None:
    """Let a user in no more, at once and everywhere. One who did not come yet is not awaited any longer. Raises
    AccountError where it is the actor, the last admin, or was done already."""
    _must_be_another(user, actor)
    if not user.active and has_come(user):
        raise AccountError(say("This user is switched off already. Nothing was changed."))
    _keep_an_admin(session, user)
    was_active, user.active = user.active, False
    session.flush()
    take_back(session, user)
    take_back_reset(session, user)
    end_sign_ins(session, user.id, EndedWhy.switched_off, actor)
    tell(session, user.id, "user.switched_off", actor, reason=reason)
    if was_active:
        tell_account_changed(session, user.id, Change.switched_off, now(session))


def switch_on(session: Session, user: User, actor: str) -> None:
    """Let a user in again, with the password of before. Raises AccountError where nobody was switched off."""
    if user.active:
        raise AccountError(say("This user is not switched off. Nothing was changed."))
    if not has_come(user):
        raise AccountError(say("This user has not come yet. Send the invitation again."))
    user.active = True
    session.flush()
    tell(session, user.id, "user.switched_on", actor)
    tell_account_changed(session, user.id, Change.switched_on, now(session))


def forget_second_factor(session: Session, user: User, actor: str) -> None:
    """For somebody who lost phone, passkeys and recovery codes: ask for the password alone until a new one is set up.
    Raises AccountError where it is the actor, or there is none."""
    _must_be_another(user, actor)
    if not has_second_factor(user):
        raise AccountError(say("There is no second step to remove. Nothing was changed."))
    user.tf_totp_secret = user.tf_primary_method = user.mf_recovery_codes = None
    user.webauthn.clear()
    session.flush()
    end_sign_ins(session, user.id, EndedWhy.second_factor, actor)
    tell(session, user.id, "user.second_factor_removed", actor, what="all")
    tell_account_changed(session, user.id, Change.second_factor, now(session))


def _belongs(circle: Circle) -> tuple[ColumnElement[bool], ...]:
    roles = [str(role) for role in circle.roles]
    return User.school_id == circle.school_id, User.roles.any(Role.name.in_(roles))


def _describe(session: Session, which: Select[User]) -> list[Person]:
    users = list(session.scalars(which.options(selectinload(User.roles), selectinload(User.webauthn))))
    ids = [user.id for user in users]
    seen = select(SignIn.user_id, func.max(SignIn.seen_at)).where(SignIn.user_id.in_(ids)).group_by(SignIn.user_id)
    seen_at = {row[0]: row[1] for row in session.execute(seen)}
    still = (Link.used_at.is_(None), Link.ended_at.is_(None), Link.expires_at > now(session))
    links = select(Link.user_id).where(Link.purpose == LinkPurpose.invitation, Link.user_id.in_(ids), *still)
    invited = set(session.scalars(links))
    return [
        Person(
            user,
            RoleName(user.roles[0].name),
            _find_standing(user, open_link=user.id in invited),
            has_second_factor(user),
            seen_at.get(user.id),
        )
        for user in users
    ]


def _find_standing(user: User, *, open_link: bool) -> Standing:
    if user.active:
        return Standing.active
    if not has_come(user):
        return Standing.invited if open_link else Standing.lapsed
    return Standing.off


def _must_be_another(user: User, actor: str) -> None:
    if actor == name_user(user.id):
        raise AccountError(say("Ask a colleague to change your own account. Nothing was changed."))


def _keep_an_admin(session: Session, user: User) -> None:
    """The caller holds the admins' rows: see `find_person`."""
    if set(session.scalars(select(User.id).where(User.active.is_(True), _IS_ADMIN))) == {user.id}:
        raise AccountError(say("This is the last admin. Make somebody else an admin first."))
