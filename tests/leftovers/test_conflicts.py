"""What is a merge conflict and what only looks like one."""

import subprocess
from pathlib import Path

import pytest

from guard.check import NoOptions as Options
from guard.check import discover
from guard.checks.conflicts import conflicts
from guard.pipeline import Plan, run
from guard.snapshot import Snapshot
from guard.suppress import Ignore

FULL = "a\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> feature\nb\n"

CONFLICTS = [
    ("full", FULL, [(2, 6)]),
    ("crlf", FULL.replace("\n", "\r\n"), [(2, 6)]),
    ("at-the-very-start-and-end", "<<<<<<< a\n=======\n>>>>>>> b", [(1, 3)]),
    ("diff3", "<<<<<<< x\n1\n||||||| base\n0\n=======\n2\n>>>>>>> y\n", [(1, 7)]),
    ("no-labels", "<<<<<<<\n1\n=======\n2\n>>>>>>>\n", [(1, 5)]),
    ("two", FULL + FULL, [(2, 6), (9, 13)]),
    ("empty-sides", "<<<<<<< HEAD\n=======\n>>>>>>> 0a1b2c3 (fix)\n", [(1, 3)]),
    ("middle-removed", "<<<<<<< HEAD\nours\ntheirs\n>>>>>>> feature\n", [(1, 4)]),
    ("only-the-start-left", "x\n<<<<<<< HEAD\ny\n", [(2, 2)]),
    ("only-the-end-left", "x\n>>>>>>> 0a1b2c3d4 (a subject)\ny\n", [(2, 2)]),
    ("the-end-of-a-revert-left", "x\n>>>>>>> parent of 0a1b2c3... A subject\ny\n", [(2, 2)]),
    ("the-end-of-a-branch-left", "x\n>>>>>>> feature/copy: A subject\ny\n", [(2, 2)]),
    ("end-removed", "<<<<<<< Updated upstream\n1\n=======\n2\n", [(1, 3)]),
    ("start-removed", "1\n=======\n2\n>>>>>>> Stashed changes\n", [(4, 4)]),
    ("second-start-before-an-end", "<<<<<<< HEAD\n" + FULL, [(1, 1), (3, 7)]),
    ("markdown-with-a-conflict", "Title\n=======\n\n" + FULL, [(5, 9)]),
    ("latin-1", FULL.encode().replace(b"ours", b"\xe4\xf6"), [(2, 6)]),
    ("utf-16", FULL.encode("utf-16"), [(2, 6)]),
]


@pytest.mark.parametrize(
    ("text", "regions"), [c[1:] for c in CONFLICTS], ids=[c[0] for c in CONFLICTS]
)
def test_a_conflict_is_found_with_its_region(
    text: str | bytes, regions: list[tuple[int, int]]
) -> None:
    found = list(conflicts(Snapshot.of({"f.txt": text}), Options()))
    assert [(f.at.line, f.at.end_line) for f in found] == regions
    assert {f.rule for f in found} == {"conflicts/marker"}


SOUND = [
    ("setext-heading", "Heading\n=======\n\ntext\n"),
    ("rst-heading", "=======\nHeading\n=======\n"),
    ("longer-rules", "<<<<<<<<\n========\n>>>>>>>>\n"),
    ("indented", "  <<<<<<< HEAD\n  =======\n  >>>>>>> x\n"),
    ("in-the-middle-of-a-line", "see <<<<<<< HEAD and >>>>>>> x\n"),
    ("quoted-mail-of-a-path", "a\n>>>>>>> see etc/hosts: there\n>>>>>>> On and/or: he\n"),
    ("quoted-mail", "Title\n=======\n>>>>>>> what he said\n>>>>>> no\n"),
    ("here-string", "cat <<<<<<<x\n"),
    ("decoration", "<<<<<<< begin\n>>>>>>> end\n"),
    ("glued-label", "<<<<<<<HEAD\n=======\n>>>>>>>x\n"),
    ("end-before-start", ">>>>>>> y\n=======\n<<<<<<< x\n"),
    ("binary", b"\0\n<<<<<<< HEAD\n=======\n>>>>>>> x\n"),
    ("empty", ""),
]


@pytest.mark.parametrize("text", [c[1] for c in SOUND], ids=[c[0] for c in SOUND])
def test_what_only_looks_like_a_conflict_passes(text: str | bytes) -> None:
    assert list(conflicts(Snapshot.of({"f.md": text}), Options())) == []


@pytest.mark.parametrize(
    ("opener", "closer"), [("<!--", " -->"), ("#", ""), ("//", ""), ("/*", " */")]
)
def test_a_comment_before_it_excuses_an_example(opener: str, closer: str) -> None:
    text = f"{opener} guard: ignore[conflicts/marker] an example{closer}\n" + FULL[2:]
    outcome = run(planned(), Snapshot.of({"f.md": text}))
    assert outcome.errors == 0
    assert [f.ignored for f in outcome.findings] == ["an example"]


def test_the_configuration_excuses_a_file() -> None:
    excuse = Ignore("conflicts/marker", "docs/", "shows conflicts")
    outcome = run(planned(excuse), Snapshot.of({"docs/f.md": FULL, "g.md": FULL}))
    assert [(f.at.path, f.ignored) for f in outcome.findings] == [
        ("docs/f.md", "shows conflicts"),
        ("g.md", None),
    ]


def planned(*ignores: Ignore) -> Plan:
    return Plan((discover()["conflicts"],), {"conflicts": Options()}, ignores=ignores)


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_what_git_merge_leaves_is_found(tmp_path: Path, style: str) -> None:
    """The markers of a real merge, in each style git can write them."""
    git(tmp_path, "init", "-q", "-b", "main")
    for branch, text in [("main", "1\n2\n3\n"), ("a", "1\nA\n3\n"), ("b", "1\nB\n3\n")]:
        if branch != "main":
            git(tmp_path, "checkout", "-q", "-b", branch, "main")
        (tmp_path / "f").write_text(text)
        git(tmp_path, "add", "f")
        git(tmp_path, "commit", "-q", "-m", branch)
    done = git(tmp_path, "-c", f"merge.conflictStyle={style}", "merge", "a", check=False)
    assert done.returncode == 1, done.stdout
    content = (tmp_path / "f").read_bytes()
    [found] = conflicts(Snapshot.of({"f": content}), Options())
    assert found.at.line == 2
    assert found.at.end_line == content.count(b"\n") - 1


def git(cwd: Path, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(
        ["git", *who, *args], cwd=cwd, check=check, capture_output=True, text=True
    )
