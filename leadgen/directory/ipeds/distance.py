"""Institutions that teach online alone, as the files ``IC2024`` and ``C2024DEP`` say. Pure."""

from collections import Counter

from leadgen.directory import cells
from leadgen.directory.cells import CellError
from leadgen.directory.ipeds.findings import Findings
from leadgen.directory.ipeds.published import Published, Watch, read_rows, unwatched

ALL_BY_DISTANCE = "1"
ANSWERS = frozenset({"1", "2", "-1", "-2", "-3", "", "."})
TOTALS = frozenset({"99", "99.0000"})
PROGRAM = len("51.0713")


def read_characteristics(file: Published, findings: Findings, watch: Watch = unwatched) -> frozenset[str]:
    """UNITIDs of those that answered: all our programs are offered completely by distance education (DISTNCED)."""
    online = set()
    for line, (unitid, answer) in read_rows(file, ("UNITID", "DISTNCED"), watch=watch):
        findings.read(file, line, "UNITID", unitid, cells.unitid)
        findings.read(file, line, "DISTNCED", answer, _read_answer)
        if answer == ALL_BY_DISTANCE:
            online.add(unitid)
    return frozenset(online)


def read_distance_programs(file: Published, findings: Findings, watch: Watch = unwatched) -> frozenset[str]:
    """UNITIDs of those whose every program can be completed by distance education (PTOTALDE of PTOTAL)."""
    totals: dict[str, tuple[int, int]] = {}
    offered: Counter[str] = Counter()
    by_distance: Counter[str] = Counter()
    for line, (unitid, cip, total, distance) in read_rows(file, ("UNITID", "CIPCODE", "PTOTAL", "PTOTALDE"), (), watch):
        findings.read(file, line, "UNITID", unitid, cells.unitid)
        all_there = findings.read(file, line, "PTOTAL", total or "0", _read_count) or 0
        there = findings.read(file, line, "PTOTALDE", distance or "0", _read_count) or 0
        if cip in TOTALS:
            totals[unitid] = (all_there, there)
        elif len(cip) == PROGRAM:
            offered[unitid] += all_there
            by_distance[unitid] += there
    for unitid, number in offered.items():
        totals.setdefault(unitid, (number, by_distance[unitid]))
    return frozenset(unitid for unitid, (number, there) in totals.items() if 0 < number <= there)


def _read_answer(cell: str) -> str:
    if cell not in ANSWERS:
        raise CellError("1 for yes, 2 for no, or a negative number where there is no answer")
    return cell


_read_count = cells.whole(0, 1_000_000)
