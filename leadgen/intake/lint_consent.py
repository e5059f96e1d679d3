"""What a page that asks for consent must have, whoever changes its template: pure, on the HTML that she would get.

The elements are those of prior express written consent in the Telephone Consumer Protection Act's rules (47 CFR
64.1200(f)(9)), in English or in Spanish, of the rule that each seller is agreed to by itself, and of our own promise
that nothing is ticked for her.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape

# the button does what it says; these say nothing, or say it for her
AGREEMENT = re.compile(r"\b(send my details|let .+ reach me|enviar mis datos|se comunique conmigo)\b", re.IGNORECASE)
EMPTY_WORDS = re.compile(
    r"\b(submit|continue|next|ok|click here|get started|continuar|siguiente|aceptar|haga clic|empezar)\b",
    re.IGNORECASE,
)
NOT_A_CONDITION = re.compile(
    r"do not have to agree\b.*\b(see schools|enroll)|no tengo que aceptar\b.*\b(ver escuelas|inscribirme)",
    re.IGNORECASE,
)
WITHDRAW = re.compile(
    r"withdraw at any time\b.*\b(page|link|email)"
    r"|retirar este consentimiento en cualquier momento\b.*\b(página|enlace)",
    re.IGNORECASE,
)
MAY_CONTACT = re.compile(
    r"may contact me by (email|phone call|text message)"
    r"|puede comunicarse conmigo por (correo electrónico|llamada telefónica|mensaje de texto)",
    re.IGNORECASE,
)
SMALL = re.compile(r'class="[^"]*\b(small|muted|text-muted|visually-hidden|form-text)\b')
TICKED = re.compile(r"<input[^>]*\bchecked\b[^>]*>")
PRESSURE = re.compile(
    r"\b(hurry|only \d+ left|last chance|expires? in|select all|tick all"
    r"|apúrese|solo quedan \d+|última oportunidad|vence en|seleccionar todas?|marcar todas?)\b",
    re.IGNORECASE,
)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
BUTTON = re.compile(r"<button\b([^>]*)>(.*?)</button>", re.DOTALL)
AGREED = re.compile(r'<div class="[^"]*\bagreed\b[^"]*">(.*?)</div>', re.DOTALL)


def lint_consent(page: str, schools: Mapping[str, str]) -> list[str]:
    """What the page lacks, one sentence each; nothing where it has all. ``schools``: the exact words of consent by the
    name of each school that she is asked about."""
    main = page[page.find("<main") :] if "<main" in page else page
    return [*_lint_words(main, schools), *_lint_buttons(main), *_lint_pressure(main)]


def _lint_words(main: str, schools: Mapping[str, str]) -> Iterator[str]:
    blocks = [(block, _read(block)) for block in AGREED.findall(main)]
    for name, words in schools.items():
        mine = [(block, text) for block, text in blocks if " ".join(words.split()) in text]
        if not mine:
            yield f"The words for {name} do not stand on the page in a panel of their own"
            continue
        if name not in words:
            yield f"The words for {name} do not name it"
        if any(SMALL.search(block) for block, _ in mine):
            yield f"The words for {name} are small, pale or hidden"
        yield from (f"The words for {name} {lack}" for lack in _list_lacks(words))
    if len(blocks) != len(schools):
        yield f"There are {len(blocks)} panels of words for {len(schools)} schools: each is agreed to by itself"


def _list_lacks(words: str) -> Iterator[str]:
    if not MAY_CONTACT.search(words):
        yield "do not say in which ways it may make contact"
    if not NOT_A_CONDITION.search(words):
        yield "do not say that agreeing is no condition of anything"
    if not WITHDRAW.search(words):
        yield "do not say how to withdraw"


def _lint_buttons(main: str) -> Iterator[str]:
    buttons = [_read(text) for form in FORM.findall(main) for _, text in BUTTON.findall(form)]
    agreeing = [text for text in buttons if AGREEMENT.search(text)]
    if len(agreeing) != 1:
        yield f"One button has to say that she agrees, like “Send my details to 2 schools”; there are {len(agreeing)}"
    yield from (f"The button “{text}” does not say what it does" for text in buttons if EMPTY_WORDS.search(text))


def _lint_pressure(main: str) -> Iterator[str]:
    if TICKED.search(main):
        yield "A box is ticked for her"
    if found := PRESSURE.search(_read(main)):
        yield f"The page presses her: “{found[0]}”"


def _read(html: str) -> str:
    return " ".join(unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", html, flags=re.DOTALL)).split())
