"""The embedded broker: reached by Celery on a Unix socket, whatever the folder is called."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery

from leadgen.local import StartError
from leadgen.local.broker import broker_answers, choose_socket, make_broker_command, make_broker_url
from tests.journey.running import wait_until


@contextmanager
def run_broker(folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    path = choose_socket(folder)
    process = subprocess.Popen(make_broker_command(path, folder), stdout=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: broker_answers(path), 60)
        yield path
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("name", ["data", "with a space & 100%", "x" * 110])
def test_celery_reaches_it_in_every_folder(tmp_path: Path, name: str) -> None:
    with run_broker(tmp_path / name) as path, Celery(broker=make_broker_url(path)).connection() as connection:
        queue = connection.SimpleQueue("nudges")
        queue.put({"row": 7})
        assert queue.get(timeout=5).payload == {"row": 7}


def test_it_replaces_a_socket_that_a_killed_one_left(tmp_path: Path) -> None:
    (tmp_path / "broker.sock").touch()
    with run_broker(tmp_path) as path:
        assert path == tmp_path / "broker.sock"


def test_it_has_no_port_and_writes_nothing(tmp_path: Path) -> None:
    with run_broker(tmp_path) as path, Celery(broker=make_broker_url(path)).connection() as connection:
        told = connection.default_channel.client.config_get()
        assert (told["port"], told["save"], told["appendonly"]) == ("0", "", "no")
        assert int(told["maxmemory"]) > 0
    assert not list(tmp_path.glob("*.rdb"))


def test_it_refuses_a_folder_under_the_temporary_folder_that_others_may_enter(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)
    long.mkdir()
    folder = choose_socket(long).parent
    folder.chmod(0o755)
    try:
        with pytest.raises(StartError):
            choose_socket(long)
    finally:
        folder.rmdir()
