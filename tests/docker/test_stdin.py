"""What comes on stdin: a tar, a Dockerfile, a compose file."""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
from pathlib import Path

import inputs
import pytest
from conftest import Repo, execute, made
from engine import TOOLS, need
from inputs import fed

place = inputs.place


def archive(place: Repo, what: str = "HEAD") -> bytes:
    command = ["git", "archive", what]
    return subprocess.run(command, cwd=place.root, capture_output=True, check=True).stdout


def tar(root: Path, mode: str = "w") -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode=mode) as file:  # type: ignore[call-overload]
        file.add(root, ".")
    return into.getvalue()


def test_the_commit_itself_on_stdin_is_built(place: Repo) -> None:
    assert fed(place, archive(place), "docker", "build", "-")[0] == 42


def test_a_folder_of_the_commit_on_stdin_is_built(place: Repo) -> None:
    assert fed(place, archive(place, "HEAD:web"), "docker", "build", "-")[0] == 42


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_a_tar_of_a_clean_tree_is_built(place: Repo, mode: str) -> None:
    assert fed(place, tar(place.root, mode), "docker", "build", "-t", "x", "-")[0] == 42


def test_a_tar_of_a_subfolder_made_there_is_built(place: Repo) -> None:
    assert fed(place, tar(place.root / "web"), "docker", "build", "-", cwd="web")[0] == 42


@pytest.mark.parametrize(
    ("path", "reason"), [("f", "not as the commit has it"), ("new", "not in the commit")]
)
def test_a_tar_that_differs_from_the_commit_is_refused(place: Repo, path: str, reason: str) -> None:
    place.write(path, "changed\n")
    status, _, said = fed(place, tar(place.root), "docker", "build", "-")
    assert status == 1
    assert f"{path}  ({reason})" in said
    assert said.splitlines()[-1].startswith("guard: blocked: 1 file")


def test_a_tar_with_another_mode_or_type_is_refused(place: Repo) -> None:
    (place.root / "web/f").chmod(0o755)
    (place.root / "f").unlink()
    (place.root / "f").symlink_to("f\n")
    said = fed(place, tar(place.root), "docker", "build", "-")[2]
    assert "web/f  (its executable bit is not the commit's)" in said
    assert "f  (not as the commit has it)" in said


def test_what_attributes_make_of_the_commit_on_its_way_out_is_the_commit(place: Repo) -> None:
    attributes = "*.sh text eol=crlf\nversion export-subst\n"
    files = {"x.sh": "echo\n", "version": "$Format:%H$\n", "web/x.sh": "echo\n"}
    place.commit("two", **files, **{".gitattributes": attributes})
    place.git("push", "-q")
    assert b"echo\r\n" in archive(place)
    assert fed(place, archive(place), "docker", "build", "-")[0] == 42
    assert fed(place, archive(place, "HEAD:web"), "docker", "build", "-", cwd="web")[0] == 42


def test_a_tar_is_compared_where_ids_are_longer(place: Repo, tmp_path: Path) -> None:
    new = made(tmp_path / "new", "--object-format=sha256")
    (tmp_path / "new.git").mkdir()
    new.git("init", "-q", "--bare", "--object-format=sha256", str(tmp_path / "new.git"))
    new.git("remote", "add", "origin", str(tmp_path / "new.git"))
    new.commit("one", Dockerfile="FROM scratch\n")
    new.git("push", "-q", "-u", "origin", "main")
    assert fed(new, archive(new), "docker", "build", "-")[0] == 42
    assert fed(new, b"FROM scratch\n", "docker", "build", "-")[2] == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"\x28\xb5\x2f\xfd rest", "compressed with zstd", id="zstd"),
        pytest.param(gzip.compress(bytes(9000), mtime=0)[:20], "damaged", id="cut short"),
    ],
)
def test_a_tar_that_cannot_be_read_is_refused(place: Repo, content: bytes, why: str) -> None:
    status, _, said = fed(place, content, "docker", "build", "-")
    assert status == 2
    assert why in said
    assert said.splitlines()[-1].startswith("guard: blocked: nothing could be decided")


@pytest.fixture
def module(place: Repo, tmp_path: Path) -> Repo:
    """A submodule at `web/lib`, which has one of its own; all of it pushed."""
    seeds = {}
    for name in ("inner", "lib"):
        execute("git", "init", "-q", "--bare", "-b", "main", f"{name}.git", cwd=tmp_path)
        seeds[name] = made(tmp_path / name)
        seeds[name].git("remote", "add", "origin", str(tmp_path / f"{name}.git"))
    allowed = ("-c", "protocol.file.allow=always")
    seeds["inner"].commit("one", deep="1\n")
    seeds["inner"].git("push", "-q", "origin", "main")
    files = {"util.py": "x = 1\n", "v": "$Format:%H$\n", ".gitattributes": "v export-subst\n"}
    seeds["lib"].commit("one", **files)
    seeds["lib"].git(*allowed, "submodule", "add", "-q", str(tmp_path / "inner.git"), "inner")
    seeds["lib"].commit("two")
    seeds["lib"].git("push", "-q", "origin", "main")
    place.git(*allowed, "submodule", "add", "-q", str(tmp_path / "lib.git"), "web/lib")
    place.git(*allowed, "submodule", "update", "-q", "--init", "--recursive")
    place.commit("with a submodule")
    place.git("push", "-q")
    return Repo(place.root / "web/lib")


def test_the_files_of_a_submodule_are_held_against_its_commit(place: Repo, module: Repo) -> None:
    for folder in ("", "web", "web/lib"):
        found = tar(place.root / folder)
        for cwd in ("", folder):
            assert fed(place, found, "docker", "build", "-", cwd=cwd or ".")[0] == 42, (folder, cwd)
    assert fed(place, archive(place), "docker", "build", "-")[0] == 42


