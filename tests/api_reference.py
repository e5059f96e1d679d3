"""The reference in ``docs/api.md``, written from what the door is: ``python -m tests.api_reference``."""

from pathlib import Path
from typing import Any

from leadgen.web.api.openapi import describe_door

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
BEGIN, END = "<!-- written by `make api-reference` -->", "<!-- end -->"


def write_page(page: str) -> str:
    """The page with its reference as it has to be."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{write_reference()}\n{END}{after}"


def write_reference() -> str:
    """Each question with what may be asked, what is answered, and how it may be refused."""
    paths = describe_door()["paths"]
    return "".join(_write(path, method, told) for path, methods in paths.items() for method, told in methods.items())


def _write(path: str, method: str, told: dict[str, Any]) -> str:
    asked = "".join(_write_parameter(each) for each in told.get("parameters", []))
    body = told.get("requestBody")
    sends = f"Send JSON: `{_name(body)}`. " if body else ""
    refusals = ", ".join(status for status in told["responses"] if status != "200")
    table = f"| Parameter | Kind | Meaning |\n|---|---|---|\n{asked}\n" if asked else ""
    answer = f"{sends}The answer is `{_name(told['responses']['200'])}`, or a problem: {refusals}."
    return f"\n### {method.upper()} /api/v1{path}\n\n{told['summary']}\n\n{table}{answer}\n"


def _write_parameter(told: dict[str, Any]) -> str:
    schema, kinds = told["schema"], [told["schema"].get("format", told["schema"]["type"])]
    if "maximum" in schema:
        kinds.append(f"{schema['minimum']} to {schema['maximum']}")
    kinds.append(
        "required" if told["required"] else f"usually {schema['default']}" if "default" in schema else "optional"
    )
    return f"| `{told['name']}` | {', '.join(kinds)} | {told['description']} |\n"


def _name(told: dict[str, Any]) -> str:
    (content,) = told["content"].values()
    return str(content["schema"]["$ref"].rpartition("/")[2])


if __name__ == "__main__":
    PAGE.write_text(write_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
