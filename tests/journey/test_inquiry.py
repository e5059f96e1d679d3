"""From a guide page to the schools, with real processes: once each, signed, withdrawn on request."""

import json
import re
import shlex
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.conftest import DATABASES, SHARED, create_postgresql_database
from tests.http_prospect import HttpProspect, find_field
from tests.journey.running import LEADGEN, Up, start_up, wait_until

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"email": "larkspur", "webhook": "quillwater", "form_post": "tansybrook", "portal": "bramblewick"}
CANARIES = ("Zephyrine Quux", "zephyrine", "555-0177", "5550177")


def prospect_of(up: Up, **values: str) -> HttpProspect:
    return HttpProspect(up.site, "Zephyrine Quux", "zephyrine@mail.example", "312-555-0177", **values)


@pytest.fixture(scope="module", params=DATABASES)
def up(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """Everything on this machine, with the sample directory."""
    settings = {"min_form_seconds": "0", "rate_limits": "false", "sweep_seconds": "0.5"}
    if request.param == "postgresql":
        settings["database_url"] = create_postgresql_database(request)
    running = start_up(tmp_path_factory.mktemp("up"), ROOT / "schools.csv", **settings)
    yield running
    running.stop()


def command(up: Up, words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as the banner says: in a shell that has read the settings."""
    line = f". {up.folder / 'local.env'} && {shlex.join(LEADGEN)} {words}"
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)


def school_arrivals(up: Up) -> dict[str, dict]:
    return {arrival["host"]: arrival for arrival in up.arrivals() if "_lead_" in arrival["key"]}


def test_an_inquiry_reaches_every_kind_of_school_once_and_is_withdrawn(up: Up) -> None:
    prospect = prospect_of(up)
    confirmation = prospect.inquire("60601", find_ids(up), ("email", "call"))
    wait_until(lambda: len(school_arrivals(up)) == 3, 30)
    time.sleep(3)  # room for a second copy to show itself
    counts = Counter(arrival["host"] for arrival in up.arrivals() if "_lead_" in arrival["key"])
    assert counts == {f"{KINDS[kind]}.example": 1 for kind in ("email", "webhook", "form_post")}

    webhook = school_arrivals(up)["quillwater.example"]
    assert webhook["signature"] == "good"
    secrets = json.loads((up.folder / "sandbox-secrets.json").read_text())["quillwater.example"]
    verified = Webhook(secrets[0]).verify(webhook["content"]["raw"], webhook["content"]["headers"])
    assert verified["type"] == "lead.created"
    assert webhook["content"]["json"]["data"]["person"]["email"] == "zephyrine@mail.example"
    letters = [arrival for arrival in up.arrivals() if arrival["host"] == "mail.example"]
    assert len(letters) == 1
    assert "Zephyrine" not in letters[0]["content"]["headers"]["Subject"]

    assert "Zephyrine Quux" in read_portal_lead(up)
    page = prospect.get(confirmation.replace("/inquiry/sent/", "/request/")).page
    assert not any(canary in page for canary in CANARIES)

    withdraw_all(prospect, confirmation)
    told = wait_until(lambda: sum("_withdrawal_" in arrival["key"] for arrival in up.arrivals()) == 3, 30)
    assert told, "three schools outside the portal are told"
    for words in ("check", "doctor"):
        done = command(up, words)
        assert done.returncode == 0, done.stdout
    logs = "".join(path.read_text(errors="replace") for path in (up.folder / "logs").glob("*"))
    paths = " ".join(prospect.paths)
    assert not [canary for canary in (*CANARIES, "zephyrine") if canary in logs or canary in paths]


def find_ids(up: Up) -> list[str]:
    """The four schools by id, as the directory names them."""
    done = command(up, "match --program medical-billing-and-coding --zip 60601 --limit 50 --json")
    found = {match["school_id"] for match in json.loads(done.stdout)["matches"]}
    wanted = [school for school in found if any(school.startswith(name) for name in KINDS.values())]
    assert len(wanted) == 4, found
    return wanted


def withdraw_all(prospect: HttpProspect, confirmation: str) -> None:
    path = confirmation.replace("/inquiry/sent/", "/request/")
    page = prospect.get(path).page
    answered = prospect.post(f"{path}/withdraw", [("csrf_token", find_field(page, "csrf_token")), ("school", "*")])
    assert answered.status == 303, answered.page


def read_portal_lead(up: Up) -> str:
    login = next(each for each in up.told["logins"] if each["role"] == "school")
    counsellor = HttpProspect(up.site)
    page = counsellor.get("/login").page
    fields = [
        ("csrf_token", find_field(page, "csrf_token")),
        ("email", login["email"]),
        ("password", login["password"]),
    ]
    assert counsellor.post("/login", fields).status == 302
    inbox = counsellor.get("/portal").page
    found = re.search(r'href="(/portal/[^"]*LD-[^"]*)"', inbox)
    assert found, inbox
    token = find_field(counsellor.get(found[1]).page, "csrf_token")
    assert counsellor.post(f"{found[1]}/open", [("csrf_token", token)]).status == 303
    return counsellor.get(found[1]).page


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "data/schools-2024.csv").exists(), reason="real directory not at hand")
def test_the_same_on_real_schools(tmp_path: Path) -> None:
    up = start_up(tmp_path, SHARED / "data/schools-2024.csv", min_form_seconds="0", rate_limits="false")
    try:
        prospect_of(up).inquire("60601", 4)
        assert wait_until(lambda: len(school_arrivals(up)) >= 3, 30)
        assert command(up, "check").returncode == 0
    finally:
        up.stop()
