"""Who acts, as the history names a person: by number, since histories hold no personal data."""

from flask_security import current_user

PREFIX = "user:"


def name_actor() -> str:
    """The signed-in user, like ``user:7``."""
    return f"{PREFIX}{current_user.id}"
