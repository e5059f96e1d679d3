"""The history of one campus, offering or endpoint: the lines of its school's history that are about it."""

from collections.abc import Collection
from dataclasses import replace

from leadgen.directory.about import is_about
from leadgen.directory.records import Noun
from leadgen.extensions import db
from leadgen.models import Subject
from leadgen.review.dossier import Trail, read_trail


def read_own_trail(school_id: str, noun: Noun, names: Collection[str]) -> Trail:
    """Those lines, newest first. The chain is checked as a whole."""
    whole = read_trail(db.session, Subject.school, school_id)
    return replace(whole, events=[event for event in whole.events if is_about(event, noun, names)])
