"""Her e-mail address at the domain that it looks like a slip of: only when she presses the button that says so."""

from leadgen.extensions import limiter
from leadgen.intake.draft import OpenDraft
from leadgen.intake.email_hint import suggest_email
from leadgen.web.access import Audience, audience
from leadgen.web.prospect.progress import Step
from leadgen.web.prospect.under_way import LIMIT, Page, bp, go_to, keep, needs_draft
from leadgen.web.transaction import writes


@bp.post("/email")
@audience(Audience.everybody)
@limiter.limit(LIMIT)
@writes
@needs_draft(Step.check)
def take_email(draft: OpenDraft) -> Page:
    """Take the address that the last page suggests. It is worked out anew, so that no address travels back and forth;
    pressed twice, the second time changes nothing."""
    person = draft.answers.person
    person.email = suggest_email(person.email) or person.email
    keep(draft)
    return go_to(Step.check)
