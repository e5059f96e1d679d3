"""The list of promises that `make faults-mutations` breaks: each line is still there to be broken, and each case that
has to notice still exists."""

import pytest

from tests.faults.mutations import MUTATIONS, ROOT, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[each.name for each in MUTATIONS])
def test_mutation_breaks_a_line_that_is_there_and_is_seen_by_tests_that_are(mutation: Mutation) -> None:
    assert (ROOT / mutation.file).read_text().count(mutation.old) == 1
    for case in mutation.cases:
        file, name = case.split("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(), case
