"""The stack of the incident: each fault is found by exactly its rule, the sound one is clean."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from guard.cli import status
from tests.contracts.helpers import findings, rules
from tests.contracts.stack import FAULTS, stack


def test_the_sound_stack_is_clean() -> None:
    assert rules(stack()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_alone_is_found_by_exactly_its_rule(fault: str) -> None:
    assert set(rules(stack(fault))) == {fault}


def test_all_faults_together_are_all_found() -> None:
    assert set(rules(stack(*FAULTS))) == set(FAULTS)


def test_both_sides_of_the_tunnel_are_named() -> None:
    (finding,) = findings(stack("contract/tunnel-port"))
    assert "ssh-tunnel-lab.sh:5 says 5050" in finding.message
    assert "docker-compose.lab.yml:5 says 5051" in finding.message
    assert [(at.path, at.line) for at in finding.related] == [("docker-compose.lab.yml", 5)]
    assert "through the tunnel" in finding.hint
    assert "curl -sf http://localhost:8080/" in finding.hint


def test_the_path_that_is_not_mounted_is_found_where_the_code_opens_it() -> None:
    (finding,) = findings(stack("contract/backend-paths"))
    assert finding.at.path == "backend/app/main.py"
    assert "/var/lib/tftpboot" in finding.message
    assert {at.path for at in finding.related} >= {
        "backend/app/core/settings.py",
        "docker-compose.lab.yml",
    }


def test_the_volume_that_nothing_seeds_names_what_reads_it() -> None:
    (finding,) = findings(stack("compose/volume-not-seeded"))
    assert finding.at.path == "docker-compose.lab.yml"
    assert "/etc/agent/agent_config.json" in finding.message


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in stack().items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.email", "a@example.net")
    git(tmp_path, "config", "user.name", "a")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "sound")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(where: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=where, check=True)


def test_the_hook_judges_the_index_and_not_the_work_tree(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = repository / "ssh-tunnel-lab.sh"
    sound = script.read_text()
    script.write_text(sound.replace("5051", "5050"))
    assert status(["check", "--staged", "--select", "contracts"]) == 0
    git(repository, "add", "-A")
    script.write_text(sound)
    assert status(["check", "--staged", "--select", "contracts"]) == 1
    assert "contract/tunnel-port" in capfd.readouterr().err


def test_the_truth_is_copied_on_request_and_the_rest_of_the_file_kept(repository: Path) -> None:
    script = repository / "ssh-tunnel-lab.sh"
    sound = script.read_text()
    script.write_text(sound.replace("5051", "5050"))
    assert status(["check", "--all", "--select", "contracts", "--fix"]) == 0
    assert script.read_text() == sound


def test_a_place_that_is_gone_is_an_error_that_names_the_nearest(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    git(repository, "mv", "ssh-tunnel-lab.sh", "ssh-tunnel.sh")
    assert status(["check", "--staged", "--select", "contracts"]) == 2
    said = capfd.readouterr().err
    assert "contract tunnel-port: there is no file 'ssh-tunnel-lab.sh'" in said
    assert "did you mean 'ssh-tunnel.sh'?" in said


def test_json_names_the_rule_and_every_place(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = repository / "ssh-tunnel-lab.sh"
    script.write_text(script.read_text().replace("5051", "5050"))
    assert status(["check", "--all", "--select", "contracts", "--format", "json"]) == 1
    (finding,) = json.loads(capfd.readouterr().out)["findings"]
    assert finding["rule"] == "contract/tunnel-port"
    assert finding["path"] == "ssh-tunnel-lab.sh"
    assert finding["start"] == {"line": 5, "column": 13}
    assert finding["related"][0]["path"] == "docker-compose.lab.yml"
    assert finding["edits"][0]["text"] == "5051"
