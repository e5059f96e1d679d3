"""Forms over the columns of a file: each field is a column, read by the column's own rule."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from leadgen.directory.cells import CellError
from leadgen.directory.columns import BY_NAME, EMPTY, Column
from leadgen.directory.draft import tidy
from leadgen.web.desk.rooms.form_words import CHOICES, HINTS, LABELS
from leadgen.web.translate import gettext, head_code, lazy_gettext, say_error, translate

MISSING = lazy_gettext("Fill this in")
NONE_CHOSEN = {"": lazy_gettext("Not given")}


class FollowsColumn:
    """A field that holds what its column of a file may hold."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self.field_flags = {"required": True} if column.required else {}

    def __call__(self, _form: object, field: Field) -> None:
        cell = " ".join((field.data or "").split())
        if not cell and self._column.required:
            raise ValidationError(gettext("%(text)s: fill this in", text=field.label.text))
        try:
            if cell:
                self._column.read(cell)
        except CellError as error:
            raise ValidationError(
                gettext("%(text)s: enter %(error)s", text=field.label.text, error=say_error(error))
            ) from None


class KeepsSeen:
    """A form that remembers the cells as they were when it was filled, in the hidden field ``seen``."""

    seen: Field

    @property
    def columns(self) -> list[Field]:
        """The fields that hold cells."""
        raise NotImplementedError

    def fill(self, cells: Mapping[str, str]) -> None:
        """Show these cells, and remember that they were seen."""
        for field in self.columns:
            field.data = cells[field.name]
        self.remember(cells)

    def remember(self, cells: Mapping[str, str]) -> None:
        """Count these cells as seen from now on."""
        self.seen.data = json.dumps(dict(cells))

    def read(self) -> dict[str, str]:
        """What was typed, by column."""
        return tidy({field.name: field.data or "" for field in self.columns})

    def read_seen(self) -> dict[str, str]:
        """The cells as they were shown. One that is missing counts as empty, so that whoever tampered with the form is
        told like one whose form is stale."""
        return {field.name: "" for field in self.columns} | self._open_seen()

    def _open_seen(self) -> dict[str, str]:
        try:
            seen = json.loads(self.seen.data or "{}")
            # JSON can say halves of characters, which no database takes; they raise a ValueError too
            json.dumps(seen, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return {}
        return {name: cell for name, cell in seen.items() if isinstance(cell, str)} if isinstance(seen, dict) else {}

    def merge(self, differences: Mapping[str, tuple[str, str]], now: Mapping[str, str]) -> None:
        """Somebody else was first: what this person typed stays; where nothing was typed, the other's word shows."""
        for field in self.columns:
            was, cell = differences.get(field.name, (None, None))
            if was is not None and (field.data or "") == was:
                field.data = cell
        self.remember(now)


class ColumnsForm(KeepsSeen, FlaskForm):  # type: ignore[misc]
    """A form whose fields are columns."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False  # the token was checked before the view, as every post's is

    seen = HiddenField()

    @property
    def columns(self) -> list[Field]:
        return [field for field in self if field.name != "seen"]

    def mark(self, wrong: Mapping[str, str]) -> None:
        """Put what is wrong beside its fields."""
        mark_fields(self, wrong)


def mark_fields(form: FlaskForm, wrong: Mapping[str, str]) -> None:
    """Put what belongs in each wrong column beside its field; on top where the form has none."""
    for name, expected in wrong.items():
        field = form._fields.get(name)
        words = MISSING.lower() if expected == EMPTY else gettext("enter %(expected)s", expected=translate(expected))
        if field is None:
            form.form_errors.append(f"{head_code(name)}: {words}")
        else:
            field.errors = [*field.errors, f"{field.label.text}: {words}"]


def make_form(columns: Iterable[str], choices: Mapping[str, Mapping[str, str]]) -> ColumnsForm:
    """A form of these columns. ``choices`` are values with words for columns that are chosen from a list."""
    fields = {name: _make_field(BY_NAME[name], {**CHOICES, **choices}.get(name)) for name in columns}
    form: ColumnsForm = type("Form", (ColumnsForm,), fields)()
    return form


def _make_field(column: Column, offered: Mapping[str, str] | None) -> Any:
    label, hint = LABELS[column.name], HINTS.get(column.name, "")
    if offered is None:
        return StringField(label, [FollowsColumn(column)], description=hint)
    words = {**(NONE_CHOSEN if column.may_be_unknown else {}), **offered}
    listed = [SelectChoice(value, text) for value, text in words.items()]
    return SelectField(
        label,
        [FollowsColumn(column)],
        choices=listed,
        description=hint,
        invalid_choice_message=gettext("Choose from the list"),
    )
