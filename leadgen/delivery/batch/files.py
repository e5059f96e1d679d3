"""The files that an endpoint got."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen.models import Batch, BatchRow


def list_files(session: Session, endpoint_id: int, limit: int = 14) -> Sequence[tuple[Batch, int]]:
    """The last batches of an endpoint, newest first, each with how many rows were in its file."""
    rows = (
        select(func.count(BatchRow.attempt_id)).where(BatchRow.batch_id == Batch.id).correlate(Batch).scalar_subquery()
    )
    mine = select(Batch, rows).where(Batch.endpoint_id == endpoint_id).order_by(Batch.id.desc()).limit(limit)
    return [(batch, count) for batch, count in session.execute(mine)]
