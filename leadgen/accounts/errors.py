"""What an account is refused for."""


class AccountError(Exception):
    """Something about a user that cannot be done as asked. The message says why, in one line."""
