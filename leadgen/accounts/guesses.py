"""Whoever guesses waits longer each time, and nobody is locked out by somebody else's guessing.

Failures are counted three ways. *Here*: for one account from one place, a place being a browser that signed in to that
account before, or else a network address. *Place*: for one address, whatever the account; browsers that are known are
not counted there, so a neighbour on the same network costs them nothing. *Account*: for one account from wherever;
it never makes anybody wait by itself, it only takes the free tries from places that have failed before.

A try is counted before the password is looked at, in a transaction of its own, so that many tries at one moment
count as many. Only keyed hashes are stored.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from leadgen.clock import now
from leadgen.database import insert_unless_there
from leadgen.models import Guesses

FREE_HERE = 5
FREE_PLACE = 30
MANY_FOR_ACCOUNT = 50  # from then on a place that failed once has had its free tries
LONGEST_WAIT = timedelta(minutes=15)
HALVED_EVERY = timedelta(hours=1)  # of quiet
FORGOTTEN_AFTER = timedelta(days=1)
IPV6_HOME = 64  # one home or office has a whole network of this prefix length


@dataclass(frozen=True)
class Try:
    """One try, as counted: keyed hashes of what it was about and where it came from. ``place`` is None where the
    browser is known."""

    here: bytes
    place: bytes | None
    account: bytes

    @property
    def keys(self) -> list[bytes]:
        # always in one order, so that two at once never wait in a ring
        return sorted(key for key in (self.here, self.place, self.account) if key)


def name_try(secret: str, account: str, address: str, device: str | None) -> Try:
    """What a try for an account is counted under. ``device`` names a browser that signed in to it before."""
    place = _find_home(address)
    here = f"device:{device}" if device else f"address:{place}"
    return Try(
        here=hash_guess(secret, f"here:{account}:{here}"),
        place=None if device else hash_guess(secret, f"place:{place}"),
        account=hash_guess(secret, f"account:{account}"),
    )


def hash_guess(secret: str, what: str) -> bytes:
    """The keyed hash under which something is counted."""
    return hmac.new(secret.encode(), b"guess:" + what.encode(), sha256).digest()


def count_try(session: Session, tried: Try) -> timedelta:
    """Count a try as failed until it is known to be good, and give zero; or give how long to wait, and count nothing.

    The caller commits before it looks at the password."""
    at = now(session)
    session.execute(delete(Guesses).where(Guesses.last_at < at - FORGOTTEN_AFTER))
    insert_unless_there(session, Guesses, *({"about": key, "failures": 0, "last_at": at} for key in tried.keys))
    _lock(session, tried.keys)
    at = now(session)  # whoever waited for the turn comes later than who had it
    rows = _read(session, tried.keys, at)
    wait = _find_wait(tried, rows, at)
    if not wait:
        for key, (failures, _) in rows.items():
            one = update(Guesses).where(Guesses.about == key).values(failures=failures + 1, last_at=at)
            session.execute(one.execution_options(synchronize_session=False))
    return wait


def forget_try(session: Session, tried: Try) -> None:
    """The try was good: what was counted here is forgotten, and elsewhere this one try is taken back."""
    _lock(session, tried.keys)
    # the row stays: another try may be about to count on it
    here = update(Guesses).where(Guesses.about == tried.here).values(failures=0)
    session.execute(here.execution_options(synchronize_session=False))
    back = update(Guesses).where(Guesses.about.in_(tried.keys), Guesses.failures > 0)
    session.execute(back.values(failures=Guesses.failures - 1).execution_options(synchronize_session=False))


def _lock(session: Session, keys: Sequence[bytes]) -> None:
    """Lock what is counted under these, in one order for everybody, so that two at once never wait in a ring."""
    query = select(Guesses.about).where(Guesses.about.in_(keys)).order_by(Guesses.about).with_for_update()
    session.execute(query).all()


def _read(session: Session, keys: Sequence[bytes], at: datetime) -> dict[bytes, tuple[int, datetime]]:
    """What was counted under each key, halved for each quiet hour since."""
    rows = session.execute(select(Guesses.about, Guesses.failures, Guesses.last_at).where(Guesses.about.in_(keys)))
    return {row.about: (row.failures >> max((at - row.last_at) // HALVED_EVERY, 0), row.last_at) for row in rows}


def _find_wait(tried: Try, rows: dict[bytes, tuple[int, datetime]], at: datetime) -> timedelta:
    many = rows[tried.account][0] >= MANY_FOR_ACCOUNT
    free = {tried.here: 1 if many and tried.place else FREE_HERE, tried.place: FREE_PLACE}
    ends = [rows[key][1] + find_delay(rows[key][0], allowed) for key, allowed in free.items() if key]
    return max(max(ends) - at, timedelta(0))


def find_delay(failures: int, free: int) -> timedelta:
    """How long after the last failure the next try may come: nothing for the free ones, then 2 s, 4 s, 8 s …"""
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free + 1, 12)), LONGEST_WAIT)


def _find_home(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, IPV6_HOME), strict=False)) if found.version == 6 else str(found)
