"""What a person saw on the way: each page as it was answered, under a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template
from werkzeug.test import TestResponse

from tests.web.visitor import Visitor

PREFIX, NOT_FOUND = "/es", 404


@dataclass(frozen=True)
class Sight:
    """One page in one state, as it travelled."""

    name: str
    path: str
    status: int
    headers: dict[str, str]
    body: bytes


class SpanishClient(FlaskClient):
    """A browser that asks for the Spanish page of every address, and follows as if that were the only one there is."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str) and not args[0].startswith(PREFIX):
            args = (PREFIX + args[0], *args[1:])
        answer = super().open(*args, **kwargs)
        if answer.location and answer.location.startswith(PREFIX):
            answer.headers["Location"] = answer.location.removeprefix(PREFIX)
        return answer


@dataclass
class Album:
    """Pages by name, and the endpoints and templates that they came from."""

    app: Flask
    language: str = "en"
    sights: dict[str, Sight] = field(default_factory=dict)
    endpoints: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.language != "en":
            self.app.test_client_class = SpanishClient

    def keep(self, name: str, answer: TestResponse, status: int = 200) -> TestResponse:
        """Keep what was answered, which is as it should be."""
        assert answer.status_code == status, f"{name}: {answer.status_code} {answer.location} {answer.text[:2000]}"
        assert name not in self.sights, name
        asked = answer.request
        self.sights[name] = Sight(name, asked.full_path.rstrip("?"), status, dict(answer.headers), answer.data)
        found, _ = (
            self.app.url_map.bind("").match(asked.path.removeprefix(PREFIX), method=asked.method)
            if status != 404
            else ("", {})
        )
        self.endpoints.add(str(found))
        return answer

    def visit(self) -> Visitor:
        """Somebody new who reads this language."""
        return Visitor(self.app)

    @contextmanager
    def watch_templates(self) -> Iterator[None]:
        """Note which templates are shown."""

        def note(_: Flask, template: Template, **__: Any) -> None:
            self.templates.add(str(template.name))

        with template_rendered.connected_to(note, self.app):
            yield
