"""`leadgen up`: starts, says what is wrong, ends all of its children, and gets over a kill."""

import json
import os
import signal
import socket
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.journey.running import Up, living, spawn_up, start_up, wait_until

# Ten processes start and end in each: seconds on an idle machine, minutes on a busy one.
pytestmark = pytest.mark.timeout(400)
# those left over are killed after three seconds of grace, at the pace of a busy machine
SECONDS_TO_END = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    running = start_up(folder)
    yield running
    children = running.child_pids() if running.process.poll() is None else set()
    running.stop()
    for pid in living(children):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def run_up(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    process = spawn_up(folder, *words, **settings)
    out, errors = process.communicate(timeout=200)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def test_a_taken_port_gives_one_clear_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run_up(folder, "--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr == f"Port {port} is taken. Choose another, for example: leadgen up --port {port + 10}\n"


def test_a_folder_that_cannot_be_written_gives_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = run_up(tmp_path / "file" / "data", "--port", "0")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot write to the data folder {tmp_path}/file/data: Not a directory.")
    assert ended.stderr.count("\n") == 1


def test_a_setting_that_is_wrong_is_named(folder: Path) -> None:
    ended = run_up(folder, "--port", "0", web_workers="none")
    assert ended.returncode == 1
    assert "LEADGEN_WEB_WORKERS" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_step_of_the_first_start_that_fails_says_why_and_leaves_nothing_running(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("not,a,directory\n1,2,3\n")
    ended = run_up(folder, "--port", "0", "--schools", str(tmp_path / "bad.csv"))
    assert ended.returncode == 1
    assert ended.stderr.startswith("leadgen directory import")
    assert "Traceback" not in ended.stderr
    assert not (folder / "up.json").exists()


def test_it_starts_and_ends_every_child_on_sigterm(up: Up) -> None:
    assert up.get("/readyz") == 200
    assert {login["role"] for login in up.told["logins"]} == {"admin", "school"}
    assert stat.S_IMODE((up.folder / "keys.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((up.folder / "sandbox-secrets.json").stat().st_mode) == 0o600
    assert list(json.loads((up.folder / "sandbox-secrets.json").read_text())) == ["acme.example"]
    assert not (up.folder / "logins-not-yet-shown.json").exists()
    children = up.child_pids()
    assert len(children) >= 10
    second = run_up(up.folder, "--port", "0")
    assert second.returncode == 1
    assert second.stderr == f"leadgen already runs on {up.folder} (process {up.process.pid}, {up.site})\n"
    up.process.terminate()
    assert up.process.wait(90) == 0
    assert living(children) == set()
    assert not (up.folder / "broker.sock").exists()


@pytest.mark.slow
def test_a_killed_parent_leaves_nothing_and_a_second_start_finds_its_data(up: Up) -> None:
    children, keys = up.child_pids(), (up.folder / "keys.json").read_text()
    # killed between saying the logins and noting that it did, it would rightly say them again
    assert wait_until(lambda: not (up.folder / "logins-not-yet-shown.json").exists(), 20)
    up.process.kill()
    up.process.wait()
    assert wait_until(lambda: not living(children), SECONDS_TO_END)
    again = start_up(up.folder)
    try:
        assert again.get("/readyz") == 200
        assert again.told["logins"] == []
        assert (up.folder / "keys.json").read_text() == keys
    finally:
        assert again.stop() == 0


@pytest.mark.slow
def test_a_start_right_after_a_kill_waits_for_what_is_left(up: Up) -> None:
    """The tether of the broker is killed too, so that only the lock knows of it."""
    children = up.child_pids()
    up.process.send_signal(signal.SIGSTOP)
    os.kill(up.group("broker"), signal.SIGKILL)
    up.process.kill()
    up.process.wait()
    again = start_up(up.folder)
    try:
        assert living(children) == set()
    finally:
        assert again.stop() == 0


@pytest.mark.slow
def test_a_child_that_dies_is_started_again(up: Up) -> None:
    before = up.group("sandbox")
    os.killpg(before, signal.SIGKILL)
    assert wait_until(lambda: up.group("sandbox") != before, 30)
    assert wait_until(lambda: _reaches(up), 30)


@pytest.mark.slow
def test_a_child_that_keeps_dying_stops_everything_with_a_clear_line(folder: Path) -> None:
    ended = run_up(folder, "--port", "0", broker_url="nonsense://nowhere")
    assert ended.returncode == 1
    assert "keeps ending. Stopping everything." in ended.stderr
    assert "Traceback" not in ended.stderr


def _reaches(up: Up) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{up.sandbox}/healthz", timeout=2) as answer:
        return answer.status == 200
    return False
