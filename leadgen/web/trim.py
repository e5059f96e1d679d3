"""A style sheet without what no page uses. Pure: text in, text out.

Made for sheets like Bootstrap's, whose braces nest at most once and stand in no string."""

import re
from collections.abc import Collection

RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
GROUPS = ("@media", "@supports")
COMMA = re.compile(r",(?![^()]*\))")
NOT = re.compile(r":not\([^)]*\)")
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
CHARSET = re.compile(r'@charset "[^"]*";')
LICENSE = re.compile(r"/\*!.*?\*/", re.DOTALL)
INDENT = re.compile(r"\s*\n\s*")
EMPTY = re.compile(r"(?<=[}/])[^{}/]+\{\s*\}")


def trim_rules(sheet: str, words: Collection[str], switch: str) -> str:
    """The rules that can apply to pages whose classes are all among ``words``. Left out besides: whatever asks for an
    attribute that begins with ``switch``, and animations."""
    rules = _split(CHARSET.sub("", LICENSE.sub("", sheet)))
    return "".join(_trim(*each, words, switch) for each in rules)


def find_license(sheet: str) -> str:
    """The comment that has to go wherever the sheet goes, or nothing."""
    found = LICENSE.search(sheet)
    return f"{found[0]}\n" if found else ""


def drop_unread(sheet: str, prefix: str) -> str:
    """The sheet without the variables of that prefix that no rule reads."""
    setting = re.compile(rf"({prefix}[\w-]+)\s*:[^;}}]*(;|(?=}}))\s*")
    while True:
        read = set(re.findall(rf"var\(\s*({prefix}[\w-]+)", sheet))
        shorter = setting.sub(lambda found: found[0] if found[1] in read else "", sheet)  # noqa: B023 - called here
        if shorter == sheet:
            return EMPTY.sub("", sheet)
        sheet = shorter


def pack(sheet: str) -> str:
    """The sheet without indents, and without comments but for a license."""
    return INDENT.sub("\n", COMMENT.sub("", sheet)).strip()


def _split(sheet: str) -> list[tuple[str, str]]:
    return RULE.findall(sheet)


def _trim(head: str, body: str, words: Collection[str], switch: str) -> str:
    if head.startswith(GROUPS):
        inner = "".join(_trim(*each, words, switch) for each in _split(body))
        return f"{head}{{{inner}}}" if inner else ""
    if head.startswith("@"):
        return ""
    kept = [each for each in COMMA.split(head) if f"[{switch}" not in each and _may_apply(each, words)]
    return f"{','.join(kept)}{{{body}}}" if kept else ""


def _may_apply(selector: str, words: Collection[str]) -> bool:
    return all(name in words for name in CLASS.findall(NOT.sub("", selector)))
