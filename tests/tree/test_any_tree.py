"""Whatever is done to a tree and to git's settings: what differs on disk is named, and no more."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from conftest import Repo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import World, copied

TRACKED = ["app/main.py", "app/run.sh", "app/util/names.py", "app/skip/x.py", "docs/a.md"]
NEW = ["app/new.py", "app/MAIN.py", "app/util/deep/er.txt", "app/skip/new", "docs/new",
       "app/.env", "app/build/out.js", "app/node_modules/a/b.js", "app/x.pem"]  # fmt: skip
SETTINGS = ["core.fileMode=false", "core.ignoreCase=true", "core.trustctime=false",
            "core.checkStat=minimal", "core.untrackedCache=true", "core.preloadIndex=false",
            "status.showUntrackedFiles=no", "core.splitIndex=true"]  # fmt: skip


def edit(w: World, path: str, how: str) -> None:
    """One thing that happens to a tracked file."""
    place = w.place(path)
    if how.startswith("flag"):
        w.git("update-index", "--assume-unchanged" if how == "flag a" else "--skip-worktree", path)
        how = "change"
    if how in ("change", "stage", "stage and undo"):
        before = place.read_bytes()
        place.write_bytes(before[:-1] + b"#" if before else b"more")
        if how != "change":
            w.git("add", path)
        if how == "stage and undo":
            place.write_bytes(before)
    elif how == "mode":
        place.chmod(place.stat().st_mode ^ 0o111)
    elif how == "link":
        place.unlink()
        place.symlink_to("elsewhere")
    elif how == "delete":
        place.unlink()
    elif how == "touch":
        os.utime(place, (1_000_000_000, 1_000_000_000))


EDITS = ["change", "stage", "stage and undo", "mode", "link", "delete", "touch", "flag a", "flag s"]


def on_disk(repo: Repo, folder: str) -> dict[str, tuple[str, str]]:
    """Mode and blob id of every file below `folder`, by nothing but the file system."""
    found = {}
    for parent, _, names in os.walk(repo.root / folder):
        for name in names:
            place = Path(parent, name)
            about = place.lstat()
            link = stat.S_ISLNK(about.st_mode)
            content = os.fsencode(os.readlink(place)) if link else place.read_bytes()
            mode = "120000" if link else "100755" if about.st_mode & 0o100 else "100644"
            oid = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            found[place.relative_to(repo.root).as_posix()] = (mode, oid)
    return found


def committed(repo: Repo, folder: str) -> dict[str, tuple[str, str]]:
    entries = repo.git("ls-tree", "-r", "HEAD", folder + "/").splitlines()
    pairs = (entry.split("\t") for entry in entries)
    return {path: (about.split()[0], about.split()[2]) for about, path in pairs}


@given(
    edits=st.dictionaries(st.sampled_from(TRACKED), st.sampled_from(EDITS), max_size=4),
    new=st.sets(st.sampled_from(NEW), max_size=4),
    options=st.sets(st.sampled_from(SETTINGS), max_size=3),
)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_differs_is_named_and_no_more(
    original: Path,
    world: World,  # for the environment it sets
    edits: dict[str, str],
    new: set[str],
    options: set[str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        w = copied(original, Path(folder))
        for option in sorted(options):
            w.git("config", *option.split("=", 1))
        for path, how in edits.items():
            edit(w, path, how)
        for path in new:
            w.write(path, "new\n")
        disk, head = on_disk(w.work, "app"), committed(w.work, "app")
        differing = {p for p in disk.keys() | head.keys() if disk.get(p) != head.get(p)}
        differing = {p for p in differing if not p.startswith("app/skip/")}
        # Only staged: on disk it is as committed, and it is named all the same.
        staged = {p for p, how in edits.items() if how == "stage and undo" and p.startswith("app/")}
        staged = {p for p in staged if not p.startswith("app/skip/")}
        known = w.state(live=None)
        named = {f.path for f in known.dirty} | {*known.untracked}
        named |= {file for extra in known.ignored for file in extra.files}
        assert named == differing | staged


def test_the_oracle_sees_a_difference(world: World) -> None:
    world.write("app/main.py", "other\n")
    disk, head = on_disk(world.work, "app"), committed(world.work, "app")
    assert [p for p in disk if disk[p] != head.get(p)] == ["app/main.py"]
