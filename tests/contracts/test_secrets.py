"""A secret never leaves memory: canaries are planted and every output is searched for them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from guard import cli
from guard.contracts import relations
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Source, looks_secret, plain
from guard.errors import ConfigError
from guard.snapshot import Snapshot
from tests.contracts.helpers import contract
from tests.contracts.stack import stack

CANARIES = ("canary-one", "canary-two", "canary-pin", "canary-url", "canary-env", "canary-min")
DECLARED = """
[contracts.pin]
why = "the panel does not open"
secret = true
same = ["panel.yml :: pin", "door.toml :: pin"]

[contracts.through-a-variable]
why = "what is put in from a secret variable is one"
same = ["docker-compose.prod.yml :: services.a.command", "panel.yml :: command"]

[contracts.port-beside-a-secret]
why = "a report must not quote a line that holds a secret as well"
same = ["minified.json :: port", "panel.yml :: port"]

[contracts.database]
why = "a URL can carry a password"
same = ["docker-compose.prod.yml :: services.a.environment.DB", "panel.yml :: db"]

[contracts.agent-token-among]
why = "an unknown token"
one-of = {value = "agent/agent_config.json :: auth_token", among = ["minified.json :: auth_token"]}

[contracts.token-unique]
why = "one token for two agents"
unique = ["panel.yml :: token", "panel.yml :: token_again"]
"""
FILES = {
    "panel.yml": "pin: s3cr3t-canary-pin\nport: 1\ndb: x\ncommand: x\n"
    "token: s3cr3t-canary-two\ntoken_again: s3cr3t-canary-two\n",
    "door.toml": 'pin = "other-canary-pin"\n',
    "minified.json": '{"port": 2, "auth_token": "s3cr3t-canary-min"}',
    "docker-compose.prod.yml": """\
services:
  a:
    image: a:1
    command: run --with ${API_TOKEN}
    environment:
      DB: postgres://u:s3cr3t-canary-url@db/x
      ADMIN_PASSWORD: changeme-canary-one
    ports: ["80:80"]
    depends_on: [b]
  b: {image: "b:1", ports: ["80:81"], environment: {X_TOKEN: dev-token-canary-two}}
