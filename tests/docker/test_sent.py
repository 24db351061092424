"""What guard says would enter is what each real builder is sent, whatever tree and ignore file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import made
from engine import need
from engines import BUILDERS, Builder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.docker.context import ignore
from guard.docker.context.scope import scope
from guard.docker.gate import judge
from guard.errors import GuardError

EXAMPLES = int(os.environ.get("GUARD_TEST_EXAMPLES", "4"))
STEERING = {"Dockerfile", ".dockerignore"}

NAMES = st.sampled_from(["a", "b", "c.py", ".e", "ab", "x y", "^a", "(a)", "+", "ä"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PARTS = st.sampled_from(
    r"a b * ** ? *.py a* [ab] c.py .e .* [^a] **a ab . .. {a,b} + \a \d \s a\b [*] ^a ^* (a) a|b "
    "[a-c]* ä \ufeffa A [!a] b*\\ !*/a\\c b*[".split()
)
PATTERNS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "", " ", "#"]),
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(PARTS, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/", " "]),
)


@pytest.mark.parametrize("builder", BUILDERS, ids=lambda b: b.name)
def test_what_enters_is_what_was_sent(
    builder: Builder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    missing = builder.works()
    need(not missing, missing.removeprefix("there is no "))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        committed=st.sets(PATHS, min_size=1, max_size=8),
        changed=st.sets(PATHS, max_size=4),
        new=st.sets(PATHS, max_size=4),
        lines=st.lists(PATTERNS, min_size=1, max_size=5),
        where=st.sampled_from([".", "ctx", "a b/[c]"]),
    )
    def check(
        committed: set[str], changed: set[str], new: set[str], lines: list[str], where: str
    ) -> None:
        repo = made(tmp_path_factory.mktemp(builder.name) / "work")
        repo.write("elsewhere/f", "")
        root = repo.root / where
        root.mkdir(parents=True, exist_ok=True)
        for path in sorted(committed):
            placed(root, path, "committed")
        (root / "Dockerfile").write_text("FROM scratch\nCOPY . /c/\n")
        (root / ".dockerignore").write_text("\n".join(lines) + "\n")
        repo.commit()
        (repo.root / "elsewhere/f").write_text("changed, and outside" * (where != "."))
        for path in sorted(changed & committed):
            placed(root, path, "changed")
        for path in sorted(new):
            placed(root, path, "new")
        try:
            sent = builder.sent(root, root / "Dockerfile")
        except AssertionError as refused:
            sent = set() if "no source files" in str(refused) else None
        try:
            said = entering(builder, root)
        except GuardError:
            said = None
        assert said == sent
        if sent is not None:
            status = repo.git("status", "--porcelain", "-z", "-uall").split("\0")
            inside = {os.path.relpath(entry[3:], where) for entry in status if entry}
            found = {os.path.relpath(path, where) for path in named(builder, root)}
            assert found == sent & inside

    check()


def placed(root: Path, path: str, content: str) -> None:
    """Writes a file where nothing is in its way."""
    place = root / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    except OSError:
        return


def entering(builder: Builder, root: Path) -> set[str]:
    """What guard says the builder is sent."""
    file = ignore.ignore_file(str(root), str(root / "Dockerfile"), builder.frontend)
    rules = ignore.read(file, builder.frontend)
    found = set(ignore.walk(str(root), rules))
    return {path for path in found if not path.startswith(".git/")} - STEERING


def named(builder: Builder, root: Path) -> set[str]:
    """The files for which guard would refuse the build."""
    kind = builder.frontend
    part = scope(str(root), str(root / "Dockerfile"), None, lambda: kind, kind)
    (verdict,) = judge([part])
    rules = ("tree/dirty", "tree/untracked")
    return {f.at.path for f in verdict.outcome.findings if f.rule in rules}