def test_what_a_submodule_hands_out_is_its_commit_too(place: Repo, module: Repo) -> None:
    head = module.git("rev-parse", "HEAD")
    handed_out = io.BytesIO(tar(place.root))
    into = io.BytesIO()
    with tarfile.open(fileobj=handed_out) as old, tarfile.open(fileobj=into, mode="w") as new:
        for member in old:
            content = io.BytesIO(head.encode()) if member.name.endswith("lib/v") else None
            member.size = len(head) if content else member.size
            new.addfile(member, content or (old.extractfile(member) if member.isfile() else None))
    assert fed(place, into.getvalue(), "docker", "build", "-")[0] == 42


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("util.py", "web/lib/util.py  (not as the commit has it)"),
        ("new", "web/lib/new  (not in the commit)"),
        ("inner/deep", "web/lib/inner/deep  (not as the commit has it)"),
    ],
)
def test_a_tar_with_a_changed_file_of_a_submodule_is_refused(
    place: Repo, module: Repo, path: str, said: str
) -> None:
    module.write(path, "changed\n")
    status, _, err = fed(place, tar(place.root), "docker", "build", "-")
    assert (status, said in err) == (1, True), err


def test_a_tar_with_a_submodule_whose_commit_is_nowhere_is_refused(
    place: Repo, module: Repo
) -> None:
    module.commit("two", **{"util.py": "x = 2\n"})
    place.commit("recorded")
    place.git("push", "-q")
    status, _, err = fed(place, tar(place.root), "docker", "build", "-")
    assert (status, "is on no remote of its own" in err) == (1, True), err
    assert fed(place, archive(place), "docker", "build", "-")[0] == 42


@pytest.mark.parametrize(
    ("path", "config", "status", "rule"),
    [
        ("made.o", "", 42, "[tree/ignored]"),
        ("web/made.o", "", 42, "[tree/ignored]"),
        ("node_modules/a/.env", "", 42, "[tree/ignored]"),
        ("made.o", "[tree]\nignored = 'error'\n", 1, "[tree/ignored]"),
        ("made.o", "[tree]\nignored = 'off'\n", 42, ""),
        ("web/.env", "", 1, "[tree/secret]"),
        ("web/.env", "[tree]\nsecret = 'off'\nignored = 'off'\n", 42, ""),
    ],
)
def test_what_git_ignores_is_told_in_a_tar_as_in_a_folder(
    place: Repo, path: str, config: str, status: int, rule: str
) -> None:
    place.commit("two", **{".gitignore": "*.o\n.env\nnode_modules/\n", "guard.toml": config})
    place.git("push", "-q")
    place.write(path, "x")
    for done in (
        fed(place, tar(place.root), "docker", "build", "-"),
        fed(place, b"", "docker", "build", "."),
    ):
        assert (done[0], rule in done[2], bool(done[2])) == (status, True, bool(rule)), done


def test_what_is_in_a_tar_is_looked_at_by_every_check(place: Repo) -> None:
    place.commit("two", **{"web/a.js": "const = ;\n", "df/f": "x"})
    place.git("push", "-q")
    status, _, said = fed(place, archive(place), "docker", "build", "-")
    assert (status, "web/a.js" in said) == (1, True)
    assert fed(place, archive(place, "HEAD:df"), "docker", "build", "-")[0] == 42


def test_what_is_on_disk_is_no_matter_for_a_tar_of_the_commit(place: Repo) -> None:
    found = archive(place)
    place.write("web/f", "changed\n")
    place.write("new", "")
    assert fed(place, found, "docker", "build", "-")[0] == 42


def test_a_tar_of_a_commit_that_is_not_pushed_is_refused(place: Repo) -> None:
    place.commit("two")
    assert fed(place, archive(place), "docker", "build", "-")[0] == 1


def test_a_tar_ignores_the_ignore_file(place: Repo) -> None:
    place.commit("two", **{".dockerignore": "new\n"})
    place.git("push", "-q")
    place.write("new", "")
    assert place.guard("docker", "build", ".").status == 42
    assert fed(place, tar(place.root), "docker", "build", "-")[0] == 1


def test_a_committed_dockerfile_on_stdin_is_built(place: Repo) -> None:
    content = (place.root / "web/Dockerfile").read_bytes()
    status, _, said = fed(place, content, "docker", "build", "-")
    assert (status, said) == (42, "")


@pytest.mark.parametrize("words", [["-"], ["-f", "-", "web"]])
def test_a_dockerfile_on_stdin_that_is_nowhere_is_built_with_a_warning(
    place: Repo, words: list[str]
) -> None:
    status, _, said = fed(place, b"FROM other\n", "docker", "build", *words)
    assert status == 42
    assert "warning: the Dockerfile on stdin is in no file of the commit" in said


def test_with_the_dockerfile_on_stdin_the_context_counts(place: Repo) -> None:
    place.write("web/f", "changed\n")
    dockerfile = (place.root / "Dockerfile").read_bytes()
    assert fed(place, dockerfile, "docker", "build", "-f", "-", "web")[0] == 1
    place.git("checkout", "web")
    place.write("f", "changed\n")
    assert fed(place, dockerfile, "docker", "build", "-f-", "web")[0] == 42


def test_a_compose_file_on_stdin_is_read(place: Repo) -> None:
    need((TOOLS / "cli-plugins/docker-compose").exists(), "compose (run .ci/engine)")
    text = "services: {w: {build: ./web}}\n"
    words = ("docker", "compose", "-f", "-", "build")
    ran = place.guard(*words, stdin=text)
    assert (ran.status, ran.err) == (42, "")
    place.write("web/f", "changed\n")
    assert place.guard(*words, stdin=text).status == 1
