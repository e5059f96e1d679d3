"""The words of consent: exact, versioned, one sentence per school.

They name the one school and the channels, say that agreeing is no condition of anything, and how to
take it back, as the Telephone Consumer Protection Act's rules on prior express consent ask
(47 CFR 64.1200(f)(9)).
"""

from collections.abc import Sequence
from hashlib import sha256

from leadgen.marks import N_
from leadgen.models import Channel

# each language has versions of its own: changing one changes nothing in the other
WORDING_VERSIONS = {"en": "2026-11-22", "es": "2026-11-26.es"}

CHANNEL_WORDS = {Channel.email: N_("email"), Channel.call: N_("phone call"), Channel.text: N_("text message")}
CHANNELS_IN_SPANISH = {
    Channel.email: "correo electrónico",
    Channel.call: "llamada telefónica",
    Channel.text: "mensaje de texto",
}


def word_consent(school: str, program: str, channels: Sequence[Channel], language: str = "en") -> str:
    """The sentences she agrees to for one school, in a language. ``program`` is its title in that language, like
    ``Medical billing and coding``."""
    if language == "es":
        return _word_in_spanish(school, program, channels)
    return (
        f"{school} may contact me by {join_words([CHANNEL_WORDS[channel] for channel in channels])} "
        f"about training in {put_in_sentence(program)}. I do not have to agree in order to see schools or to enroll, "
        "and I can withdraw at any time on the page that my confirmation email links to."
    )


def _word_in_spanish(school: str, program: str, channels: Sequence[Channel]) -> str:
    ways = join_words([CHANNELS_IN_SPANISH[channel] for channel in channels], "y")
    return (
        f"{school} puede comunicarse conmigo por {ways} sobre capacitación en {put_in_sentence(program)}. "
        "No tengo que aceptar para ver escuelas ni para inscribirme, y puedo retirar este consentimiento en cualquier "
        "momento en la página a la que lleva el enlace de mi correo electrónico de confirmación."
    )


def put_in_sentence(title: str) -> str:
    """A title as it stands in mid-sentence: small first letter, unless it is an acronym."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def word_act(count: int, language: str = "en") -> str:
    """What she did: the button that she pressed, in the words that stood on it."""
    if language == "es":
        return f"Pressed “Enviar mis datos a {count} escuela{'' if count == 1 else 's'}”"
    return f"Pressed “Send my details to {count} school{'' if count == 1 else 's'}”"


def hash_words(words: str) -> str:
    """SHA-256 of the exact words, in hexadecimal."""
    return sha256(words.encode()).hexdigest()


def join_words(words: Sequence[str], link: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {link} {words[-1]}"
