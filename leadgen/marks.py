"""A mark on English words that are kept, compared or given as evidence in English and put into the reader's language
only where they are shown. Knows nothing of the web, so that rules may use it."""


def N_(words: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """``words`` as they are; `make messages` finds them by this name."""
    return words
