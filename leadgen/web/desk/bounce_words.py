"""What a mail server's status says, as the desk reads it: the codes of RFC 3463 that staff meet most."""

import re

from leadgen.web.translate import gettext, lazy_gettext, translate

_CODE = re.compile(r"(bounced|delayed): ([245])\.(\d{1,3}\.\d{1,3})")

# what stands after the class; the subject alone where the detail is none of these
STATUS_WORDS = {
    "1.1": lazy_gettext("there is no such mailbox"),
    "1.2": lazy_gettext("there is no such mail domain"),
    "1.10": lazy_gettext("the domain takes no mail"),
    "2.1": lazy_gettext("the mailbox is switched off"),
    "2.2": lazy_gettext("the mailbox is full"),
    "2.3": lazy_gettext("the letter is too long for the mailbox"),
    "4.1": lazy_gettext("the mail server does not answer"),
    "4.4": lazy_gettext("no way to the mail server was found"),
    "4.7": lazy_gettext("it waited for too long"),
    "1": lazy_gettext("the address is not taken"),
    "2": lazy_gettext("the mailbox does not take it"),
    "4": lazy_gettext("the mail server cannot be reached"),
    "7": lazy_gettext("the mail server refuses it by its rules"),
}


def word_bounce(code: str) -> str:
    """Like `Came back: the mailbox is full (5.2.2)`; empty where this is no bounce."""
    found = _CODE.fullmatch(code)
    if found is None:
        return ""
    kind, severity, rest = found.groups()
    words = STATUS_WORDS.get(rest) or STATUS_WORDS.get(rest.partition(".")[0]) or gettext("no reason was given")
    facts = {"words": translate(words), "status": f"{severity}.{rest}"}
    if kind == "bounced":
        return gettext("Came back: %(words)s (%(status)s)", **facts)
    return gettext("Not passed on yet: %(words)s (%(status)s)", **facts)
