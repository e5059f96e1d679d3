"""How an action at the desk ends: what happened is told, and the page is shown anew."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from leadgen.delivery.resolve import ResolveError
from leadgen.dispositions.report import DispositionError
from leadgen.extensions import db
from leadgen.marks import say_moment
from leadgen.review.overtaken import name_person
from leadgen.review.reasons import OTHER, Reason
from leadgen.review.verdicts import ReleaseError
from leadgen.vault import ErasedError
from leadgen.web.desk.words import ACTOR_WORDS, word_event
from leadgen.web.translate import gettext, say_error, translate

REASON_CHARACTERS = 500
MOST_DIGITS = 19


class MissingReasonError(Exception):
    """The action needs a reason, and none was given."""


@contextmanager
def telling(done: str) -> Iterator[None]:
    """Do one thing whole or not at all: its success, or what stood in its way, becomes a message."""
    try:
        yield
    except ResolveError as error:
        _undo(_say_meanwhile(error))
    except (ReleaseError, DispositionError, MissingReasonError) as error:
        _undo(say_error(error))
    except ErasedError:
        _undo(gettext("The personal data was erased. Nothing was changed."))
    except IntegrityError:
        _undo(gettext("Somebody else decided this at the same moment. Nothing was changed; look again."))
    else:
        flash(str(done), "success")


def _say_meanwhile(error: ResolveError) -> str:
    event = error.event
    if event is None:
        return say_error(error)
    who = ACTOR_WORDS.get(event.actor) or name_person(db.session, event.actor)
    return gettext(
        "%(error)s %(event)s, by %(who)s on %(when)s.",
        error=say_error(error),
        event=word_event(event),
        who=who,
        when=translate(say_moment(event.happened_at)),
    )


def _undo(words: str) -> None:
    db.session.rollback()
    flash(words, "warning")


def read_reason(choices: Mapping[str, str], usual: str = "") -> Reason:
    """The code picked in ``reason`` (``usual`` where the form has none) and the words in ``words``. Raises
    MissingReasonError where there is no such code, or it says nothing by itself and the words are blank."""
    code = request.form.get("reason", usual)
    words = read_words()
    if code not in choices:
        raise MissingReasonError(gettext("Choose a reason first. Nothing was changed."))
    if code == OTHER and not words:
        raise MissingReasonError(gettext("Say in your own words which other reason. Nothing was changed."))
    return Reason(code, words)


def read_words() -> str:
    """What was typed into ``words``, in one line."""
    return " ".join(request.form.get("words", "").split())[:REASON_CHARACTERS]


def read_seen() -> int | None:
    """The id of the last verdict that the page showed which the form comes from."""
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < MOST_DIGITS else None


def pick_reason(choices: Mapping[str, str]) -> str:
    """The reason picked from a list; codes are free of personal data. Raises MissingReasonError for any other."""
    reason = request.form.get("reason", "")
    if reason not in choices:
        raise MissingReasonError(gettext("Choose a reason first. Nothing was changed."))
    return reason


def show_inquiry(reference: str) -> Response:
    """Back to the inquiry's page."""
    return redirect(url_for("desk.inquiry", reference=reference), 303)
