"""What every page knows: whose site it is, who is logged in, and how figures are written."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import get_locale
from flask_security import current_user

from leadgen.extensions import current_settings
from leadgen.intake.consent import put_in_sentence
from leadgen.matching.course import say_wishes
from leadgen.matching.criteria import Criteria
from leadgen.web.days import write_day
from leadgen.web.demo import has_demo
from leadgen.web.language import find_spoken, write_page_in
from leadgen.web.translate import gettext, ngettext, translate

PUBLIC_SECONDS = 300
# from here on a tenth of a mile says nothing
WHOLE_MILES = 100
MONTHS_PER_YEAR = 12
MOST_RENDERED = 500


def register(app: Flask) -> None:
    """Give the templates the site's names and the filters that its words need."""
    processors = app.template_context_processors[None]
    # Flask-Login's processor loads the user for every page: it reads the session, so that no page could be cached,
    # and the database, so that the page which says that the database is busy would fail as well. Ours is lazy.
    processors[:] = [each for each in processors if not getattr(each, "__module__", "").startswith("flask_login")]
    app.context_processor(_know_site)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.add_template_filter(write_money, "money")
    app.add_template_filter(write_date, "long_date")
    app.add_template_filter(write_months, "months")
    app.add_template_filter(write_miles, "miles")
    app.add_template_filter(list_sentences, "sentences")
    app.add_template_filter(list_wishes, "further_wishes")
    app.add_template_filter(put_in_sentence, "in_sentence")


def show_public(template: str, *which: str, **words: Any) -> Response:
    """A page that is the same for everybody: no cookie, kept for five minutes by whoever carries it.

    It is made of files and settings, of the directory, and of whether there is demo data: so it is rendered once for
    each state of these. ``which`` tells the pages of one template apart, and one version of the directory from the
    next."""
    words |= {"canonical": find_canonical(), "kept_once": True}
    return let_keep(make_response(_render_once(template, which, words)))


def show_asked(template: str, **words: Any) -> Response:
    """A page for everybody that depends on what was asked for in its address: rendered anew each time."""
    return let_keep(make_response(render_template(template, canonical=find_canonical(), **words)))


def find_canonical() -> str:
    """The one address of this page, whatever host and query it was asked with."""
    return write_page_in(find_spoken())


def let_keep(response: Response) -> Response:
    """Let whoever carries the answer keep it for five minutes, and ask whether it is still the same."""
    response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    response.add_etag()
    response.make_conditional(request)
    return response


def write_money(amount: Decimal | int | None) -> str:
    """US dollars: `$12,450`, with cents only where there are some; `not given` for None."""
    if amount is None:
        return gettext("not given")
    return f"${amount:,.0f}" if amount == int(amount) else f"${amount:,.2f}"


def write_date(day: date | None) -> str:
    """`March 4, 2027`; `not given` for None."""
    return write_day(day) if day else gettext("not given")


def write_months(months: int | None) -> str:
    """`9 months`, `2 years`; `not given` for None."""
    if months is None:
        return gettext("not given")
    if months % MONTHS_PER_YEAR == 0 and months:
        return ngettext("%(num)s year", "%(num)s years", months // MONTHS_PER_YEAR)
    return ngettext("%(num)s month", "%(num)s months", months)


def write_miles(distance_miles: float | None) -> str:
    """`3.2 miles`, `1,204 miles`; `online` for None."""
    if distance_miles is None:
        return gettext("online")
    if distance_miles < 1:
        return gettext("under 1 mile")
    far = distance_miles >= WHOLE_MILES
    return gettext("%(miles)s miles", miles=f"{distance_miles:,.0f}" if far else f"{distance_miles:.1f}")


def list_wishes(criteria: Mapping[str, Any]) -> tuple[str, ...]:
    """What an inquiry asks of the course besides award and certifications, as phrases."""
    return tuple(map(translate, say_wishes(Criteria.from_json(dict(criteria)))))


def list_sentences(errors: Sequence[object] | Mapping[str, object]) -> list[str]:
    """A field's own errors as strings, lazily translated ones too; those of fields inside it are theirs to show."""
    if isinstance(errors, Mapping):
        return []
    return [str(each) for each in errors if not isinstance(each, list | tuple | dict)]


def _render_once(template: str, which: tuple[str, ...], words: Mapping[str, Any]) -> str:
    rendered: dict[tuple[object, ...], str] = current_app.extensions.setdefault("leadgen.rendered", {})
    # links begin with the root path, which a proxy may choose: the number of pages kept has an end
    page = (request.root_path, str(get_locale()), template, which, has_demo())
    html = rendered.get(page)
    if html is None:
        if len(rendered) >= MOST_RENDERED:
            rendered.clear()
        html = rendered[page] = render_template(template, **words)
    return html


def _know_site() -> dict[str, Any]:
    settings = current_settings()
    return {
        "site_name": settings.site_name,
        "base_url": settings.base_url,
        "operator_name": settings.operator_name,
        "operator_contact": settings.operator_contact,
        "current_user": current_user,
    }
