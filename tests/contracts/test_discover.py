"""What is proposed for real layouts, what is not, and what `--write` does to the configuration."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

from guard.cli import status
from guard.contracts.discovery.discover import discover
from guard.contracts.places import Files
from guard.contracts.tomltext import declaration
from guard.snapshot import Snapshot
from tests.contracts.helpers import rules
from tests.contracts.layouts import EXPECTED, FALSE, LAYOUTS
from tests.contracts.stack import stack


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_gets_these_proposals_and_no_others(layout: str) -> None:
    found = discover(Files(Snapshot.of(LAYOUTS[layout])))
    assert {p.name: p.holds for p in found} == EXPECTED[layout]


def test_hardly_a_proposal_is_false() -> None:
    proposed = sum(len(names) for names in EXPECTED.values())
    assert len(LAYOUTS) >= 15
    assert proposed >= 45
    assert len(FALSE) * 20 <= proposed


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_proposed_can_be_declared_and_says_the_same(layout: str) -> None:
    found = discover(Files(Snapshot.of(LAYOUTS[layout])))
    declared = "".join(declaration(p) for p in found)
    assert len(tomllib.loads(declared).get("contracts", {})) == len(found)
    said = [
        r for r in rules({**LAYOUTS[layout], "guard.toml": declared}) if r.startswith("contract/")
    ]
    assert set(said) == {f"contract/{p.name}" for p in found if not p.holds}


def test_the_stacks_of_a_collection_have_nothing_to_do_with_each_other() -> None:
    one = "services:\n  app: {image: a, environment: {DB: 'mysql://db:3306/x'}}\n"
    other = "services:\n  db: {image: postgres, ports: ['5432:3300']}\n"
    samples = {f"{letter}/compose.yaml": other for letter in "bcd"}
    system = discover(Files(Snapshot.of({"a/compose.yaml": one, **samples})))
    assert "app-db-port" in {p.name for p in system}
    collection = {"a/compose.yaml": one, **samples, "e/compose.yaml": other}
    assert "app-db-port" not in {p.name for p in discover(Files(Snapshot.of(collection)))}


def proposed(files: dict[str, str]) -> set[str]:
    return {p.name for p in discover(Files(Snapshot.of(files)))}


STACK = """\
services:
  app: {image: "app:1", environment: {DB_PASSWORD: d83Kd0Qm2kL9, URL: "http://db:3306"}}
  db: {image: "mysql:8", environment: {MYSQL_PASSWORD: d83Kd0Qm2kL9}, ports: ["3306:3306"]}
