"""How the portal words what she agreed to, and what a school says of a lead."""

from flask import Flask

from leadgen.dispositions.progress import Word
from leadgen.dispositions.reply import RETURN
from leadgen.dispositions.report import ReturnReason
from leadgen.intake.consent import CHANNEL_WORDS
from leadgen.models import Channel, ConsentChannel
from leadgen.web.translate import gettext, lazy_gettext, translate

# each as a button
PROGRESS_WORDS: dict[str, str] = {
    Word.reached: lazy_gettext("We reached this person"),
    Word.wrong_number: lazy_gettext("Wrong number or address"),
    Word.appointment: lazy_gettext("We made an appointment"),
    Word.applied: lazy_gettext("This person applied"),
    Word.enrolled: lazy_gettext("This person enrolled"),
    Word.not_interested: lazy_gettext("Not interested"),
    RETURN: lazy_gettext("Return this lead"),
}
RETURN_WORDS = {
    ReturnReason.wrong_number: lazy_gettext("The number or address is wrong"),
    ReturnReason.not_eligible: lazy_gettext("Does not meet our entry rules"),
    ReturnReason.duplicate: lazy_gettext("We knew this person already"),
    ReturnReason.not_interested: lazy_gettext("Says “not interested”"),
    ReturnReason.outside_area: lazy_gettext("Lives outside our area"),
    ReturnReason.other: lazy_gettext("Another reason"),
}


def register(app: Flask) -> None:
    """Give the portal's templates the filter `channel_words`."""
    app.add_template_filter(word_channels, "channel_words")


def word_channels(channels: list[ConsentChannel]) -> str:
    """`email and phone call`, in the order of the form."""
    agreed = {each.channel for each in channels}
    *most, last = [translate(CHANNEL_WORDS[channel]) for channel in Channel if channel in agreed]
    return gettext("%(most)s and %(last)s", most=", ".join(most), last=last) if most else last
