"""The compose check on a change: it is refused for what it brings, not for what was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from guard.config import plan
from guard.entries import SUBMODULE, File
from guard.inmemory import MemorySource
from guard.pipeline import run
from guard.snapshot import Change, Snapshot
from guard.treestate import TreeState
from tests.contracts.helpers import outcome

NAME = "docker-compose.yml"
MAKES = "FROM x\nCOPY agent.py /app/\n"


def services(**named: str) -> str:
    return "services:\n" + "".join(f"  {n}: {{image: x, {text}}}\n" for n, text in named.items())


TOKEN = services(a="environment: {X_TOKEN: dev-token}, volumes: ['./a:/a']")
MOUNT = services(a="restart: no, volumes: ['./x.conf:/x']")
SEED = {
    NAME: "services: {agent: {build: ./agent, volumes: ['conf:/etc/agent']}}\nvolumes: {conf: {}}\n",
    "agent/agent.json": "",
    "agent/agent.py": "open('/etc/agent/agent.json')\n",
    "agent/Dockerfile": MAKES,
}

# What was there, what changes (None: it goes), and what is said of the change.
CHANGES: list[tuple[str, dict[str, str], dict[str, str | None], list[str]]] = [
    ("a placeholder comes", {NAME: "services: {}\n"}, {NAME: TOKEN, "a/x": ""}, ["error placeholder-secret"]),
    ("it was there, a mounted file changes", {NAME: TOKEN, "a/x": ""}, {"a/x": "y"}, []),
    ("it was there, a mounted file goes", {NAME: TOKEN, "a/x": "", "a/y": ""}, {"a/x": None}, []),
    ("it was there, its line changes", {NAME: TOKEN, "a/x": ""}, {NAME: TOKEN.replace("image: x", "image: y")}, ["error placeholder-secret"]),
    ("it was there, its file changes elsewhere", {NAME: TOKEN, "a/x": ""}, {NAME: TOKEN + "  b: {image: y}\n"}, ["warning placeholder-secret"]),
    ("it was there in an env_file, compose changes", {NAME: services(a="env_file: x.env"), "x.env": "A_TOKEN=change-me\n"},
     {NAME: services(a="restart: no, env_file: x.env")}, []),
    ("a second one comes beside it", {NAME: TOKEN, "a/x": ""}, {NAME: TOKEN + TOKEN.partition("\n")[2].replace("  a:", "  b:")},
     ["warning placeholder-secret", "error placeholder-secret"]),
    ("a mounted file goes", {NAME: MOUNT, "x.conf": ""}, {"x.conf": None}, ["error mount-missing"]),
    ("what fills a volume goes", {**SEED, "agent/Dockerfile": MAKES + "COPY agent.json /etc/agent/\n"}, {"agent/Dockerfile": MAKES},
     ["error volume-not-seeded"]),
    ("nothing filled it", SEED, {"agent/Dockerfile": MAKES + "# more\n"}, []),
    ("a warning was there", {NAME: services(a="volumes: [/x]")}, {NAME: services(a="volumes: [/x]", b="restart: no")}, []),
    ("compose could not be read, the file where it stands is not touched",
     {NAME: "services: [\n", "x.env": "A_TOKEN=change-me\n"}, {NAME: services(a="env_file: x.env")}, ["warning placeholder-secret"]),
    ("it could not be read before", {NAME: "services: [\n"}, {NAME: "services: [\n\n"}, ["warning unreadable"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "change", "said"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_change_is_refused_for_what_it_brings(
    before: dict[str, str], change: dict[str, str | None], said: list[str]
) -> None:
    after = {path: text for path, text in {**before, **change}.items() if text is not None}
    found = outcome(after, before, ("compose",)).findings
    assert [f"{f.severity} {f.rule.removeprefix('compose/')}" for f in found] == said
    told = [f for f in found if f.at.path in change]
    assert all(("guard check --all" in f.hint) == (f.severity == "warning") for f in told)


def test_a_file_that_is_renamed_brings_nothing() -> None:
    before, after = (
        Snapshot.of({NAME: TOKEN, "a/x": ""}),
        Snapshot.of({"compose.yml": TOKEN, "a/x": ""}),
    )
    change = Change("R", before.file(NAME), after.file("compose.yml"))
    snapshot = Snapshot("memory", after.source, changes=[change], base=before)
    (finding,) = run(plan(snapshot, ["compose"]), snapshot).findings
    assert (finding.severity, finding.at.path) == ("warning", "compose.yml")


class WithSubmodule(MemorySource):
    """Contents with a submodule `sub` beside them."""

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        found = {**super().files(paths)}
        return found if paths is not None and "sub" not in paths else found | SUB


SUB = {"sub": File("sub", SUBMODULE)}
IN_SUBMODULES = [
    ("an env_file", services(a="env_file: ./sub/x.env"), []),
    ("a mount", services(a="volumes: ['./sub/src:/src']"), []),
    ("a file to extend", services(a="extends: {file: sub/compose.yml, service: a}"), ["warning unreadable"]),
    ("one beside it", services(a="extends: {file: subs/compose.yml, service: a}"), ["error unreadable"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("compose", "said"), [c[1:] for c in IN_SUBMODULES], ids=[c[0] for c in IN_SUBMODULES]
)
def test_nobody_looks_into_submodules(compose: str, said: list[str]) -> None:
    snapshot = Snapshot("memory", WithSubmodule({NAME: compose}))
    found = run(plan(snapshot, ["compose"]), snapshot).findings
    assert [f"{f.severity} {f.rule.removeprefix('compose/')}" for f in found] == said


BUILT = [
    ("what the container is given", "build: a, environment: {X_TOKEN: dev-token}", "FROM x\n", []),
    ("an argument of the build", "build: {context: a, args: {X_TOKEN: dev-token}}", "FROM x\n", ["placeholder-secret"]),
    ("a variable of the image", "build: a", "FROM x\nENV X_TOKEN=dev-token\n", ["placeholder-secret"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "dockerfile", "said"), [b[1:] for b in BUILT], ids=[b[0] for b in BUILT]
)
def test_a_build_is_judged_by_what_is_in_the_image(
    service: str, dockerfile: str, said: list[str]
) -> None:
    files = {NAME: f"services:\n  a: {{{service}}}\n", "a/Dockerfile": dockerfile, "x.yml": ""}
    state = TreeState(root="/", head="c", branch="main", on_remotes=("origin/main",))
    snapshot = Snapshot.of(files, state=state).narrowed(["a/Dockerfile", NAME])
    found = run(plan(snapshot, ["compose"]), snapshot).findings
    assert [f.rule.removeprefix("compose/") for f in found] == said


def test_a_build_into_which_everything_enters_is_about_its_services_all_the_same() -> None:
    compose = "services:\n  a: {build: a}\n  b: {image: x, volumes: ['./x.conf:/x']}\n"
    files = {NAME: compose, "a/Dockerfile": "FROM x\n"}
    state = TreeState(root="/", head="c", branch="main", on_remotes=("origin/main",))
    snapshot = Snapshot.of(files, state=state)
    assert not run(plan(snapshot, ["compose"]), snapshot).findings
