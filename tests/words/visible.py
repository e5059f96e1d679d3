"""Finds words in a template that a reader sees and that no translator could reach.

Jinja's own lexer tells text from tags and expressions; a small reader of HTML tells words from markup; Jinja's parser
tells which of an expression's strings are shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

LETTERS = re.compile(r"[^\W\d_]{2,}")
# a string that is handed on, as an argument or in a variable, is taken for words where it looks like a phrase
PHRASE = re.compile(r"^[A-Z][a-z]+|[A-Za-z,.] [a-zA-Z]|^[a-z]+ $")
SHOWN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt", "data-label", "label"}
# what is typed at a machine stands as it is
NOT_WORDS = {"script", "style", "code"}
# blocks whose text is the value of an attribute
CLASS_BLOCKS = {"shell", "body_class"}
GETTEXT = {"_", "gettext", "ngettext"}
# names and units that are the same in every language
SAME = {"GED", "ms", "POST", "SMTP", "UNITID", "CSRFTokenField", "SelectField"}

JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


@dataclass
class Markup:
    """Where in HTML a template stands: between tags, inside one, or inside the value of an attribute."""

    inside: bool = False
    quote: str = ""
    attribute: str = ""
    tag: str = ""
    silent: list[str] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether words here are read by people."""
        return self.attribute in SHOWN_ATTRIBUTES if self.inside else not self.silent

    def read(self, data: str) -> Iterator[str]:
        """Walk on over ``data``, giving each run of it that is shown."""
        for piece in re.split(r"(<(?=[A-Za-z/!])|[>\"'])", data):
            if not self.inside:
                yield from self._read_text(piece)
            else:
                yield from self._read_tag(piece)

    def _read_text(self, piece: str) -> Iterator[str]:
        if piece == "<":
            self.inside, self.tag, self.attribute, self.quote = True, "", "", ""
        elif not self.silent:
            yield re.sub(r"&#?\w+;", " ", piece)

    def _read_tag(self, piece: str) -> Iterator[str]:
        if self.quote:
            if piece == self.quote:
                self.quote = self.attribute = ""
            elif self.shown:
                yield piece
        elif piece in ('"', "'"):
            self.quote = piece
        elif piece == ">":
            self._end_tag()
        else:
            self.tag = self.tag or (re.match(r"/?[A-Za-z0-9]*", piece) or [""])[0].lower()
            found = re.search(r"([\w-]+)=$", piece)
            self.attribute = found[1] if found else ""

    def _end_tag(self) -> None:
        self.inside = False
        if self.tag in NOT_WORDS:
            self.silent.append(self.tag)
        elif self.silent and self.tag == f"/{self.silent[-1]}":
            self.silent.pop()


def find_unmarked(source: str) -> list[tuple[int, str]]:
    """The line and the words of everything that is shown and not marked for translation."""
    return [
        (line, words.strip()) for line, words in _walk(source) if LETTERS.search(words) and words.strip() not in SAME
    ]


def _walk(source: str) -> Iterator[tuple[int, str]]:
    markup, skipped, code, opened = Markup(), "", "", 0
    for line, token, value in JINJA.lex(source):
        if token == "data" and not skipped:
            yield from ((line, words) for words in markup.read(value))
        elif token in ("variable_begin", "block_begin"):
            code, opened = "", line
        elif token == "variable_end" and not skipped:
            yield from ((opened, words) for words in _find_shown(code, shown=markup.shown))
        elif token == "block_end":
            name = code.split()[0]
            skipped = _skip(name, code, skipped)
            if name == "trans" or (name in ("set", "call", "include", "block") and not skipped):
                yield from ((opened, words) for words in _find_phrases(code))
        else:
            code += value


def _skip(name: str, code: str, skipped: str) -> str:
    """The statement that ends what is skipped now: a marked passage, or a block of class names."""
    if skipped:
        return "" if name == skipped else skipped
    if name == "trans":
        return "endtrans"
    return "endblock" if name == "block" and code.split()[1] in CLASS_BLOCKS else ""


def _find_shown(code: str, *, shown: bool) -> Iterator[str]:
    if shown:
        output = JINJA.parse("{{" + code + "}}").body[0]
        assert isinstance(output, nodes.Output)
        for node in output.nodes:
            yield from _list_results(node)
    yield from _find_phrases(code)


def _list_results(node: nodes.Node) -> Iterator[str]:
    """The strings that an expression may come to."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and not node.value.startswith("-"):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from _list_results(node.expr1)
        if node.expr2 is not None:
            yield from _list_results(node.expr2)
    elif isinstance(node, nodes.Concat):
        for each in node.nodes:
            yield from _list_results(each)
    elif isinstance(node, nodes.BinExpr):
        yield from _list_results(node.left)
        yield from _list_results(node.right)
    elif isinstance(node, nodes.Dict):
        for pair in node.items:
            yield from _list_results(pair.value)
    elif isinstance(node, nodes.Getitem | nodes.Getattr):
        yield from _list_results(node.node)
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "get":
        for each in (node.node, *node.args[1:]):
            yield from _list_results(each)


def _find_phrases(code: str) -> Iterator[str]:
    """The strings of a statement that look like phrases and are not what a call of gettext is given."""
    for found in re.finditer(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"", code):
        words, before = found[1] or found[2] or "", code[: found.start()]
        if PHRASE.search(words) and not _is_marked(before) and not _is_class(words):
            yield words


def _is_marked(before: str) -> bool:
    """Whether what comes next is the first argument of gettext, or the second of ngettext."""
    return bool(re.search(r"\b(_|n?gettext)\($|\bngettext\((?:'[^']*'|\"[^\"]*\"),\s*$|[=!]=\s*$", before))


def _is_class(words: str) -> bool:
    return bool(re.fullmatch(r"[a-z0-9-]+( [a-z0-9-]+)*", words)) and (
        "-" in words or words.split()[0] in {"btn", "lead", "muted", "num", "panel"}
    )
