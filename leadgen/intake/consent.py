"""The words of consent: exact, versioned, one sentence per school.

They name the one school and the channels, say that agreeing is no condition of anything, and how to
take it back, as the Telephone Consumer Protection Act's rules on prior express consent ask
(47 CFR 64.1200(f)(9)).
"""

from collections.abc import Sequence
from hashlib import sha256

from leadgen.marks import N_
from leadgen.models import Channel

WORDING_VERSION = "2026-11-22"

CHANNEL_WORDS = {Channel.email: N_("email"), Channel.call: N_("phone call"), Channel.text: N_("text message")}


def word_consent(school: str, program: str, channels: Sequence[Channel]) -> str:
    """The sentences she agrees to for one school. ``program`` is its title, like ``Medical billing and coding``."""
    return (
        f"{school} may contact me by {join_words([CHANNEL_WORDS[channel] for channel in channels])} "
        f"about training in {put_in_sentence(program)}. I do not have to agree in order to see schools or to enroll, "
        "and I can withdraw at any time on the page that my confirmation email links to."
    )


def put_in_sentence(title: str) -> str:
    """A title as it stands in mid-sentence: small first letter, unless it is an acronym."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def word_act(count: int) -> str:
    """What she did: the button that she pressed."""
    return f"Pressed “Send my details to {count} school{'' if count == 1 else 's'}”"


def hash_words(words: str) -> str:
    """SHA-256 of the exact words, in hexadecimal."""
    return sha256(words.encode()).hexdigest()


def join_words(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
