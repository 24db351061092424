"""Which contracts a run is about, and what becomes of files that cannot be read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from guard.config import plan
from guard.contracts import jsontree, tomltree, yamltree
from guard.contracts.compose import load
from guard.contracts.declared import Contract, Mounted
from guard.contracts.evaluate import of_services
from guard.contracts.places import Files
from guard.contracts.tree import leaves, select
from guard.contracts.values import Broken, Missing, Source
from guard.errors import ConfigError
from guard.pipeline import run
from guard.snapshot import Snapshot
from guard.treestate import TreeState
from tests.contracts.helpers import contract, rules

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


# Name, file, text, words of the finding, its line.
BROKEN = [
    ("broken YAML", "x.yml", "a: 1\nb: [\n", "not valid YAML", 3),
    ("a list left open in YAML", "x.yml", "a: [1\nb: {2\n", "did not find expected ',' or ']'", 2),
    ("tabs in YAML", "x.yml", "a:\n\tb: 1\n", "not valid YAML", 2),
    ("a control character", "x.yml", "a: \x01\n", "character that YAML forbids", 1),
    ("brackets without end", "x.yml", "[" * 100_000, "nested too deeply", 1),
    ("broken JSON", "x.json", '{"a": 1,,}', "a key", 1),
    ("empty JSON", "x.json", "", "a value is expected", 1),
    ("JSON without end", "x.json", '{"a": "b', "does not end", 1),
    ("two JSON texts", "x.json", "{} {}", "more behind its end", 1),
    ("JSON nested deeply", "x.json", "[" * 5000, "nested too deeply", 1),
    ("broken TOML", "x.toml", "a = 1\nb = \n", "not valid TOML", 2),
    ("a key twice in TOML", "x.toml", "a = 1\na = 2\n", "not valid TOML", 2),
    ("broken Python", "x.py", "a = 1\ndef f(:\n", "not valid Python", 2),
    ("broken dotenv", "x.env", "A=1\nB C\n", "not a line of a dotenv file", 2),
    ("broken nginx", "nginx.conf", "server {\nlisten 80;\n", "not a valid nginx configuration", 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text", "words", "line"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_a_file_that_cannot_be_parsed_is_a_finding_where_it_breaks(
    path: str, text: str, words: str, line: int
) -> None:
    (finding,) = contract(f'same = ["{path} :: a", "ok.env :: A"]', {path: text, "ok.env": "A=1\n"})
    assert finding.rule == "contract/unreadable"
    assert words in finding.message
    assert "contract it cannot be judged" in finding.message
    assert (finding.at.path, finding.at.line) == (path, line)


TWICE = [
    ("x.yml", "a: 1\na: 2\n"),
    ("x.json", '{"a": 1, "a": 1}'),
    ("docker-compose.yml", "services: {}\na: 1\na: 2\n"),
]


@pytest.mark.parametrize(("path", "text"), TWICE)
def test_a_key_that_stands_twice_is_an_error(path: str, text: str) -> None:
    with pytest.raises(ConfigError, match="stands twice"):
        contract(f'same = ["{path} :: a", "{path} :: a"]', {path: text})


def test_a_merge_key_gives_way_to_an_own_key_and_the_first_of_several_wins() -> None:
    text = "one: &one {a: 1, b: 1}\ntwo: &two {a: 2, c: 2}\nx: {<<: [*one, *two], b: 9}\n"
    tree = yamltree.parse(Source("x.yml", text))
    values = {key: leaves(select(tree, f"x.{key}"), key)[0].text for key in "abc"}
    assert values == {"a": "1", "b": "9", "c": "2"}


def laughs(depth: int) -> str:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "\n".join(lines) + "\n"


def test_a_billion_laughs_stay_as_small_as_they_are_written() -> None:
    tree = yamltree.parse(Source("x.yml", laughs(60)))
    assert leaves(select(tree, "a0[0]"), "a0[0]")[0].text == "lol"
    with pytest.raises(Missing, match="more than 10000 values"):
        select(tree, "a9[*][*][*][*][*][*]")
    compose = laughs(60) + "services: {a: {image: b, x: *a59}}\n"
    project = load(("c.yml",), lambda p: Source(p, compose) if p == "c.yml" else None)
    assert leaves(select(project.root, "services.a.image"), "image")[0].text == "b"


def test_an_anchor_that_holds_itself_ends() -> None:
    tree = yamltree.parse(Source("x.yml", "a: &a [*a, 1]\n"))
    assert leaves(select(tree, "a[0][0][0][1]"), "a")[0].text == "1"


CIRCLES = [
    ("extends", {"c.yml": "services: {a: {extends: b}, b: {extends: a}}\n"}, "extend each other"),
    ("include", {"c.yml": "include: [d.yml]\n", "d.yml": "include: [c.yml]\n"}, "includes itself"),
    (
        "extends through files",
        {
            "c.yml": "services: {a: {extends: {file: d.yml, service: a}}}\n",
            "d.yml": "services: {a: {extends: {file: c.yml, service: a}}}\n",
        },
        "includes itself",
    ),
]


@pytest.mark.parametrize(("files", "words"), [c[1:] for c in CIRCLES], ids=[c[0] for c in CIRCLES])
def test_compose_files_in_a_circle_are_an_error(files: dict[str, str], words: str) -> None:
    with pytest.raises(Missing, match=words):
        load(("c.yml",), lambda p: Source(p, files[p]) if p in files else None)


@pytest.mark.parametrize(
    "text", ["{", "[1", '{"a" 1}', "tru", "'a'", '{"a": 1 "b": 2}', "[1 2]", "nul"]
)
def test_what_is_no_json_is_never_read_as_something(text: str) -> None:
    with pytest.raises(Broken):
        jsontree.parse(Source("x.json", text))


def test_line_ends_and_marks_do_not_move_the_places() -> None:
    for name, parse, text in (
        ("x.yml", yamltree.parse, "\ufeffé: 1\r\nb: 2\r\n"),
        ("x.json", jsontree.parse, '\ufeff{"é": 1,\r\n"b": 2}'),
        ("x.toml", tomltree.parse, '"é" = 1\r\nb = 2\r\n'),
    ):
        (value,) = leaves(select(parse(Source(name, text)), "b"), "b")
        assert value.at.line == 2
        assert value.exact
        start = value.pieces[0].start
        assert text[start] == "2"


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
