"""Where her device is, if she lets it tell: rounded before it is sent, by a button that only a script shows."""

from flask import g, render_template
from wtforms import FloatField
from wtforms.validators import InputRequired, NumberRange

from leadgen.extensions import limiter
from leadgen.geo.nearest import find_nearest
from leadgen.geo.zips import ZipError, find_place
from leadgen.intake.draft import OpenDraft
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.forms import PlaceForm, Questions
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, ask_again, bp, go_to, needs_draft
from leadgen.web.transaction import writes
from leadgen.web.translate import lazy_gettext, say_error

NOT_TOLD = lazy_gettext("Your device did not tell where you are. Enter a ZIP code, or a city and state")


class HereForm(Questions):
    """A point in degrees."""

    latitude = FloatField(validators=[InputRequired(NOT_TOLD), NumberRange(-90, 90, NOT_TOLD)])
    longitude = FloatField(validators=[InputRequired(NOT_TOLD), NumberRange(-180, 180, NOT_TOLD)])


@bp.get("/place/here")
@audience(Audience.everybody)
def lead_back() -> Page:
    """Who opens this page again, or in another language, is asked where she is."""
    return go_to(Step.place)


@bp.post("/place/here")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.place)
def use_here(draft: OpenDraft) -> Page:
    """Take the ZIP code nearest to the point, and show it on the page of questions. The point stays sealed."""
    form, answers = HereForm(), draft.answers
    if not form.validate():
        return _refuse(draft, NOT_TOLD)
    try:
        place = find_nearest(form.latitude.data, form.longitude.data)
    except ZipError as error:
        return _refuse(draft, say_error(error))
    answers.zip, answers.latitude, answers.longitude = place.zip, place.latitude, place.longitude
    return ask_again(draft, Step.place)


def show_place(draft: OpenDraft, form: PlaceForm) -> str:
    """The page that asks where; it alone may ask her device."""
    g.may_locate = True
    near = find_place(draft.answers.zip) if draft.answers.latitude is not None else None
    return render_template("prospect/inquiry/place.html", form=form, near=near)


def _refuse(draft: OpenDraft, sentence: str) -> Page:
    form = PlaceForm(formdata=None)
    form.fill_in(draft.answers)
    form.zip.errors = [sentence]
    return show_place(draft, form), 422
