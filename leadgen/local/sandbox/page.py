"""The page of what arrived, and the same as plain values for JSON."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

from leadgen.local.sandbox.arrivals import Arrival, Arrivals, Kind
from leadgen.local.sandbox.signature import Check

STYLE = Path(__file__).with_name("style.css").read_bytes()
SHOWN = 200

KINDS = {Kind.webhook: "Webhook", Kind.form: "Form post", Kind.mail: "Mail", Kind.other: "Something else"}
SIGNATURES = {
    "": ("", ""),
    Check.good: ("ok", "Signature checked: good"),
    Check.bad: ("bad", "Signature does not match"),
    Check.stale: ("bad", "Signature matches, but is over 5 minutes old"),
    Check.missing: ("bad", "Not signed"),
    Check.unknown: ("warn", "Signed, but we hold no secret for this school"),
}


def describe(arrival: Arrival) -> dict[str, object]:
    """An arrival as plain values."""
    return {**vars(arrival), "at": arrival.at.isoformat()}


def render_page(arrivals: Arrivals) -> str:
    """The whole page, newest first."""
    shown = arrivals.list_latest(SHOWN)
    items = "\n".join(_render(arrival) for arrival in shown) or "<p>Nothing has arrived yet.</p>"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the sample schools received</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<h1>What the sample schools received</h1>
<p>This page stands in for every school with an <code>.example</code> address. Nothing leaves this machine.
{_count(arrivals.count(), len(shown))} <a href="/">Look again</a></p>
</header>
<main>
{items}
</main>
</body>
</html>
"""


def _count(total: int, shown: int) -> str:
    things = "1 thing has" if total == 1 else f"{total} things have"
    return f"{things} arrived{f'; the latest {shown} are below' if shown < total else ''}."


def _render(arrival: Arrival) -> str:
    tone, words = SIGNATURES.get(arrival.signature, ("warn", arrival.signature))
    marks = [_mark(tone, words)] if words else []
    if arrival.duplicate:
        marks.append(_mark("warn", "Duplicate: the school already has it"))
    if not arrival.taken:
        marks.append(_mark("bad", f"Not taken: answered {arrival.answer}"))
    facts = [
        ("To", f"{arrival.host}{arrival.path}"),
        ("Answer", arrival.answer),
        ("School's reference", arrival.reference),
        ("Key", arrival.key),
    ]
    return f"""<article id="a{arrival.id}">
<h2>{escape(KINDS[arrival.kind])} to {escape(arrival.host)}</h2>
<p class="quiet"><time datetime="{arrival.at.isoformat()}">{arrival.at:%B %-d, %Y, %H:%M:%S} UTC</time></p>
<p>{" ".join(marks)}</p>
{_list_facts(facts)}
{RENDERERS[arrival.kind](arrival.content)}
</article>"""


def _mark(tone: str, words: str) -> str:
    return f'<span class="mark {tone}">{escape(words)}</span>'


def _list_facts(pairs: object) -> str:
    rows = (pair for pair in pairs if pair[1]) if isinstance(pairs, list) else ()
    terms = (f"<dt>{escape(str(name))}</dt><dd>{escape(str(value))}</dd>" for name, value in rows)
    return f"<dl>{''.join(terms)}</dl>"


def _render_json(content: dict[str, object]) -> str:
    if "json" not in content:
        return _block("Text", str(content.get("text", "")))
    return _block("JSON", json.dumps(content["json"], indent=2, ensure_ascii=False))


def _render_form(content: dict[str, object]) -> str:
    return f"<h3>Fields</h3>{_list_facts(content['fields'])}"


def _render_mail(content: dict[str, object]) -> str:
    headers = content["headers"]
    told = _list_facts(list(headers.items())) if isinstance(headers, dict) else ""
    html = content.get("html")
    source = f"<details><summary>HTML part</summary><pre>{escape(str(html))}</pre></details>" if html else ""
    return told + _block("Text", str(content.get("text", ""))) + source


def _block(title: str, text: str) -> str:
    return f"<h3>{title}</h3><pre>{escape(text)}</pre>"


RENDERERS: dict[Kind, Callable[[dict[str, object]], str]] = {
    Kind.webhook: _render_json,
    Kind.form: _render_form,
    Kind.mail: _render_mail,
    Kind.other: _render_json,
}