"""
HEALTH = "services:\n  web:\n    image: web\n    ports: ['8080:8000']\n    {0}\n"

# Name, files, what is proposed.
PROPOSED: list[tuple[str, dict[str, str], set[str]]] = [
    ("compose files for one or the other database have passwords of their own",
     {"compose.mysql.yml": STACK, "compose.maria.yml": STACK}, {"app-db-port", "app-db-port-2", "app-image", "mysql-image"}),
    ("what is laid over another file is run with it",
     {"compose.yml": STACK, "compose.prod.yml": "services: {app: {environment: {X_PASSWORD: d83Kd0Qm2kL9}}}\n"},
     {"app-db-port", "mysql-password"}),
    ("a health check as a list of words",
     {"compose.yml": HEALTH.format("healthcheck: {test: [CMD, curl, -f, 'http://localhost:8000/']}")},
     {"web-health-port"}),
    ("a health check may ask another port",
     {"compose.yml": HEALTH.format("healthcheck: {test: [CMD, curl, 'http://localhost:9901/ready']}")}, set()),
    ("a command as a list of words", {"compose.yml": HEALTH.format("command: [run, --port, '8000']")}, {"web-command-port"}),
    ("one word that says it all", {"compose.yml": HEALTH.format("command: [run, --port=8000]")}, {"web-command-port"}),
    ("an address that is bound", {"compose.yml": HEALTH.format("command: [gunicorn, -b, '0.0.0.0:8000']")}, {"web-command-port"}),
    ("a service of a workflow",
     {"compose.yml": "services: {db: {image: 'postgres:17-alpine'}}\n",
      ".github/workflows/ci.yml": "jobs: {t: {services: {db: {image: 'postgres:17-alpine'}}}}\n"}, {"postgres-image"}),
    ("whose version is another on purpose",
     {"compose.yml": "services: {db: {image: 'postgres:17'}}\n",
      ".github/workflows/ci.yml": "jobs: {t: {services: {db: {image: 'postgres:16'}}}}\n"}, set()),
    ("a file for a version manager", {"Dockerfile": "FROM node:22-slim\n", ".nvmrc": "v22\n"}, {"node-version"}),
    ("one that says more", {"Dockerfile": "FROM node:22-slim\n", ".nvmrc": "v22.3.1\n"}, set()),
    ("any Python", {"Dockerfile": "FROM python:3\n", ".github/workflows/x.yml": "python-version: 3.x\n"}, set()),
    ("the project's own version",
     {"package.json": '{"version": "4.2.1"}', "deploy/Chart.yaml": "version: 0.3.0\nappVersion: 4.2.1\n"}, {"project-version"}),
    ("which begins alike everywhere",
     {"package.json": '{"version": "0.1.0"}', "pyproject.toml": '[project]\nversion = "0.1.0"\n'}, set()),
    ("two packages below, equal by chance",
     {"a/package.json": '{"version": "4.2.1"}', "b/package.json": '{"version": "4.2.1"}'}, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "names"), [p[1:] for p in PROPOSED], ids=[p[0] for p in PROPOSED]
)
def test_what_is_proposed(files: dict[str, str], names: set[str]) -> None:
    assert proposed(files) == names


def test_the_faults_of_the_incident_are_proposed_as_broken() -> None:
    files = {**stack("contract/tunnel-port", "contract/agent-token", "contract/backend-paths")}
    del files["guard.toml"]
    broken = {p.name for p in discover(Files(Snapshot.of(files))) if not p.holds}
    assert broken == {"gui-tunnel-port", "agent-token", "backend-paths"}


def test_the_surest_come_first_and_what_is_broken_before_what_holds() -> None:
    files = {**stack("contract/tunnel-port")}
    del files["guard.toml"]
    found = discover(Files(Snapshot.of(files)))
    assert found[0].name == "gui-tunnel-port"
    assert [p.rank for p in found] == sorted((p.rank for p in found), reverse=True)
    assert all(p.reason for p in found)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = stack("contract/tunnel-port")
    del files["guard.toml"]
    for name, text in files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def added(repository: Path) -> None:
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)


def test_writing_keeps_every_byte_that_was_there(repository: Path) -> None:
    before = "# our rules\nskip = []  # none\r\n\n[compose] # hard\nno-healthcheck = 'off'"
    (repository / "guard.toml").write_bytes(before.encode())
    added(repository)
    assert status(["contracts", "discover", "--write"]) == 0
    after = (repository / "guard.toml").read_bytes().decode()
    assert after.startswith(before)
    assert {*tomllib.loads(after)["contracts"]} >= {"backend-paths", "gui-image-port"}
    assert "gui-tunnel-port" not in after  # it does not hold today
    added(repository)
    assert status(["check", "--all", "--select", "contracts"]) == 0


def test_what_is_chosen_is_written_though_it_does_not_hold(repository: Path) -> None:
    assert status(["contracts", "discover", "gui-tunnel-port", "--write"]) == 0
    assert [*tomllib.loads((repository / "guard.toml").read_text())["contracts"]] == [
        "gui-tunnel-port"
    ]
    added(repository)
    assert status(["check", "--all", "--select", "contracts"]) == 1


@pytest.mark.parametrize("selector", ["ports[0]", "ports[target=80]"])
def test_what_is_declared_is_not_proposed_again(
    repository: Path, capfd: pytest.CaptureFixture[str], selector: str
) -> None:
    assert status(["contracts", "discover", "gui-tunnel-port", "--write"]) == 0
    config = repository / "guard.toml"
    config.write_text(config.read_text().replace("ports[0]", selector))
    added(repository)
    capfd.readouterr()
    assert status(["contracts", "discover"]) == 0
    assert "gui-tunnel-port" not in capfd.readouterr().out


def test_a_repository_that_is_configured_in_pyproject_stays_so(repository: Path) -> None:
    (repository / "pyproject.toml").write_text("[tool.guard]\nskip = []\n")
    added(repository)
    assert status(["contracts", "discover", "backend-paths", "--write"]) == 0
    held = tomllib.loads((repository / "pyproject.toml").read_text())
    assert [*held["tool"]["guard"]["contracts"]] == ["backend-paths"]
    assert not (repository / "guard.toml").exists()


def test_a_name_that_is_not_proposed_is_an_error(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert status(["contracts", "discover", "gui-tunel-port", "--write"]) == 2
    assert "did you mean 'gui-tunnel-port'?" in capfd.readouterr().err


def test_discovery_suggests_and_never_blocks(repository: Path) -> None:
    assert status(["contracts", "discover"]) == 0
    assert status(["check", "--all", "--select", "contracts"]) == 0
