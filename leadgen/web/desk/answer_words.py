"""What a carrier noted of an answer is kept in English; here it is put into the reader's language.

A test reads the carriers' own code, and fails for a sentence of theirs that is missing here."""

import re

from leadgen.marks import N_
from leadgen.web.translate import gettext

SENTENCES = (
    # the school's server
    N_("the school's server answered %(status)s"),
    N_("no complete answer: %(why)s"),
    N_("nothing was sent: %(why)s"),
    N_("no time was left to send it"),
    N_("the answer had no end"),
    N_("the web address leads to %(address)s, which we do not connect to"),
    N_("the certificate was not accepted: %(why)s"),
    N_("the web address cannot be used: %(why)s"),
    N_("the web address cannot be read: %(why)s"),
    N_("the web address must start with https://"),
    N_("the web address has characters that no address has"),
    N_("the web address must look like https://school.org/path"),
    N_("the web address must not hold a user name or password"),
    N_("the webhook has no signing secret"),
    N_("a signing key of the webhook is too short"),
    N_("a signing secret of the webhook is not base64"),
    N_("a header has a line break or another control character in it"),
    N_("this parcel has no form fields"),
    N_("the answer fits none of the rules"),
    # a worker that died
    N_("the worker died while sending"),
    N_("the worker died before it sent"),
    # a server that takes files
    N_("this parcel is no file"),
    N_("another file of this name is there"),
    N_("no such file is there: it never came, or the school took it away"),
    N_("the file that is there is not as it was sent"),
    N_("the file was written and never got its name"),
    N_("the hidden copy of the file could not be removed"),
    N_("the connection broke while the file was being named"),
    N_("the SFTP server does not let us rename a file in this folder"),
    N_("the map says nothing of a daily file"),
    N_("the keys of the map cannot be used with the SFTP server"),
    N_("the name of the SFTP server was not found"),
    N_("the SFTP address cannot be read"),
    N_("the SFTP address must look like sftp://files.school.org/folder, without a user name"),
    N_("the SFTP server broke off (%(why)s)"),
    N_("the SFTP server does not let us in"),
    N_("the SFTP server does not let us write into this folder"),
    N_("the SFTP server has an address that nothing may be sent to"),
    N_("the SFTP server kept another size than was written"),
    N_("the SFTP server shows another key than the one that is written down"),
    N_("the SFTP server took too long"),
    N_("the SFTP server was not reached"),
    # mail
    N_("the mail address cannot be used: %(why)s"),
    N_("the key of this letter cannot stand in a Message-ID"),
    N_("LEADGEN_SMTP_URL names no mail relay"),
    N_("no answer from our mail relay after the letter: %(why)s"),
    N_("our mail relay accepted the letter before its end"),
    N_("our mail relay's answer after the letter tells nothing"),
    N_("our mail relay did not greet us (%(status)s)"),
    N_("our mail relay did not let us in (%(status)s)"),
    N_("our mail relay did not start TLS (%(status)s)"),
    N_("our mail relay refused our sender address (%(status)s)"),
    N_("our mail relay refused the recipient (%(status)s)"),
    N_("our mail relay refused the letter (%(status)s)"),
    N_("our mail relay broke the letter off (%(status)s)"),
    N_("the mail relay refused the recipient (%(status)s)"),
    N_("the mail relay refused the letter (%(status)s)"),
    N_("the mail relay broke the letter off (%(status)s)"),
    N_("carrier fault: %(why)s"),
    # the demo's
    N_("no answer within %(seconds)s s"),
    N_("silence after the final dot"),
    N_("%(status)s after the body was sent"),
    N_("connection refused"),
    N_("the certificate has expired"),
)


def word_answer(sentence: str) -> str:
    """A carrier's sentence in the reader's language; what is none of ours (a server's own words) as it is."""
    for words, pattern in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            return gettext(words, **found.groupdict())
    return sentence


def _read_pattern(words: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(words)), re.DOTALL)


_PATTERNS = tuple((words, _read_pattern(words)) for words in SENTENCES)
