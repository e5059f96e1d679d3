"""How the portal words what she agreed to."""

from flask import Flask

from leadgen.intake.consent import CHANNEL_WORDS
from leadgen.models import Channel, ConsentChannel
from leadgen.web.translate import gettext, translate


def register(app: Flask) -> None:
    """Give the portal's templates the filter `channel_words`."""
    app.add_template_filter(word_channels, "channel_words")


def word_channels(channels: list[ConsentChannel]) -> str:
    """`email and phone call`, in the order of the form."""
    agreed = {each.channel for each in channels}
    *most, last = [translate(CHANNEL_WORDS[channel]) for channel in Channel if channel in agreed]
    return gettext("%(most)s and %(last)s", most=", ".join(most), last=last) if most else last
