"""Save and finish later: a letter with the way back to her answers. No account; the address holds a token alone."""

from flask import redirect, render_template, url_for
from wtforms import EmailField, Field

from leadgen.clock import now
from leadgen.extensions import db, limiter
from leadgen.intake.draft import OpenDraft, find_by_link, keep_for_later, move_draft
from leadgen.letters.write import write_saved_letter
from leadgen.suppression import is_suppressed
from leadgen.vault import open_vault
from leadgen.web.access import Audience, audience
from leadgen.web.language import find_spoken
from leadgen.web.prospect.details_form import read_email, tidy
from leadgen.web.prospect.draft_cookie import give_cookie
from leadgen.web.prospect.forms import Questions
from leadgen.web.prospect.kept import tell_kept
from leadgen.web.prospect.progress import Step, find_furthest
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft, show_gone
from leadgen.web.transaction import writes
from leadgen.web.translate import gettext, lazy_gettext

# letters go to addresses that nobody has proved: few for each search, and few from one network address
MOST_LETTERS = 3
LETTER_LIMIT = "10 per hour"


class LaterForm(Questions):
    """Where the letter goes."""

    email = EmailField(
        lazy_gettext("Your email address"),
        filters=[tidy],
        description=lazy_gettext("For this one letter. No school gets it, and we delete it with your answers."),
    )

    def validate_email(self, field: Field) -> None:
        field.data = read_email(field.data)


@bp.get("/save")
@audience(Audience.everybody)
@needs_draft(Step.goals)
def ask_later(draft: OpenDraft) -> Page:
    """Where to send the way back."""
    return _show(draft, LaterForm())


@bp.post("/save")
@audience(Audience.everybody)
@limiter.limit(LETTER_LIMIT)
@writes
@needs_draft(Step.goals)
def save_for_later(draft: OpenDraft) -> Page:
    """Keep the answers for longer, and send the letter."""
    form = LaterForm()
    if draft.answers.letters >= MOST_LETTERS:
        form.email.errors = [gettext("We have sent three letters for this search. Use the link in the last one")]
        return _show(draft, form), 429
    if not form.validate():
        return _show(draft, form), 422
    draft.answers.letters += 1
    keep(draft)
    back = keep_for_later(db.session, draft)
    vault = open_vault()
    # the page says the same either way: who is on that list is nobody else's business
    if not is_suppressed(db.session, vault.index_email(form.email.data)):
        write_saved_letter(db.session, vault, draft.id, form.email.data, back, now(db.session), find_spoken())
    return redirect(url_for("inquiry.saved"), 303)


@bp.get("/saved")
@audience(Audience.everybody)
@needs_draft(Step.goals)
def saved(draft: OpenDraft) -> Page:
    """That the letter is on its way; she may go on at once just as well."""
    furthest = find_furthest(draft.answers, has_list=draft.has_list)
    return render_template("prospect/inquiry/saved.html", back=url_for(f"inquiry.{furthest}"), kept=tell_kept())


@bp.get("/saved/<token>")
@audience(Audience.everybody)
def ask_return(token: str) -> Page:
    """The button. Opening the page changes nothing: programs that look for viruses open links in letters."""
    if find_by_link(db.session, open_vault(), token) is None:
        return show_gone()
    return render_template("prospect/inquiry/return.html", token=token)


@bp.post("/saved/<token>")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
def come_back(token: str) -> Page:
    """Give this browser the answers, and lead to where she stopped."""
    draft = find_by_link(db.session, open_vault(), token)
    if draft is None:
        return show_gone()
    cookie = move_draft(db.session, open_vault(), draft)
    return give_cookie(go_to(find_furthest(draft.answers, has_list=draft.has_list)), cookie)


def _show(draft: OpenDraft, form: LaterForm) -> str:
    back = url_for(f"inquiry.{find_furthest(draft.answers, has_list=draft.has_list)}")
    return render_template("prospect/inquiry/save.html", form=form, back=back, kept=tell_kept())