""",
    ".env": "API_TOKEN=s3cr3t-canary-env\n",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = stack("contract/agent-token")
    files |= {**FILES, "guard.toml": files["guard.toml"] + DECLARED}
    for name, text in files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".git" / "cache"))
    return tmp_path


COMMANDS = [
    *(
        ["check", door, "--format", form]
        for door in ("--all", "--staged")
        for form in ("text", "json", "sarif", "github")
    ),
    ["check", "--all", "--format", "json", "--output", "out.json"],
    ["check", "--all", "--fix"],
    *(
        ["contracts", "show", "--format", form]
        for form in ("text", "markdown", "mermaid", "svg", "html", "json")
    ),
    ["contracts", "show", "--format", "html", "--output", "out.html"],
    ["contracts", "check"],
    ["contracts", "template"],
    ["contracts", "template", "--output", "out.toml"],
    ["contracts", "discover"],
    ["contracts", "discover", "--format", "json"],
    ["contracts", "discover", "--write"],
    ["explain", "contract/agent-token"],
    ["list"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_output_holds_a_canary(
    repository: Path, capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    before = {path for path in repository.rglob("*") if path.is_file()}
    known = {path: path.read_bytes() for path in before}
    status = cli.status(command)
    said = capfd.readouterr()
    assert status in (0, 1), said.err
    assert said.out or said.err or "--output" in command
    for canary in CANARIES:
        assert canary not in said.out
        assert canary not in said.err
    for path in repository.rglob("*"):
        if path.is_file() and known.get(path) != path.read_bytes():
            assert not any(c.encode() in path.read_bytes() for c in CANARIES), path


UNTOLD = [
    *(["check", "--all", "--format", form] for form in ("text", "json", "sarif", "github")),
    *(["contracts", "show", "--format", form] for form in ("text", "markdown", "json", "html")),
    ["contracts", "template"],
    ["contracts", "discover"],
]


@pytest.mark.parametrize("command", UNTOLD, ids=" ".join)
def test_no_output_tells_how_long_a_secret_is(
    repository: Path, capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    cli.status(command)
    said = capfd.readouterr()
    for name in FILES:
        place = repository / name
        place.write_text(place.read_text().replace("canary", "canary-of-another-length"))
    cli.status(command)
    assert capfd.readouterr() == said


def test_the_findings_are_there_all_the_same(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.status(["check", "--all"]) == 1
    said = capfd.readouterr().out
    for rule in (
        "contract/agent-token",
        "contract/pin",
        "contract/through-a-variable",
        "contract/port-beside-a-secret",
        "contract/database",
        "contract/agent-token-among",
        "contract/token-unique",
        "compose/placeholder-secret",
    ):
        assert rule in said
    assert "differ (a secret: not shown)" in said
    assert "minified.json:1 says 2, panel.yml:2 says 1" in said


@pytest.mark.parametrize("command", [["check", "--all"], ["contracts", "show"]], ids=" ".join)
def test_a_crash_tells_where_it_was_and_not_about_what(
    repository: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    def crash(question: relations.Question) -> None:
        values = question.held(question.contract.same)
        raise ValueError(f"bad {values[0].value.text}", values[0].value.text)

    from guard.contracts import evaluate

    monkeypatch.setattr(evaluate, "JUDGES", {**evaluate.JUDGES, "same": crash})
    assert cli.status([*command]) == 3
    said = capfd.readouterr()
    assert "ValueError" in said.err
    for canary in CANARIES:
        assert canary not in said.out + said.err


BROKEN = [
    ("broken YAML", "panel.yml", "token: s3cr3t-canary-pin: x\npin: [\n"),
    ("an alias to nothing", "panel.yml", "token: *s3cr3t-canary-pin\n"),
    ("broken JSON", "minified.json", '{"auth_token": "s3cr3t-canary-min" "x"}'),
    ("broken TOML", "door.toml", "pin = s3cr3t-canary-pin\n"),
    ("broken Python", "backend/app/core/settings.py", "TOKEN = 's3cr3t-canary-one\n"),
    ("broken dotenv", ".env", "API_TOKEN s3cr3t-canary-env\n"),
]


@pytest.mark.parametrize(("path", "text"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_a_file_that_does_not_parse_is_not_quoted(
    repository: Path, capfd: pytest.CaptureFixture[str], path: str, text: str, form: str
) -> None:
    (repository / path).write_text(text)
    command = ["check", "--all", "--select", "contracts", "--select", "compose", "--format", form]
    assert cli.status(command) == 1
    said = capfd.readouterr()
    assert "cannot be judged" in said.out
    for canary in CANARIES:
        assert canary not in said.out + said.err
    (repository / path).write_text(text.replace("canary", "canary-of-another-length"))
    cli.status(command)
    assert capfd.readouterr() == said


def test_no_error_of_a_contract_quotes_a_value() -> None:
    files = {
        "a.json": '{"token": {"token": "s3cr3t-canary"}, "list": [{"token": "s3cr3t-canary"}]}'
    }
    for selector in ("token.s", "list[token=x].y", "token.token | port", "token.token.x", "list"):
        with pytest.raises(ConfigError) as raised:
            contract(f"same = ['a.json :: {selector}', 'a.json :: token.token']", files)
        assert "canary" not in raised.value.message + raised.value.hint


def test_values_do_not_show_themselves() -> None:
    value = plain(Source("a", "s3cr3t-canary"), 0, 13, "token")
    files = Files(Snapshot.of({"a.yml": "token: s3cr3t-canary\n"}))
    (held,) = files.values(parsed("a.yml :: token"))
    for thing in (
        value,
        value.pieces,
        held,
        files.document(("a.yml",)),
        relations.Held(parsed("a.yml :: token"), held),
    ):
        assert "canary" not in repr(thing)
        assert "canary" not in f"{thing}"


NAMES = [
    ("token", True),
    ("AUTH_TOKEN", True),
    ("authToken", True),
    ("DB_PASSWORD", True),
    ("passwd", True),
    ("pwd", True),
    ("SECRET_KEY", True),
    ("api-key", True),
    ("apiKey", True),
    ("private_key", True),
    ("SSH_KEY", True),
    ("key", True),
    ("credentials", True),
    ("SENTRY_DSN", True),
    ("monkey", False),
    ("keyboard", False),
    ("TOKEN_URL", False),
    ("token_ttl", False),
    ("primary_keys", False),
    ("port", False),
    ("author", False),
    ("passive", False),
]


@pytest.mark.parametrize(("name", "secret"), NAMES)
def test_names_that_look_secret(name: str, secret: bool) -> None:
    assert looks_secret(name) is secret


def test_no_secret_is_copied_by_a_repair() -> None:
    files = {"a.json": '{"token": "one-canary"}', "b.json": '{"token": "two-canary"}'}
    (finding,) = contract('same = ["a.json :: token", "b.json :: token"]\ntruth = "a.json"', files)
    assert finding.edits == ()
    assert finding.secret
