"""How long things are kept, in words, as the settings have it."""

from dataclasses import dataclass

from leadgen.extensions import current_settings
from leadgen.web.page import write_months
from leadgen.web.translate import ngettext


@dataclass(frozen=True)
class Kept:
    """Each a span of time in the reader's language: of answers that are not sent, of those whose link was sent, of a
    request, and of the proof of a consent after an erasure."""

    drafts: str
    saved: str
    inquiries: str
    evidence: str


def tell_kept() -> Kept:
    """The settings, in words."""
    settings = current_settings()
    years = settings.keep_evidence_years
    return Kept(
        ngettext("%(num)s hour", "%(num)s hours", settings.keep_drafts_hours),
        ngettext("%(num)s day", "%(num)s days", settings.keep_saved_days),
        write_months(settings.keep_inquiries_months),
        ngettext("%(num)s year", "%(num)s years", 1 if years == 1 else 2, num=f"{years:g}"),
    )
