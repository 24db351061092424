"""`--exact` builds the commit and nothing else; without it, what changes meanwhile is an error."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from conftest import execute
from engine import Builders

WAYS = {
    "legacy, streamed": (["docker", "build", "--exact", "-qt", "TAG", "."], {"DOCKER_BUILDKIT": "0"}),
    "BuildKit, streamed": (["docker", "build", "--exact", "-qt", "TAG", "."], {"DOCKER_BUILDKIT": "1"}),
    "buildx, streamed": (["docker", "buildx", "build", "--exact", "-qt", "TAG", "."], {}),
    "by the environment": (["docker", "build", "-qt", "TAG", "."], {"GUARD_EXACT": "1"}),
    "a Dockerfile elsewhere": (
        ["docker", "build", "--exact", "-f", "../HERE/other/D", "-qt", "TAG", "--label", "a=.", "."],
        {"DOCKER_BUILDKIT": "1"},
    ),
    "the Dockerfile on stdin": (["docker", "build", "--exact", "-f-", "-qt", "TAG", "."], {}),
    "bake": (["docker", "--exact", "buildx", "bake"], {}),
    "compose": (["docker", "compose", "build", "--exact"], {}),
    "compose up": (["docker", "compose", "up", "-d", "--exact", "--build"], {}),
    "compose 1": (["docker-compose", "-f", "compose.yaml", "build", "--exact"], {}),
}  # fmt: skip


def prepared(builders: Builders) -> None:
    """Commits every kind of file, then changes the tree in every way."""
    repo = builders.repo
    repo.write("bin/run", "#!/bin/sh\n").chmod(0o755)
    repo.write("bin/plain", "plain\n")
    repo.write("other/D", (repo.root / "Dockerfile").read_text() + "LABEL other=1\n")
    os.symlink("plain", repo.root / "bin" / "link")
    (repo.root / "bin" / "name with space").write_text("space\n")
    repo.write("skipped.log", "log\n")
    repo.write("crlf.txt", "a\n")
    repo.write(".gitattributes", "hidden.txt export-ignore\nsubst.txt export-subst\n")
    repo.write("hidden.txt", "export-ignore is for git archive\n")
    repo.write("subst.txt", "$Format:%H$\n")
    repo.write(".dockerignore", "compose.yaml\ndocker-bake.json\n*.log\n!keep.log\n")
    repo.write("keep.log", "kept\n")
    repo.commit("kinds")
    repo.git("push", "-q")
    repo.write("app.txt", "changed\n")
    repo.write("untracked.txt", "new\n")
    repo.write("bin/plain", "staged\n").chmod(0o777)
    repo.git("add", "bin/plain")
    (repo.root / "bin" / "run").chmod(0o644)
    (repo.root / "crlf.txt").unlink()
    repo.write(".dockerignore", "# nothing is ignored any more\n")


@pytest.mark.parametrize("case", WAYS)
def test_only_the_commit_enters(builders: Builders, case: str) -> None:
    prepared(builders)
    command, env = WAYS[case]
    here = builders.repo.root.name
    words = [word.replace("TAG", builders.tag).replace("HERE", here) for word in command]
    stdin = (builders.repo.root / "Dockerfile").read_text() if "-f-" in words else None
    folder = builders.repo.root.parent / "tmp"
    folder.mkdir()
    env = builders.env | env | {"TMPDIR": str(folder)}
    ran = builders.repo.guard(*words, stdin=stdin, **env)
    assert ran.status == 0, ran.all
    files = builders.files()
    ignore = files.pop("644 ./.dockerignore", "")
    assert "nothing is ignored" not in ignore
    files.pop("644 ./Dockerfile", None)
    files.pop("644 ./other/D", None)
    assert files == {
        "644 ./app.txt": "one",
        "755 ./bin/run": "#!/bin/sh",
        "644 ./bin/plain": "plain",
        "777 ./bin/link": "plain",
        "644 ./bin/name with space": "space",
        "644 ./crlf.txt": "a",
        "644 ./.gitattributes": "hidden.txt export-ignore",
        "644 ./hidden.txt": "export-ignore is for git archive",
        "644 ./subst.txt": "$Format:%H$",
        "644 ./keep.log": "kept",
    }
    head = builders.repo.git("rev-parse", "HEAD").strip()
    assert builders.labels()["org.opencontainers.image.revision"] == head
    assert not list(builders.repo.root.parent.glob("tmp/guard-*"))


def test_a_line_end_is_as_a_checkout_would_have_it(builders: Builders) -> None:
    repo = builders.repo
    repo.write(".gitattributes", "*.bat text eol=crlf\n")
    repo.write("run.bat", "echo\r\n")
    repo.commit("bat")
    repo.git("push", "-q")
    (repo.root / "run.bat").unlink()
    ran = builders.guard("docker", "build", "--exact", "-qt", builders.tag, ".")
    assert ran.status == 0, ran.all
    assert builders.files()["644 ./run.bat"] == "echo\r"


def test_a_submodule_enters_at_the_commit_that_is_recorded(builders: Builders) -> None:
    repo = builders.repo
    sub = repo.root.parent / "sub"
    execute("git", "clone", "-q", str(repo.root.parent / "origin.git"), str(sub), cwd=repo.root)
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q",
             str(repo.root.parent / "origin.git"), "lib")  # fmt: skip
    repo.commit("a submodule")
    repo.git("push", "-q")
    repo.write("lib/app.txt", "changed in the submodule\n")
    ran = builders.guard("docker", "build", "--exact", "-qt", builders.tag, ".")
    assert ran.status == 0, ran.all
    assert builders.files()["644 ./lib/app.txt"] == "one"
    shutil.rmtree(repo.root / "lib")
    (repo.root / "lib").mkdir()
    ran = builders.guard("docker", "build", "--exact", "-qt", builders.tag, ".")
    assert ran.status != 0
    assert "lib" in ran.err


def test_services_chosen_in_the_configuration_are_exact(builders: Builders) -> None:
    repo = builders.repo
    repo.write("guard.toml", 'exact = ["web"]\n')
    repo.commit("exact")
    repo.git("push", "-q")
    repo.write("app.txt", "changed\n")
    ran = builders.guard("docker", "compose", "build")
    assert ran.status == 0, ran.all
    assert builders.files()["644 ./app.txt"] == "one"
    refused = builders.guard("docker", "build", "-t", builders.tag, ".")
    assert refused.status == 1


def test_what_is_not_pushed_is_refused_all_the_same(builders: Builders) -> None:
    builders.repo.commit("mine alone", **{"app.txt": "two\n"})
    ran = builders.guard("docker", "build", "--exact", "-t", builders.tag, ".")
    assert ran.status == 1
    assert "guard: blocked:" in ran.err


def test_exact_and_dirty_exclude_each_other(builders: Builders) -> None:
    words = ["docker", "build", "--exact", "--allow-dirty", "why", "-t", builders.tag, "."]
    ran = builders.guard(*words)
    assert ran.status == 2
    assert "exclude each other" in ran.err


MEANWHILE = {
    "changed": "echo two > app.txt; REAL",
    "changed and changed back": "echo two > app.txt; REAL; status=$?; echo one > app.txt; exit $status",
    "moved in from elsewhere": "mv ../older app.txt; REAL",
    "new": "echo new > new.txt; REAL",
    "gone": "rm app.txt; echo COPY other /o >/dev/null; REAL",
    "after it was sent": "REAL; status=$?; echo two > app.txt; exit $status",
    "the mode": "chmod 755 app.txt; REAL",
}  # fmt: skip

HARMLESS = {
    "nothing": "REAL",
    "an ignored file": "echo x > busybox-log; REAL",
    "git's own files": "git gc -q; git fetch -q; REAL",
    "a file read": "cat app.txt; REAL",
}


def with_docker(builders: Builders, script: str) -> dict[str, str]:
    """The environment with a docker that does more than build."""
    folder = builders.repo.root.parent / "bin"
    folder.mkdir()
    real = shutil.which("docker") or ""
    body = script.replace("REAL", f'{real} "$@"')
    (folder / "docker").write_text(
        f'#!/bin/sh\ncase "$*" in *build*) ;; *) exec {real} "$@";; esac\n{body}\n'
    )
    (folder / "docker").chmod(0o755)
    older = builders.repo.root.parent / "older"
    older.write_text("two\n")
    os.utime(older, (1, 1))
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize("case", MEANWHILE)
def test_a_change_while_the_image_is_built_is_an_error(builders: Builders, case: str) -> None:
    env = with_docker(builders, MEANWHILE[case])
    ran = builders.guard("docker", "build", "-q", "-t", builders.tag, ".", **env)
    assert ran.status == 1, ran.all
    assert "changed while the image was built: " in ran.err
    assert ("new.txt" if case == "new" else "app.txt") in ran.err


@pytest.mark.parametrize("case", HARMLESS)
def test_what_is_no_change_is_none(builders: Builders, case: str) -> None:
    env = with_docker(builders, HARMLESS[case])
    ran = builders.guard("docker", "build", "-q", "-t", builders.tag, ".", **env)
    assert ran.status == 0, ran.all


def test_no_container_is_started_from_an_image_that_changed(builders: Builders) -> None:
    env = with_docker(builders, "echo two > app.txt; REAL")
    ran = builders.guard("docker", "compose", "up", "-d", **env)
    assert ran.status == 1, ran.all
    assert execute("docker", "ps", "-q", "--filter", f"ancestor={builders.tag}",
                   cwd=builders.repo.root).out == ""  # fmt: skip


def test_a_failed_build_ends_as_docker_ends(builders: Builders) -> None:
    builders.repo.write("Dockerfile", "FROM scratch\nCOPY nothing /\n")
    builders.repo.commit("broken")
    builders.repo.git("push", "-q")
    words = ["docker", "build", "-q", "-t", builders.tag, "."]
    plain = execute(*words, cwd=builders.repo.root, **builders.env)
    ran = builders.guard(*words)
    assert (ran.status, ran.status != 0) == (plain.status, True)
    assert json.dumps("changed while") not in ran.err
