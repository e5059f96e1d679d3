"""How the portal words what she agreed to."""

from flask import Flask

from leadgen.intake.consent import CHANNEL_WORDS, join_words
from leadgen.models import Channel, ConsentChannel


def register(app: Flask) -> None:
    """Give the portal's templates the filter `channel_words`."""
    app.add_template_filter(word_channels, "channel_words")


def word_channels(channels: list[ConsentChannel]) -> str:
    """`email and phone call`, in the order of the form."""
    agreed = {each.channel for each in channels}
    return join_words([CHANNEL_WORDS[channel] for channel in Channel if channel in agreed])
