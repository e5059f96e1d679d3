"""Where to go on after signing in: to a page of ours and nowhere else."""

import re
from urllib.parse import urlsplit

from flask import request

# what browsers strip or read as a slash, so that it could hide another host
_TRICKS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")
LONGEST = 1_000


def read_next() -> str | None:
    """The page named by ``?next=``, or by the form; None where it is not a path on this site."""
    asked = request.args.get("next") or request.form.get("next") or ""
    return asked if is_own_path(asked) else None


def is_own_path(target: str) -> bool:
    """Whether this is a path of this site, in the eyes of every browser: one slash first, no host, no tricks."""
    if not target.startswith("/") or target.startswith("//") or len(target) > LONGEST or _TRICKS.search(target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc
