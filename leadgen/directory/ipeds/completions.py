"""The completions file (``C2024_A``): which programs an institution offers, and how many awards it gave. Pure."""

import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import NamedTuple

from leadgen.directory import cells
from leadgen.directory.cells import CellError
from leadgen.directory.ipeds.findings import Findings, Skip
from leadgen.directory.ipeds.published import Published, Watch, read_rows, unwatched
from leadgen.models import AwardLevel

REQUIRED = ("UNITID", "CIPCODE", "AWLEVEL", "CTOTALT")
OPTIONAL = ("MAJORNUM",)
SECOND_MAJOR = "2"
MOST_AWARDS = 1_000_000

# bachelor's and all above; with those of `AwardLevel`, every code from 2020 on
ABOVE = frozenset({"5", "6", "7", "8", "17", "18", "19"})
LEVELS = {str(int(level)): level for level in AwardLevel}

# a program, a group of programs, a field, or 99 for all of an institution
_CIP = re.compile(r"\d\d(\.\d\d(\d\d)?)?", re.ASCII)

read_count = cells.whole(0, MOST_AWARDS)


class Taught(NamedTuple):
    """A program of ours at one level of award, as one institution offers it."""

    unitid: str
    program: str
    level: AwardLevel


def read_completions(
    file: Published,
    programs: Mapping[str, str],
    institutions: Collection[str],
    left_out: Collection[str],
    findings: Findings,
    watch: Watch = unwatched,
) -> dict[Taught, int]:
    """Awards of a year by institution, program and level; 0 is offered, and none awarded that year. Several CIP codes
    of one program are added up. ``programs`` gives our programs by CIP code."""
    taught: dict[Taught, int] = {}
    is_code = _KnownCodes()
    for line, (unitid, cip, level, total, major) in read_rows(file, REQUIRED, OPTIONAL, watch):
        program = programs.get(cip)
        if program is None:
            if cip not in is_code:
                findings.read(file, line, "CIPCODE", cip, is_code.add)
            findings.counts[Skip.other_program] += 1
            continue
        number = findings.read(file, line, "UNITID", unitid, cells.unitid)
        awards = findings.read(file, line, "CTOTALT", total, read_count)
        reached = findings.read(file, line, "AWLEVEL", level, _read_level)
        skip = partial(findings.skip, file, line, unitid, f"{cip} {program}, award level {level}")
        if number not in institutions:
            skip(Skip.left_out if number in left_out else Skip.no_institution)
        elif major == SECOND_MAJOR:
            skip(Skip.second_major)
        elif isinstance(reached, AwardLevel):
            key = Taught(unitid, program, reached)
            taught[key] = taught.get(key, 0) + (awards or 0)
        elif reached:
            skip(Skip.above)
    return taught


def _read_level(cell: str) -> AwardLevel | str:
    if cell in ABOVE:
        return cell
    if cell not in LEVELS:
        raise CellError("an award level of 2020 or later: " + ", ".join((*LEVELS, *sorted(ABOVE, key=int))))
    return LEVELS[cell]


class _KnownCodes(set[str]):
    """CIP codes that were looked at already."""

    def add(self, cip: str) -> None:
        if not _CIP.fullmatch(cip):
            raise CellError("a CIP code as text, like 51.0713")
        super().add(cip)
