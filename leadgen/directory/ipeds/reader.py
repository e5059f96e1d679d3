"""The federal files together: read, checked, and made into listed schools. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadgen.directory.ipeds.completions import read_completions
from leadgen.directory.ipeds.distance import read_characteristics, read_distance_programs
from leadgen.directory.ipeds.findings import Findings
from leadgen.directory.ipeds.institutions import read_institutions
from leadgen.directory.ipeds.listing import Read, list_schools
from leadgen.directory.ipeds.published import Published, Watch, unwatched
from leadgen.directory.records import Directory


@dataclass(frozen=True)
class Files:
    """The files of one import: institutions and completions, and two that tell who teaches online alone."""

    institutions: Published
    completions: Published
    characteristics: Published | None = None
    distance: Published | None = None

    def __iter__(self) -> Iterator[Published]:
        named = (self.institutions, self.completions, self.characteristics, self.distance)
        return (each for each in named if each is not None)


def read_ipeds(files: Files, programs: Mapping[str, str], watch: Watch = unwatched) -> tuple[Directory, Findings]:
    """The listed schools, and what came up. ``programs`` gives our programs by CIP code.

    Raises DirectoryError with what is wrong in all of the files."""
    findings = Findings()
    institutions, left_out = read_institutions(files.institutions, findings, watch)
    taught = read_completions(files.completions, programs, institutions, left_out, findings, watch)
    online = _read_online(files, findings, watch)
    findings.refuse()
    _refuse_nothing(files, programs, taught)
    read = Read(files.institutions, institutions, taught, online, files.completions.year)
    return list_schools(read, findings), findings


def _read_online(files: Files, findings: Findings, watch: Watch) -> frozenset[str]:
    online: frozenset[str] = frozenset()
    if files.characteristics:
        online |= read_characteristics(files.characteristics, findings, watch)
    if files.distance:
        online |= read_distance_programs(files.distance, findings, watch)
    return online


def _refuse_nothing(files: Files, programs: Mapping[str, str], taught: object) -> None:
    """Files of which nothing is left would retire every listed school: that is a mistake."""
    if not taught:
        codes = ", ".join(sorted(programs))
        raise files.completions.refuse(0, "CIPCODE", "none of ours", f"rows of our programs, {codes}")
