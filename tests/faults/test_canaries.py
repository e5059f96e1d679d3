"""One person's data leave by every door there is: a lead, a daily file, the feed, a proof, a download, a change. Then
every byte that is left behind is searched for her, before she is erased and after."""

import json
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import find_canaries
from tests.faults.daily_files import SCHOOL, make_daily
from tests.faults.ledger import run_on
from tests.faults.own_data import CHANGE, ERASE, fill_in, list_news, open_door
from tests.faults.people import deliveries, make_prospect, read_reference, thank
from tests.fleet import Fleet
from tests.http_prospect import HttpProspect, find_field
from tests.sftp_school import SftpSchool, running_sftp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), run_on("sqlite")]

SCHOOLS = ["birch", "alder", SCHOOL]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpSchool]:
    (tmp_path / "leads").mkdir()
    with running_sftp(tmp_path / "leads") as running:
        yield running


def test_she_stands_in_what_she_and_the_schools_get_and_nowhere_else(
    fleet: Fleet, server: SftpSchool, tmp_path: Path
) -> None:
    school = make_daily(fleet, server)
    fleet.start("worker", lease_seconds="60")
    her = make_prospect(fleet)
    confirmation = thank(fleet, her.inquire("60601", SCHOOLS, ("email", "call")))
    school.let_the_day_pass()
    school.wait_settled("delivered")
    fleet.filed += school.filed()
    path = open_door(fleet, her, confirmation)
    key = add_key(fleet, "birch")
    told = [
        *server.files().values(),
        *download(her, path),
        read_feed(fleet, key),
        prove(fleet, confirmation, tmp_path),
    ]
    assert all(her.name.encode() in each for each in told), "she stands in all that was handed out"
    assert her.post(*fill_in(her, path, CHANGE)).status == 303
    fleet.wait_quiet()
    assert find_canaries(fleet) == []
    assert her.post(*fill_in(her, path, ERASE)).status == 303
    fleet.wait_quiet()
    assert set(list_news(fleet, confirmation)) == {"change", "withdrawal", "erasure"}
    assert find_canaries(fleet) == []
    assert her.name.encode() not in read_feed(fleet, key), "the school's feed names her no more"
    assert {state for state, *_ in deliveries(fleet, confirmation)} == {"delivered"}


def download(her: HttpProspect, path: str) -> list[bytes]:
    """All that is held about her, in both forms."""
    token = ("csrf_token", find_field(her.get(f"{path}/yours").page, "csrf_token"))
    return [her.post(f"{path}/yours/download", [token, ("form", form)]).page.encode() for form in ("json", "html")]


def add_key(fleet: Fleet, school: str) -> str:
    """A key of its own for a school's own system."""
    made = fleet.run("key", "add", "--school", school, "--name", "Admissions", "--json")
    assert made.returncode == 0, made.stderr
    key: str = json.loads(made.stdout)["key"]
    return key


def read_feed(fleet: Fleet, key: str) -> bytes:
    """What the holder of this key reads."""
    asked = urllib.request.Request(f"{fleet.site}/api/v1/feed", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked, timeout=10) as page:
        found: bytes = page.read()
    return found


def prove(fleet: Fleet, confirmation: str, folder: Path) -> bytes:
    """Everything in the ZIP that proves her consent to Birch."""
    ((lead,),) = fleet.query(
        "SELECT l.reference FROM lead l JOIN inquiry i ON i.id = l.inquiry_id"
        " WHERE i.reference = :reference AND l.school_id = 'birch'",
        reference=read_reference(confirmation),
    )
    made = fleet.run("consent", "proof", lead, "--reason", "law", "--to", str(folder / "proof.zip"))
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(folder / "proof.zip") as proof:
        return b"".join(proof.read(name) for name in proof.namelist())
