"""Pause, close, retire and resume schools, campuses, offerings and endpoints: by a reason, once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from leadgen.accounts.roles import Permission
from leadgen.clock import now
from leadgen.directory.by_hand import NotThereError
from leadgen.directory.follow import follow_file
from leadgen.directory.reasons import BY_VERB
from leadgen.directory.standing import InUseError
from leadgen.extensions import db
from leadgen.journey import endpoint_conflict, endpoint_letters, standing
from leadgen.journey import endpoints as rooms
from leadgen.journey.endpoint_conflict import Conflict
from leadgen.journey.endpoint_letters import Way
from leadgen.journey.endpoints import NotTestedError
from leadgen.journey.standing import StandsAlreadyError
from leadgen.models import Endpoint
from leadgen.review.worklist import Bin
from leadgen.web.access import Audience, audience, may
from leadgen.web.actor import name_actor
from leadgen.web.desk.blueprint import bp
from leadgen.web.desk.outcome import MissingReasonError, pick_reason
from leadgen.web.desk.rooms.form_page import find_place
from leadgen.web.desk.rooms.tell import name_who
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext, name_code, say_error


class NotADayError(ValueError):
    """The end of a pause is no day, or no later one. The message says how to mend it."""


LETTERS_NOW = {
    Way.link_only: lazy_gettext("From now on, letters there name nobody and lead to the portal."),
    Way.whole_letters: lazy_gettext("From now on, letters there hold the whole lead."),
    Way.in_english: lazy_gettext("From now on, letters there are in English."),
    Way.in_spanish: lazy_gettext("From now on, letters there are in Spanish."),
}
CONFLICT_NOW = {
    Conflict.received: lazy_gettext("From now on, 409 means that it has the lead."),
    Conflict.refused: lazy_gettext("From now on, 409 means no. What it proved of repeats is forgotten."),
}
SCHOOL_ACTS: dict[str, tuple[Callable[..., int | None], str]] = {
    "pause": (standing.pause_school, lazy_gettext("The school is paused. Its leads wait; withdrawals still go.")),
    "close": (standing.close_school, lazy_gettext("The school is closed. Leads that waited are cancelled: {}.")),
    "resume": (standing.resume_school, lazy_gettext("The school takes inquiries. Due again now: {}.")),
}


@bp.post("/schools/<school_id>/<any(pause, close, resume, retire):verb>")
@audience(Audience.staff, Permission.directory)
@writes
def stand_school(school_id: str, verb: str) -> Response:
    """Change whether a school takes inquiries, or is in the directory at all."""
    place = find_place("schools", school_id)
    with telling_first():
        reason = pick_reason(BY_VERB[verb])
        if verb == "retire":
            waiting = standing.retire(db.session, school_id, place.noun, place.key, name_actor(), reason)
            flash(
                gettext("The school is retired. Leads that waited are cancelled: %(waiting)s.", waiting=waiting),
                "success",
            )
        else:
            act, done = SCHOOL_ACTS[verb]
            until = {"until": _read_until()} if verb == "pause" else {}
            flash(done.format(act(db.session, school_id, name_actor(), reason, **until)), "success")
    return redirect(place.back, 303)


@bp.post("/<any(campuses, offerings):room>/<name>/<any(retire, resume):verb>")
@audience(Audience.staff, Permission.directory)
@writes
def stand_record(room: str, name: str, verb: str) -> Response:
    """Take a campus or an offering out of use, or put it back."""
    place = find_place(room, name)
    act: Callable[..., int | None] = standing.retire if verb == "retire" else standing.resume
    with telling_first():
        act(db.session, place.school.id, place.noun, place.key, name_actor(), pick_reason(BY_VERB[verb]))
        words = gettext("retired; it is shown to nobody") if verb == "retire" else gettext("in use again")
        flash(gettext("The %(noun)s is %(words)s.", noun=name_code(place.noun), words=words), "success")
    return redirect(place.back, 303)


@bp.post("/<any(schools, campuses, offerings):room>/<name>/follow")
@audience(Audience.staff, Permission.directory)
@writes
def follow(room: str, name: str) -> Response:
    """Let a record be what the file says again, from the next import on."""
    place = find_place(room, name)
    with telling_first():
        columns = follow_file(db.session, place.school.id, place.noun, place.key, name_actor())
        if columns:
            flash(gettext("Given back to the file. It changes with the next import, not now."), "success")
        else:
            flash(gettext("It follows the file already. Nothing was changed."), "warning")
    return redirect(place.back, 303)


@bp.post("/endpoints/<int:endpoint_id>/resume")
@audience(Audience.staff, Permission.carry)
@writes
def resume(endpoint_id: int) -> Response:
    """Put an endpoint into use; what it held is due at once. One that was retired: by whoever may retire it."""
    with telling_first():
        if rooms.lock_endpoint(db.session, endpoint_id).retired_at and not may(Permission.endpoints):
            abort(403)
        due = rooms.resume(db.session, endpoint_id, name_actor(), pick_reason(BY_VERB["resume"]))
        flash(gettext("The endpoint is live. Due again now: %(due)s.", due=due), "success")
    return _go_back(endpoint_id)


@bp.post("/endpoints/<int:endpoint_id>/pause")
@audience(Audience.staff, Permission.carry)
@writes
def pause(endpoint_id: int) -> Response:
    """Stop leads to an endpoint; notices still go."""
    with telling_first():
        rooms.pause(db.session, endpoint_id, name_actor(), pick_reason(BY_VERB["pause"]))
        flash(gettext("The endpoint is paused. Leads wait; withdrawals still go."), "success")
    return _go_back(endpoint_id)


@bp.post(f"/endpoints/<int:endpoint_id>/<any({', '.join(Way)}):way>")
@audience(Audience.staff, Permission.endpoints)
@writes
def choose_letters(endpoint_id: int, way: str) -> Response:
    """What letters there are like: the whole lead or a link to the portal, in English or in Spanish."""
    with telling_first():
        reason = pick_reason(BY_VERB["letters"])
        endpoint_letters.choose_letters(db.session, endpoint_id, name_actor(), reason, Way(way))
        flash(str(LETTERS_NOW[Way(way)]), "success")
    return _go_back(endpoint_id)


@bp.post(f"/endpoints/<int:endpoint_id>/conflict/<any({', '.join(Conflict)}):means>")
@audience(Audience.staff, Permission.endpoints)
@writes
def declare_conflict(endpoint_id: int, means: str) -> Response:
    """What its 409 means."""
    with telling_first():
        reason = pick_reason(BY_VERB["conflict"])
        endpoint_conflict.declare_conflict(db.session, endpoint_id, name_actor(), reason, Conflict(means))
        flash(str(CONFLICT_NOW[Conflict(means)]), "success")
    return _go_back(endpoint_id)


@bp.post("/endpoints/<int:endpoint_id>/retire")
@audience(Audience.staff, Permission.endpoints)
@writes
def retire(endpoint_id: int) -> Response:
    """Use an endpoint no more."""
    with telling_first():
        moved = rooms.retire(db.session, endpoint_id, name_actor(), pick_reason(BY_VERB["retire"]))
        flash(
            gettext("The endpoint is retired. What waited for it goes to the school's others: %(moved)s.", moved=moved),
            "success",
        )
    return _go_back(endpoint_id)


def _read_until() -> date | None:
    """The day on which a pause ends, as browsers send it; none for nothing. Raises NotADayError."""
    typed = request.form.get("until", "").strip()
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        raise NotADayError(gettext("Enter the last day of the pause like 2027-03-04, or leave it empty.")) from None
    if day and day <= now(db.session).date():
        raise NotADayError(gettext("Choose a day after today for the end of the pause, or leave it empty."))
    return day


@contextmanager
def telling_first() -> Iterator[None]:
    """Whoever comes second is told who was first and when; what is missing is told too. Nothing is changed then."""
    try:
        yield
    except StandsAlreadyError as error:
        who = gettext(" By %(session)s.", session=name_who(db.session, error.last)) if error.last else ""
        _undo(gettext("%(error)s%(who)s Nothing was changed.", error=say_error(error), who=who))
    except (NotThereError, InUseError) as error:
        _undo(gettext("%(error)s Nothing was changed.", error=say_error(error)))
    except (NotTestedError, MissingReasonError, NotADayError) as error:
        _undo(say_error(error))


def _undo(words: str) -> None:
    db.session.rollback()
    flash(words, "warning")


def _go_back(endpoint_id: int) -> Response:
    if db.session.get(Endpoint, endpoint_id) is None:
        abort(404)
    if request.form.get("from") == Bin.endpoints:
        return redirect(url_for("desk.worklist", bin=Bin.endpoints), 303)
    return redirect(url_for("desk.endpoint", endpoint_id=endpoint_id), 303)
