"""Every configuration dependency written down: tables, graphs, a page, a template and its check."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from guard.cli import status
from tests.contracts.stack import stack

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in stack("contract/tunnel-port").items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(capfd: pytest.CaptureFixture[str], *args: str) -> str:
    capfd.readouterr()
    assert status(["contracts", "show", *args]) == 0
    return capfd.readouterr().out


def test_the_table_names_every_place_and_what_it_says(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = shown(capfd)
    assert "tunnel-port: same, broken" in said
    assert "agent-token: same, holds" in said
    assert "ssh-tunnel-lab.sh:5       5050  (ssh -L remote-port)" in said
    assert "agent/agent_config.json:3       (secret)  (auth_token)" in said
    assert "backend/app/main.py:12  mounted from /var/lib/tftpboot" in said
    assert "(secret) by default  (AGENT_TOKEN)" in said


def test_only_the_named_contracts_are_shown(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = shown(capfd, "agent-token")
    assert "agent-token" in said
    assert "tunnel-port" not in said


def test_the_mermaid_graph_ties_files_to_contracts(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = shown(capfd, "--format", "mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    assert '  f0["ssh-tunnel-lab.sh"]' in lines
    assert '  f0 ---|"ssh -L remote-port"| c0' in lines
    assert "  class c0 broken" in lines
    for line in lines:  # what Mermaid would take for syntax is escaped in labels
        label = line.partition('"')[2].rpartition('"')[0].replace("<br/>", "")
        assert not {*label} & {*'[]{}<>"|'}


def test_the_svg_is_well_formed_and_has_a_line_for_each_tie(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = ElementTree.fromstring(shown(capfd, "--format", "svg"))
    texts = {node.text for node in picture.iter(f"{SVG}text")}
    assert {"tunnel-port", "agent-token", "ssh-tunnel-lab.sh"} <= texts
    assert len(list(picture.iter(f"{SVG}path"))) == 6


def test_the_page_needs_nothing_besides_itself(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    page = shown(capfd, "--format", "html")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "4 contracts, 1 broken" in page


def test_names_are_escaped_on_the_page(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = (repository / "guard.toml").read_text()
    (repository / "guard.toml").write_text(text.replace("is rejected", "").replace("silent", "<b>"))
    assert "<b>" not in shown(capfd, "--format", "html")


def test_markdown_and_json_hold_the_same_places(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    held = json.loads(shown(capfd, "--format", "json"))
    table = shown(capfd, "--format", "markdown")
    assert held["schema"] == 1
    assert [c["state"] for c in held["contracts"]] == ["broken", "holds", "holds", "holds"]
    for contract in held["contracts"]:
        assert contract["name"] in table
        for place in contract["places"]:
            assert f"`{place['where']}`" in table


def test_a_contract_that_cannot_be_judged_is_shown_as_such(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (repository / "ssh-tunnel-lab.sh").write_text("#!/bin/sh\n")
    assert "tunnel-port: same, error" in shown(capfd)


def test_the_template_names_every_place_and_holds_no_secret(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert status(["contracts", "template", "--output", "template.toml"]) == 0
    text = (repository / "template.toml").read_text()
    held = tomllib.loads(text)
    assert held["tunnel-port"]["ssh-tunnel-lab.sh :: ssh -L remote-port"] == "5050"
    assert held["agent-token"]["agent/agent_config.json :: auth_token"] == ""
    assert "canary" not in text
    assert status(["contracts", "template", "--check", "template.toml"]) == 0


CHANGES = [
    ("a value that changed", '"5051"', '"5052"', "is 5051, the template says 5052"),
    ("a secret that was filled in", '_config.json :: auth_token" = ""',
     '_config.json :: auth_token" = "s3cr3t"', "must be left empty"),
    ("a place that is missing", '"agent/agent_config.json :: auth_token" = ""', "# ", "lacks agent/"),
    ("a place that is no more", "[agent-token]", '[agent-token]\n"x :: y" = ""', "no place x :: y any more"),
    ("a contract that is missing", "[agent-token]", "[other]", "agent-token is missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_template_that_no_longer_fits_is_told(
    repository: Path, capfd: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    assert status(["contracts", "template", "--output", "template.toml"]) == 0
    text = (repository / "template.toml").read_text()
    assert old in text
    (repository / "template.toml").write_text(text.replace(old, new))
    assert status(["contracts", "template", "--check", "template.toml"]) == 1
    complaint = capfd.readouterr().err
    assert said in complaint
    assert "s3cr3t" not in complaint
    assert "guard contracts template --output template.toml" in complaint


@pytest.mark.parametrize(
    ("text", "said"), [(None, "cannot read"), ("[", "is not valid TOML")], ids=["gone", "broken"]
)
def test_a_template_that_cannot_be_read_is_an_error(
    repository: Path, capfd: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    if text is not None:
        (repository / "template.toml").write_text(text)
    assert status(["contracts", "template", "--check", "template.toml"]) == 2
    assert said in capfd.readouterr().err


def test_contracts_can_be_judged_by_name_and_by_service(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert status(["contracts", "check"]) == 1
    assert status(["contracts", "check", "agent-token"]) == 0
    assert status(["contracts", "check", "--service", "gui"]) == 1
    assert status(["contracts", "check", "--service", "backend"]) == 0
    assert status(["contracts", "check", "agent-tokn"]) == 2
    assert "did you mean 'agent-token'?" in capfd.readouterr().err
    assert status(["contracts", "check", "--service", "backnd"]) == 2
    assert "there is no service 'backnd'\n  help: did you mean 'backend'?" in capfd.readouterr().err


def test_the_rules_explain_themselves(capfd: pytest.CaptureFixture[str], repository: Path) -> None:
    assert status(["explain", "contract/tunnel-port"]) == 0
    assert "the GUI is reached through the tunnel" in capfd.readouterr().out
    for rule in ("compose/volume-not-seeded", "contract/unreadable", "contracts", "compose"):
        assert status(["explain", rule]) == 0
