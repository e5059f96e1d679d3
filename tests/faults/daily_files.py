"""A school that gets its leads in a file a day, by SFTP or by mail, and what stands in the files that it has."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from leadgen.app import create_app
from leadgen.database import table_of
from leadgen.delivery.posting.keep import save_posting
from leadgen.delivery.posting.model import Posting
from leadgen.extensions import db
from leadgen.models import Delivery, Endpoint, EndpointKind, EndpointState
from leadgen.vault import open_vault
from tests.conftest import make_settings
from tests.fleet import Fleet, wait_until
from tests.sftp_school import PASSWORD, SftpSchool

SCHOOL = "dogwood"
COLUMNS = {"Event": "{{ event }}", "Lead": "{{ lead_id }}", "Name": "{{ full_name }}"}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_delivery = table_of(Delivery)
ITS_LEADS = (
    "SELECT d.state, l.reference, d.key FROM delivery d JOIN lead l ON l.id = d.lead_id JOIN endpoint e"
    " ON e.id = d.endpoint_id WHERE e.kind = 'batch' AND d.id > :after ORDER BY d.id"
)


@dataclass(frozen=True)
class DailySchool:
    """Dogwood, from now on. ``after`` is the last delivery of before."""

    fleet: Fleet
    server: SftpSchool
    after: int

    def let_the_day_pass(self) -> None:
        """It is evening, as soon as a worker has put everything aside for the file."""
        waits = "SELECT count(*) FROM delivery WHERE state = 'held' AND reason = 'daily_file' AND id > :after"
        assert wait_until(lambda: self.fleet.query(waits, after=self.after)[0][0] == len(self.rows()), 60), self.rows()
        waiting = (_delivery.c.id > self.after, _delivery.c.reason == "daily_file")
        past = update(_delivery).where(*waiting).values(created_at=LONG_AGO, due_at=LONG_AGO)
        self.fleet.execute(lambda writer: writer.execute(past))

    def rows(self) -> list[tuple[str, str]]:
        """State and reference of what was to go there."""
        return [(state, lead) for state, lead, _ in self.fleet.query(ITS_LEADS, after=self.after)]

    def states(self) -> list[str]:
        return [state for state, _ in self.rows()]

    def wait_settled(self, *ends: str, seconds: float = 120) -> None:
        """Until each has one of these ends."""
        assert wait_until(lambda: set(self.states()) <= set(ends), seconds), self.states()

    def filed(self) -> list[str]:
        """The leads in its files, by its own copy of them; a lead that stands in two is named twice."""
        files = [content.decode("utf-8-sig") for content in self.server.files().values()]
        rows = [row for file in files for row in csv.DictReader(io.StringIO(file))]
        return sorted(row["Lead"] for row in rows if row["Event"] == "lead.created")


def make_daily(fleet: Fleet, server: SftpSchool, address: str = "") -> DailySchool:
    """Dogwood takes a file a day there, by SFTP where no address is given, and nothing else."""
    with create_app(make_settings(fleet.database_url)).app_context():
        session = db.session
        endpoint = session.scalars(select(Endpoint).where(Endpoint.school_id == SCHOOL)).one()
        endpoint.kind, endpoint.secret_sealed = EndpointKind.batch, None
        endpoint.address = address or f"sftp://127.0.0.1:{server.port}/"
        posting, secrets = _describe(None if address else server), {} if address else {"password": PASSWORD}
        save_posting(session, open_vault(), endpoint, posting, secrets, seen_version=endpoint.version, actor="user:1")
        endpoint.state = EndpointState.live
        session.commit()
    ((after,),) = fleet.query("SELECT coalesce(max(id), 0) FROM delivery")
    return DailySchool(fleet, server, after)


def _describe(server: SftpSchool | None) -> Posting:
    """The columns, when the file goes, and how to get in."""
    told: dict[str, object] = {"lead": {"rows": [{"name": name, "value": value} for name, value in COLUMNS.items()]}}
    if server is None:
        return Posting.model_validate(told | {"batch": {"at": "17:30"}})
    sheet, auth = {"at": "17:30", "host_key": server.host_key}, {"kind": "basic", "user": "us"}
    return Posting.model_validate(told | {"batch": sheet, "auth": auth})
