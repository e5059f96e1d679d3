"""Codes of an authenticator app (TOTP, RFC 6238), each good once, and recovery codes for the day the phone is lost.

The app's key is sealed under keys of the settings. Recovery codes are kept as keyed hashes and shown once.
"""

import hmac
from hashlib import sha256
from typing import Any

from flask_security.totp import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from leadgen.accounts.sign_ins import EndedWhy, end_sign_ins, tell
from leadgen.clock import now
from leadgen.config import Settings
from leadgen.letters.kinds import Change
from leadgen.letters.write import tell_account_changed
from leadgen.models import User

APP = "authenticator"
LATE_SECONDS = 30  # a clock may be one step off, either way
RECOVERY_CODES = 10


class Codes(Totp):
    """Makes and checks codes. A code is taken by raising the user's counter: of two at one moment, one is refused."""

    def __init__(self, settings: Settings, session: Session) -> None:
        keys = settings.parse_encryption_keys()
        secrets = {name: _derive(key, "authenticator app").hex() for name, key in keys.items()}
        wallet = AppWallet(secrets=secrets, default_tag=next(iter(secrets)))
        self._totp = TOTP.using(issuer=settings.site_name, wallet=wallet)
        self._recovery_key = _derive(settings.parse_index_key(), "recovery codes")
        self._session = session

    def get_last_counter(self, user: Any) -> int | None:
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Raises TokenError where the code, or a later one, was taken meanwhile."""
        newer = or_(User.tf_last_counter.is_(None), User.tf_last_counter < tmatch.counter)
        taking = update(User).where(User.id == user.id, newer).values(tf_last_counter=tmatch.counter)
        taken = self._session.scalar(taking.returning(User.id).execution_options(synchronize_session=False))
        if taken is None:
            raise TokenError("taken")
        self._session.refresh(user, ["tf_last_counter"])

    def is_code(self, user: User, code: str, sealed_key: str | None = None) -> bool:
        """Take a code of the user's app, or of the key given. False where it is wrong or was taken before."""
        key, digits = sealed_key or user.tf_totp_secret, "".join(code.split())
        return key is not None and self.verify_totp(digits, key, user, window=LATE_SECONDS)

    def add_app(self, user: User, sealed_key: str, actor: str, keep: int | None) -> list[str]:
        """From now on the app's codes are asked for. Gives recovery codes where the user had none; ends every sign-in
        but ``keep``."""
        user.tf_totp_secret, user.tf_primary_method = sealed_key, APP
        return note_factor_added(self._session, user, self, "app", actor, keep)

    def remove_app(self, user: User, actor: str) -> None:
        """Ask for its codes no more."""
        user.tf_totp_secret = user.tf_primary_method = None
        note_factor_removed(self._session, user, "app", actor)

    def make_recovery_codes(self, user: User, actor: str) -> list[str]:
        """Ten new codes, to be shown once. Those of before are good no more."""
        codes: list[str] = self.generate_recovery_codes(RECOVERY_CODES)
        user.mf_recovery_codes = [self._hash(user, code) for code in codes]
        self._session.flush()
        tell(self._session, user.id, "user.recovery_codes_made", actor)
        return codes

    def use_recovery_code(self, user: User, code: str) -> bool:
        """Use up a recovery code. False where it is none of the user's, or was used before."""
        # two at one moment take turns
        self._session.refresh(user, ["mf_recovery_codes"], with_for_update=True)
        wanted = self._hash(user, code)
        left = [each for each in user.mf_recovery_codes or [] if not hmac.compare_digest(each, wanted)]
        used = len(left) < len(user.mf_recovery_codes or [])
        if used:
            user.mf_recovery_codes = left
            self._session.flush()
        return used

    def _hash(self, user: User, code: str) -> str:
        bare = "".join(letter for letter in code.lower() if letter.isalnum())
        return hmac.new(self._recovery_key, f"{user.id}:{bare}".encode(), sha256).hexdigest()


def has_second_factor(user: User) -> bool:
    """Whether more than the password is asked for."""
    return bool(user.tf_totp_secret) or bool(user.webauthn)


def note_factor_added(session: Session, user: User, codes: Codes, what: str, actor: str, keep: int | None) -> list[str]:
    """What follows on every new second factor: the history, a letter, the end of other sign-ins; and recovery codes
    where there are none yet."""
    session.flush()
    tell(session, user.id, "user.second_factor_added", actor, what=what)
    end_sign_ins(session, user.id, EndedWhy.second_factor, actor, keep)
    tell_account_changed(session, user.id, Change.second_factor, now(session))
    return [] if user.mf_recovery_codes else codes.make_recovery_codes(user, actor)


def note_factor_removed(session: Session, user: User, what: str, actor: str) -> None:
    """What follows on every second factor that is gone. With the last one, the recovery codes go."""
    session.flush()
    if not has_second_factor(user):
        user.mf_recovery_codes = None
    tell(session, user.id, "user.second_factor_removed", actor, what=what)
    tell_account_changed(session, user.id, Change.second_factor, now(session))


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, purpose.encode(), sha256).digest()
