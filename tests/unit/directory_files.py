"""Files read as a directory: their records, or their faults."""

import pytest

from leadgen.directory.faults import DirectoryError, Fault
from leadgen.directory.reader import read_directory
from leadgen.directory.records import Directory, Noun
from tests.schools_csv import make_csv, make_row


def read(*rows: dict[str, str]) -> Directory:
    """The directory that these rows are."""
    return read_directory(make_csv(*rows))


def faults_of(data: bytes) -> tuple[Fault, ...]:
    """The faults of a file that is refused."""
    with pytest.raises(DirectoryError) as raised:
        read_directory(data)
    return raised.value.faults


def only_fault(**changed: str) -> Fault:
    """The one fault of a row in which these cells are changed."""
    (fault,) = faults_of(make_csv(make_row(**changed)))
    return fault


def only(directory: Directory, noun: Noun):
    """The one record of this noun."""
    (record,) = directory.records[noun].values()
    return record
