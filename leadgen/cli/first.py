"""What stands in the way of a command, in one clear line: whoever was first, what is wrong, what is not there."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from leadgen.core import db
from leadgen.delivery.posting.document import MapError
from leadgen.delivery.trial import TrialError
from leadgen.directory.by_hand import EditError, NotThereError
from leadgen.directory.edit import ChangedMeanwhileError
from leadgen.directory.standing import InUseError
from leadgen.journey.endpoints import NotTestedError
from leadgen.journey.standing import StandsAlreadyError

ACTOR = "cli"


@contextmanager
def one_transaction() -> Iterator[None]:
    """Commit what is done inside; or write nothing and end the command with one line that says why."""
    try:
        yield
        db.session.commit()
    except StandsAlreadyError as error:
        who = f" By {error.last.actor} at {error.last.happened_at.isoformat(timespec='seconds')}." if error.last else ""
        _refuse(f"{error}{who}")
    except MapError as error:
        more = len(error.faults) - 1
        where = f"{error.faults[0].name}: " if error.faults else ""
        _refuse(f"{where}{error}{f' (and {more} more)' if more > 0 else ''}")
    except (EditError, NotThereError, InUseError, NotTestedError, TrialError, ChangedMeanwhileError) as error:
        _refuse(str(error))


def _refuse(words: str) -> None:
    db.session.rollback()
    raise click.ClickException(words) from None
