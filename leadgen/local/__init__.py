"""Everything on one machine: supervisor, embedded broker, and a sandbox school. Knows no app."""


class StartError(Exception):
    """This machine or folder does not let us run. The message is for the person at the terminal."""
