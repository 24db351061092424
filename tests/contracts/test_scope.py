"""Which contracts a run is about."""

from __future__ import annotations

import subprocess
import sys

import pytest

from guard.config import plan
from guard.contracts.declared import Contract, Mounted
from guard.contracts.evaluate import of_services
from guard.contracts.places import Files
from guard.errors import ConfigError
from guard.pipeline import run
from guard.snapshot import Snapshot
from guard.treestate import TreeState
from tests.contracts.helpers import rules

DECLARED = """
[contracts.ports]
why = "w"
same = ["a.env :: PORT", "docker-compose.yml :: services.a.ports[0].published"]

[contracts.others]
why = "w"
same = ["b/*.json :: x", "c.toml :: x"]
"""
SOUND = {
    "guard.toml": DECLARED,
    "a.env": "PORT=1\n",
    ".env": "P=1\n",
    "docker-compose.yml": "services: {a: {image: a, ports: ['${P}:80']}}\n",
    "b/a.json": '{"x": 1}',
    "c.toml": "x = 1\n",
    "unrelated.txt": "x",
}

# What is already broken at the base, what changes, and which rules speak up.
CASES = [
    ("nothing touched", {"a.env": "PORT=2\n"}, {"unrelated.txt": "y"}, []),
    ("one side touched", {}, {"a.env": "PORT=2\n"}, ["contract/ports"]),
    ("the other side touched", {"a.env": "PORT=2\n"}, {"docker-compose.yml": "services: {a: {image: b, ports: ['${P}:80']}}\n"}, ["contract/ports"]),
    ("a file that compose reads", {}, {".env": "P=2\n"}, ["contract/ports"]),
    ("a file that a glob means", {}, {"b/new.json": '{"x": 2}'}, ["contract/others"]),
    ("the configuration", {"a.env": "PORT=2\n"}, {"guard.toml": DECLARED + "# more\n"}, ["contract/ports"]),
    ("a new file elsewhere", {"a.env": "PORT=2\n"}, {"d/new.json": '{"x": 2}'}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "change", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_change_is_judged_by_the_contracts_it_touches(
    before: dict[str, str], change: dict[str, str], said: list[str]
) -> None:
    base = {**SOUND, **before}
    assert rules({**base, **change}, base) == said


def test_a_file_that_is_gone_is_missed_in_the_change_and_ever_after() -> None:
    after = {path: text for path, text in SOUND.items() if path != "a.env"}
    for base in (SOUND, None):
        with pytest.raises(ConfigError, match=r"there is no file 'a\.env'"):
            rules(after, base)
    # In a change that has nothing to do with it, nobody is kept from working.
    assert rules({**after, "unrelated.txt": "y"}, after) == []


@pytest.mark.parametrize(
    ("relation", "message"),
    [
        pytest.param("", r"contracts\.x has no relation", id="no relation"),
        pytest.param('unique = ["*.no :: x"]', "no file", id="a glob of no file"),
    ],
)
def test_what_means_no_file_is_an_error_though_its_own_is_no_target(
    relation: str, message: str
) -> None:
    files = {**SOUND, "guard.toml": f'[contracts.x]\nwhy = "w"\n{relation}\n'}
    snapshot = Snapshot.of(files).narrowed(["unrelated.txt"])
    with pytest.raises(ConfigError, match=message):
        run(plan(snapshot), snapshot)


def test_a_hook_imports_no_parser_where_no_contract_is_touched() -> None:
    code = """
import sys
from guard.config import plan
from guard.pipeline import run
from guard.snapshot import Snapshot
from tests.contracts.test_scope import SOUND
for name in [n for n in sys.modules if n.startswith(("guard.contracts", "yaml", "tree_sitter"))]:
    del sys.modules[name]
snapshot = Snapshot.of({**SOUND, "unrelated.txt": "y"}, base=SOUND)
assert not run(plan(snapshot, ["contracts", "compose"]), snapshot).findings
print(sorted(n for n in sys.modules if n in ("yaml", "tree_sitter", "libcst", "esprima", "dotenv")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


SERVICES = {
    "by-name": Contract(why="w", unique=("docker-compose.yml :: services.a.ports[0].published",)),
    "other": Contract(why="w", unique=("docker-compose.yml :: services.b.ports[0].published",)),
    "any": Contract(why="w", unique=("docker-compose.yml :: services.*.ports[*].published",)),
    "by-folder": Contract(why="w", unique=("images/a/x.env :: PORT",)),
    "elsewhere": Contract(why="w", unique=("images/b/x.env :: PORT",)),
    "mounted": Contract(
        why="w", mounted=Mounted(("images/b/*.py",), "docker-compose.yml :: services.a")
    ),
}


def test_contracts_of_the_services_being_built() -> None:
    compose = "services: {a: {build: ./images/a}, b: {build: ./images/b}}\n"
    files = Files(Snapshot.of({"docker-compose.yml": compose}))
    assert [*of_services(SERVICES, ["a"], files)] == ["by-name", "any", "by-folder", "mounted"]
    assert [*of_services(SERVICES, ["b"], files)] == ["other", "any", "elsewhere", "mounted"]


def test_every_file_of_a_glob_must_hold_what_is_selected() -> None:
    files = {**SOUND, "b/other.json": '{"y": 1}'}
    with pytest.raises(ConfigError, match=r"b/other\.json: the file has no key 'x'"):
        rules(files)


STACK = {
    "docker-compose.yml": """\
services:
  a: {build: ./a, ports: ["80:80"]}
  b: {build: ./b, ports: ["80:81"], env_file: b.env, volumes: ["./conf:/conf"]}
""",
    "a/Dockerfile": "FROM x\n",
    "b/Dockerfile": "FROM x\n",
    "b.env": "A=1\n",
    "conf/x": "x",
    "c/docker-compose.yml": "services: {c: {image: x, ports: ['81:1', '81:2']}}\n",
    "other.yml": "x: 1\n",
}
HERE, THERE = ["compose/port-taken"], ["compose/port-taken", "compose/port-taken"]
TOUCHED = [
    ("everything", None, THERE),
    ("a compose file", {"docker-compose.yml": STACK["docker-compose.yml"] + "# x\n"}, HERE),
    ("a Dockerfile that is as sound as before", {"a/Dockerfile": "FROM y\n"}, []),
    ("a Dockerfile", {"a/Dockerfile": "FROM x\nVOLUME /x\n"}, ["compose/anonymous-volume"]),
    ("an env_file that is as sound as before", {"b.env": "A=2\n"}, []),
    ("an env_file", {"b.env": "A_TOKEN=change-me\n"}, ["compose/placeholder-secret"]),
    ("what is mounted, as sound as before", {"conf/x.env": "y"}, []),
    ("another YAML file", {"other.yml": "x: 2\n"}, []),
]


@pytest.mark.parametrize(("change", "said"), [t[1:] for t in TOUCHED], ids=[t[0] for t in TOUCHED])
def test_a_compose_file_is_judged_where_it_or_what_it_names_is_touched(
    change: dict[str, str] | None, said: list[str]
) -> None:
    assert rules({**STACK, **(change or {})}, None if change is None else STACK) == said


def test_a_mount_that_is_deleted_is_missed() -> None:
    after = {path: text for path, text in STACK.items() if path != "conf/x"}
    assert "compose/mount-missing" in rules(after, STACK)


GATE = """
[contracts.of-a]
why = "w"
same = ["a/x.env :: PORT", "docker-compose.yml :: services.a.ports[0].target"]

[contracts.of-b]
why = "w"
same = ["b/x.env :: PORT", "docker-compose.yml :: services.b.ports[0].target"]
"""


@pytest.mark.parametrize("service", ["a", "b"])
def test_a_build_is_judged_by_the_contracts_of_its_services(service: str) -> None:
    """Both contracts are broken: only that of the service being built refuses the build."""
    compose = "services:\n  a: {build: ./a, ports: ['1:1']}\n  b: {build: ./b, ports: ['2:1']}\n"
    files = {
        "guard.toml": GATE,
        "docker-compose.yml": compose,
        **{f"{s}/{name}": text for s in "ab" for name, text in
           {"Dockerfile": "FROM x\n", "x.env": "PORT=9\n", "y.yml": "y: 1\n"}.items()},
    }  # fmt: skip
    state = TreeState(root="/", head="c", branch="main", on_remotes=("origin/main",))
    snapshot = Snapshot.of(files, state=state)
    entering = [path for path in files if path.startswith(f"{service}/")]
    snapshot = snapshot.narrowed([*entering, "docker-compose.yml"])
    found = run(plan(snapshot, ["contracts"]), snapshot).findings
    assert [finding.rule for finding in found] == [f"contract/of-{service}"]


def test_a_file_that_is_gone_is_missed_though_the_work_tree_holds_more_than_git() -> None:
    files = {path: text for path, text in SOUND.items() if path not in ("a.env", ".env")}
    files |= {"docker-compose.yml": "services: {}\n", "untracked.txt": "x"}
    declared = '[contracts.x]\nwhy = "w"\nexists = ["a.env :: PORT"]\n'
    snapshot = Snapshot.of({**files, "guard.toml": declared})
    snapshot = snapshot.narrowed(path for path in files if path != "untracked.txt")
    with pytest.raises(ConfigError, match=r"there is no file 'a\.env'"):
        run(plan(snapshot, ["contracts"]), snapshot)


@pytest.mark.parametrize(("service", "said"), [("a", []), ("b", ["compose/anonymous-volume"])])
def test_a_build_is_judged_by_what_compose_says_of_its_services(
    service: str, said: list[str]
) -> None:
    compose = "services:\n  a:\n    build: ./a\n  b:\n    build: ./b\n    volumes: [/x]\n"
    files = {"docker-compose.yml": compose, "a/Dockerfile": "FROM x\n", "b/Dockerfile": "FROM x\n"}
    state = TreeState(root="/", head="c", branch="main", on_remotes=("origin/main",))
    snapshot = Snapshot.of(files, state=state).narrowed(
        [f"{service}/Dockerfile", "docker-compose.yml"]
    )
    found = run(plan(snapshot, ["compose"]), snapshot).findings
    assert [finding.rule for finding in found] == said
