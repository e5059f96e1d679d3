"""How an action at the desk ends: what happened is told, and the page is shown anew."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from leadgen.delivery.resolve import ResolveError
from leadgen.dispositions.report import DispositionError
from leadgen.extensions import db
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import ErasedError

REASON_CHARACTERS = 500


class MissingReasonError(Exception):
    """The action needs a reason, and none was given."""


@contextmanager
def telling(done: str) -> Iterator[None]:
    """Do one thing whole or not at all: its success, or what stood in its way, becomes a message."""
    try:
        yield
    except (ReleaseError, ResolveError, DispositionError, MissingReasonError) as error:
        _undo(str(error))
    except ErasedError:
        _undo("The personal data was erased. Nothing was changed.")
    except IntegrityError:
        _undo("Somebody else decided this at the same moment. Nothing was changed; look again.")
    else:
        flash(done, "success")


def _undo(words: str) -> None:
    db.session.rollback()
    flash(words, "warning")


def read_reason() -> str:
    """The reason typed into the form. Raises MissingReasonError where it is blank."""
    reason = " ".join(request.form.get("reason", "").split())[:REASON_CHARACTERS]
    if not reason:
        raise MissingReasonError("Write a reason first. Nothing was changed.")
    return reason


def pick_reason(choices: dict[str, str]) -> str:
    """The reason picked from a list; codes are free of personal data. Raises MissingReasonError for any other."""
    reason = request.form.get("reason", "")
    if reason not in choices:
        raise MissingReasonError("Choose a reason first. Nothing was changed.")
    return reason


def show_inquiry(reference: str) -> Response:
    """Back to the inquiry's page."""
    return redirect(url_for("desk.inquiry", reference=reference), 303)
