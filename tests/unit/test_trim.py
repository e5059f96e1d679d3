"""A style sheet keeps what pages use, and nothing that would change how they look goes."""

import re

import pytest

from leadgen.web.sheet import BOOTSTRAP, OWN, list_words, read_sheet
from leadgen.web.trim import CLASS, drop_unread, find_license, pack, trim_rules

WORDS = {"btn", "card", "table"}


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        ("p{margin:0}", "p{margin:0}"),
        (".btn{a:b}.nope{a:b}", ".btn{a:b}"),
        (".btn,.nope,h1{a:b}", ".btn,h1{a:b}"),
        (".btn .nope{a:b}", ""),
        (".btn:not(.nope){a:b}", ".btn:not(.nope){a:b}"),
        (".table>:not(caption)>*>*{a:b}", ".table>:not(caption)>*>*{a:b}"),
        (":is(.btn,.nope){a:b}.card{a:b}", ".card{a:b}"),
        ("@media (min-width:1px){.nope{a:b}}", ""),
        ("@media (min-width:1px){.nope{a:b}.btn{a:b}}p{a:b}", "@media (min-width:1px){.btn{a:b}}p{a:b}"),
        ("@keyframes turn{0%{a:b}to{a:c}}p{a:b}", "p{a:b}"),
        (":root,[data-x-theme=light]{a:b}[data-x-theme=dark]{a:b}", ":root{a:b}"),
        ('@charset "UTF-8";/*! theirs */p{a:b}', "p{a:b}"),
    ],
)
def test_a_rule_stays_where_a_page_could_need_it(sheet: str, kept: str) -> None:
    assert trim_rules(sheet, WORDS, "data-x-") == kept


def test_a_variable_goes_when_nobody_reads_it_and_those_go_with_it_that_it_alone_read() -> None:
    sheet = ":root{--x-a:1px;--x-b:var(--x-c);--x-c:2px}p{margin:var(--x-a)}"
    assert drop_unread(sheet, "--x-") == ":root{--x-a:1px;}p{margin:var(--x-a)}"


def test_a_rule_that_set_nothing_else_goes_with_its_variables() -> None:
    assert drop_unread("p{a:b}q{--x-a:1px}", "--x-") == "p{a:b}"


def test_comments_and_indents_go_and_a_license_stays() -> None:
    assert pack("/*! theirs */\n/* why */\np {\n  a: b;\n}\n") == "/*! theirs */\np {\na: b;\n}"
    assert find_license("x{}/*! theirs */y{}") == "/*! theirs */\n"


def test_the_sheet_of_our_pages_has_every_rule_of_our_own_and_a_tenth_of_the_framework() -> None:
    sheet, own = read_sheet(), OWN.read_text()
    assert "Licensed under MIT" in sheet.partition("*/")[0]
    assert sheet.count("{") == sheet.count("}")
    assert set(CLASS.findall(re.sub(r"/\*.*?\*/|url\([^)]*\)", "", own, flags=re.DOTALL))) <= set(CLASS.findall(sheet))
    assert len(sheet) - len(pack(own)) < len(BOOTSTRAP.read_text()) / 8


def test_what_is_read_is_set() -> None:
    sheet = read_sheet()
    read, given = set(re.findall(r"var\(\s*(--[\w-]+)\)", sheet)), set(re.findall(r"(--[\w-]+)\s*:", sheet))
    whole = BOOTSTRAP.read_text() + OWN.read_text()
    never = set(re.findall(r"var\(\s*(--[\w-]+)\)", whole)) - set(re.findall(r"(--[\w-]+)\s*:", whole))
    assert read - given <= never


@pytest.mark.parametrize("name", ["btn-primary", "form-check-input", "table-responsive", "visually-hidden"])
def test_the_names_of_classes_are_found_where_pages_are_made(name: str) -> None:
    assert name in list_words()
