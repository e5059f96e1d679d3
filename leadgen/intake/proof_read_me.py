"""What the proof of a consent says about itself, in English and in Spanish side by side: whoever reads it is not the
person who agreed, and need not share a language with that person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadgen.intake.verify_consent import ENGLISH, NAMES, SPANISH, say


@dataclass(frozen=True)
class ReadMe:
    """One language's file: its name, its text, and the lines that are there at times."""

    file: str
    text: str
    withdrawn: str
    erased: str


READ_MES = {
    ENGLISH: ReadMe(
        "README.txt",
        """Proof of consent for lead {lead}

{school}
Given {given_at}, by: {channels}
In {language}, wording {wording}
{withdrawn}
The words, as agreed to:

{words}

page.html    the page on which it was given, for reading; open it in a browser. Parts that are about other schools, or
             about an address or number that this school may not use, are left out where this copy is for a school.
proof.json   the consent, the page in parts, and the lines of our history, each with its hash
style-*.css  the style sheets of that page
verify.py    checks all of it. Run: python3 verify.py (--en: in English)

The page was drawn on our server for the very post that gave the consent; the hash of the words that she read came back
with that post, or the consent was not taken. The hash of the page was kept with the consent in the same moment, and in
the history, whose lines are chained by their hashes. {erased}
""",
        "Withdrawn {at}\n",
        "The personal data was erased since, and the page with it: words, hashes, times and school are left.",
    ),
    SPANISH: ReadMe(
        "LEAME.txt",
        """Prueba del consentimiento del lead {lead}

{school}
Dado {given_at}, por: {channels}
En {language}, texto {wording}
{withdrawn}
El texto, tal como se aceptó:

{words}

page.html    la página en la que se dio, para leerla; ábrala en un navegador. Las partes sobre otras escuelas, o sobre
             una dirección o un número que esta escuela no puede usar, se omiten si esta copia es para una escuela.
proof.json   el consentimiento, la página por partes y las líneas de nuestro historial, cada una con su hash
style-*.css  las hojas de estilo de esa página
verify.py    lo comprueba todo. Ejecute: python3 verify.py --es

La página se hizo en nuestro servidor para el mismo envío con el que se dio el consentimiento; el hash del texto leído
volvió con ese envío, o el consentimiento no se tomó. El hash de la página se guardó con el consentimiento en el mismo
momento, y en el historial, cuyas líneas están encadenadas por sus hashes. {erased}
""",
        "Retirado {at}\n",
        "Los datos personales se borraron después, y la página con ellos: quedan el texto, los hashes, las horas y la "
        "escuela.",
    ),
}


def write_read_mes(lead: str, consent: Mapping[str, Any], *, erased: bool) -> dict[str, str]:
    """The text of each of these files by its name; ``consent`` is as the proof tells it."""
    return {read_me.file: _write(read_me, language, lead, consent, erased) for language, read_me in READ_MES.items()}


def _write(read_me: ReadMe, language: str, lead: str, consent: Mapping[str, Any], erased: bool) -> str:
    withdrawn = consent["withdrawn_at"]
    return read_me.text.format(
        lead=lead,
        school=consent["school_name"],
        given_at=consent["given_at"],
        channels=", ".join(say(language, channel) for channel in consent["channels"]),
        language=say(language, NAMES[consent["language"]]),
        wording=consent["wording_version"],
        withdrawn=read_me.withdrawn.format(at=withdrawn) if withdrawn else "",
        words=consent["words"],
        erased=read_me.erased if erased else "",
    )
