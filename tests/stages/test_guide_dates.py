"""`leadgen doctor` on the guides: faults by name, and those that nobody has reviewed for a year."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from leadgen.cli import doctor
from leadgen.guides.loader import require_program


def look(app: Flask) -> doctor.Finding:
    with app.app_context():
        return doctor._look("guides", doctor._find_guides)


def test_guides_that_are_whole_and_reviewed_are_well(app: Flask) -> None:
    found = look(app)
    assert found.ok, found.detail


def test_an_old_review_and_a_missing_section_are_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    program = require_program("phlebotomy")
    old = replace(program, reviewed=date(2020, 1, 1), sections=program.sections[1:])
    monkeypatch.setattr(doctor, "list_programs", lambda: (old,))
    found = look(app)
    assert not found.ok
    assert "phlebotomy: the section “work” is missing" in found.detail
    assert "review again: phlebotomy" in found.detail
