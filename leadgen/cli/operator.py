"""Who runs a command, for the history: the name of the account on this machine."""

import getpass


def name_operator() -> str:
    """``cli:`` and the account's name; ``cli`` alone where the machine does not tell."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"
