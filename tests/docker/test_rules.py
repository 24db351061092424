"""A table of ignore rules in which builders differ, or that are easily read otherwise.

Each row was seen with the real builders; `test_sent.py` compares random ones with them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.docker.context import ignore
from guard.docker.line.build import Frontend
from guard.errors import GuardError

NEW, OLD = {Frontend.LEGACY, Frontend.BUILDKIT}, {Frontend.LEGACY_20, Frontend.BUILDKIT_20}
HAH, PY = {Frontend.BUILDAH}, {Frontend.DOCKER_PY}
ALL = NEW | OLD | HAH | PY
NONE: set[Frontend] = set()
MARK = "\ufeff"

# what it is about, the file, a path, who is sent that path, who cannot read the file
TABLE = (
    ("plain", "a", "a/x", NONE, NONE),
    ("anchored", "x", "a/x", ALL, NONE),
    ("a slash in front", "/a", "a/x", NONE, NONE),
    ("said again of an open folder", "a\n!a/x\na", "a/x", NEW, NONE),
    ("the last one wins", "a*\n!ab\nab", "ab", NONE, NONE),
    ("exception", "a\n!a/x", "a/x", ALL, NONE),
    ("CR LF", "a\r\nb\r\n", "a/x", NONE, NONE),
    ("a comment", "#a", "#a", ALL, NONE),
    ("blanks around", "  a\t", "a", NONE, NONE),
    ("blanks before a slash", "a /", "a", PY, NONE),
    ("a blank of its own", "a\x1f", "a", ALL - PY, NONE),
    ("a mark in front", f"{MARK}a", "a", PY, NONE),
    ("a mark in a later line", f"b\n{MARK}a", "a", NEW | PY, NONE),
    ("a mark before a wildcard", f"b\n{MARK}a*", "a", PY, NONE),
    ("another case", "README.md", "readme.md", ALL - PY, NONE),
    ("! in brackets", "[!a]", "b", ALL - PY, NONE),
    ("^ in brackets", "[^a]", "b", PY, NONE),
    ("an escaped letter", r"\#a", "#a", PY, NONE),
    ("a class", "[[:digit:]]", "1", PY, NONE),
    ("a class and more", "[[:upper:]x]*", "xyz", PY, NONE),
    ("a class by itself", "[:digit:]", "d", NONE, NONE),
    ("an exception never asked", r"!a\c", "a", NEW | PY, OLD | HAH),
    ("an exception that is asked", "a*\n!a\\c", "a", NONE, ALL - PY),
    ("a backslash at the end", "a\\", "b", PY, ALL - PY),
    ("a backslash behind what fails", "b*\\", "b", ALL, NONE),
    ("a bracket behind what fails", "!b*[", "a", NEW | PY, OLD | HAH),
    ("a bracket at once", "!b[", "a", PY, ALL - PY),
    ("a folder opened letter for letter", "a\n!*/k", "a/k", {Frontend.BUILDKIT}, NONE),
    ("the Dockerfile", "*", "Dockerfile", {Frontend.LEGACY, Frontend.LEGACY_20} | PY, NONE),
)  # fmt: skip


@pytest.mark.parametrize("frontend", list(Frontend), ids=lambda f: f.name)
@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_who_is_sent_what(
    row: tuple[str, str, str, set[Frontend], set[Frontend]], frontend: Frontend, tmp_path: Path
) -> None:
    _, text, path, sent, refused = row
    file = tmp_path / ".dockerignore"
    file.write_text(text, encoding="utf-8", newline="")
    if frontend in refused:
        with pytest.raises(GuardError):
            ignore.read(str(file), frontend).enters(path)
        return
    rules = ignore.read(str(file), frontend, [".dockerignore", "Dockerfile"])
    assert rules.enters(path) == (frontend in sent)
    assert list(rules.entering([path])) == [path] * (frontend in sent)


LINKS = (
    ("beside it", "rules", True),
    ("in a folder", "d/rules", True),
    ("through the folder", "d/../rules", True),
    ("out of the context", "../rules", False),
    ("by its whole path", "{folder}/rules", False),
    ("out and in again", "../context/rules", False),
)


@pytest.mark.parametrize("frontend", list(Frontend), ids=lambda f: f.name)
@pytest.mark.parametrize(
    ("target", "everywhere"), [r[1:] for r in LINKS], ids=[r[0] for r in LINKS]
)
def test_buildkit_follows_no_link_out_of_the_context(
    target: str, everywhere: bool, frontend: Frontend, tmp_path: Path
) -> None:
    folder = tmp_path / "context"
    (folder / "d").mkdir(parents=True)
    for place in (tmp_path, folder, folder / "d"):
        (place / "rules").write_text("a\n")
    if target == "../rules":
        (folder / "rules").unlink()  # where a link out of the root ends
    (folder / ".dockerignore").symlink_to(target.format(folder=folder))
    found = ignore.ignore_file(str(folder), str(folder / "Dockerfile"), frontend)
    buildkit = frontend in (Frontend.BUILDKIT, Frontend.BUILDKIT_20)
    assert ignore.read(found, frontend).enters("a") == (buildkit and not everywhere)
    assert ignore.differs(str(folder), None)


@pytest.mark.parametrize("frontend", list(Frontend), ids=lambda f: f.name)
def test_a_folder_is_no_ignore_file_to_buildkit(frontend: Frontend, tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").mkdir()
    found = ignore.ignore_file(str(tmp_path), None, frontend)
    assert (found is None) == (frontend in (Frontend.BUILDKIT, Frontend.BUILDKIT_20))
