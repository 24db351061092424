"""Every image that passes says which commit it is from, whoever builds it."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import Repo, execute
from engine import Builders, compose_v1, docker, need

from guard.docker.labels import declared, public

COMMIT = "org.opencontainers.image."

BUILDERS = {
    "legacy": (["docker", "build", "-t", "TAG", "."], {"DOCKER_BUILDKIT": "0"}),
    "BuildKit": (["docker", "build", "-t", "TAG", "."], {"DOCKER_BUILDKIT": "1"}),
    "buildx": (["docker", "buildx", "build", "-t", "TAG", "."], {}),
    "the program buildx": (["docker", "--log-level=error", "buildx", "b", "-tTAG", "."], {}),
    "bake": (["docker", "buildx", "bake"], {}),
    "compose 2": (["docker", "compose", "build"], {}),
    "compose 2, legacy": (["docker", "compose", "build", "web"], {"DOCKER_BUILDKIT": "0"}),
    "compose 2, from another folder": (
        ["docker", "compose", "--project-directory=.", "-f", "./compose.yaml", "build"],
        {},
    ),
    "compose 2, up": (["docker", "compose", "up", "-d"], {}),
    "compose 2, up --build": (["docker", "compose", "up", "--build", "-d", "web"], {}),
    "compose 2, create": (["docker", "compose", "create", "--build"], {}),
    "compose 2, run": (
        ["docker", "compose", "run", "--build", "--rm", "web", "/bin/busybox", "true"],
        {},
    ),
    "compose 1": (["docker-compose", "-f", "compose.yaml", "build"], {}),
    "compose 1, up": (["docker-compose", "-f", "compose.yaml", "up", "-d", "--build"], {}),
    "compose 1, run": (
        ["docker-compose", "-f", "compose.yaml", "run", "--rm", "web", "/bin/busybox", "true"],
        {},
    ),
}


@pytest.mark.parametrize("case", BUILDERS)
def test_every_builder_stamps(builders: Builders, case: str) -> None:
    command, env = BUILDERS[case]
    if "compose 1" in case:
        compose_v1()
    command = [word.replace("TAG", builders.tag) for word in command]
    ran = builders.guard(*command, **env)
    assert ran.status == 0, ran.all
    labels = builders.labels()
    assert labels[COMMIT + "revision"] == builders.repo.git("rev-parse", "HEAD").strip()
    assert labels[COMMIT + "source"] == builders.repo.git("remote", "get-url", "origin").strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", labels[COMMIT + "created"])


def test_building_again_makes_the_same_image_and_recreates_nothing(builders: Builders) -> None:
    up = ["docker", "compose", "up", "--build", "-d"]
    assert builders.guard(*up).status == 0
    first = docker("ps", "-q", "--filter", f"ancestor={builders.tag}")
    assert first
    assert builders.guard(*up).status == 0
    assert docker("ps", "-q", "--filter", f"ancestor={builders.tag}") == first
    # What compose wrote on the container is about the user's own files.
    labels = builders.labels(first.strip())
    assert labels["com.docker.compose.project.config_files"] == str(
        builders.repo.root / "compose.yaml"
    )


OWN = {
    "on the command line": ("--label", f"{COMMIT}source=mine"),
    "in the Dockerfile": f"LABEL a=b \\\n  {COMMIT}source=mine\n",
    "in the Dockerfile, quoted": f'label "{COMMIT}source"="mine"\n',
}


@pytest.mark.parametrize("case", OWN)
def test_a_label_of_the_users_own_stays(builders: Builders, case: str) -> None:
    own = OWN[case]
    words = list(own) if isinstance(own, tuple) else []
    if isinstance(own, str):
        file = builders.repo.root / "Dockerfile"
        builders.repo.write("Dockerfile", file.read_text() + own)
        builders.repo.commit("label")
        builders.repo.git("push", "-q")
    ran = builders.guard("docker", "build", *words, "-q", "-t", builders.tag, ".")
    assert ran.status == 0, ran.all
    labels = builders.labels()
    assert labels[COMMIT + "source"] == "mine"
    assert labels[COMMIT + "revision"] == builders.repo.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize("form", ["mapping", "list", "short build"])
def test_labels_in_a_compose_file_stay(builders: Builders, form: str) -> None:
    text = {
        "mapping": {"context": ".", "labels": {COMMIT + "source": "mine", "price": "$$5"}},
        "list": {"context": ".", "labels": [f"{COMMIT}source=mine", "price=$$5"]},
        "short build": ".",
    }[form]
    services = {"web": {"build": text, "image": builders.tag}}
    builders.repo.write("compose.yaml", json.dumps({"services": services}))
    over = {"services": {"web": {"build": {"labels": {"over": "1"}}}}}
    builders.repo.write("compose.override.yaml", json.dumps(over))
    builders.repo.commit("compose")
    builders.repo.git("push", "-q")
    ran = builders.guard("docker", "compose", "build")
    assert ran.status == 0, ran.all
    labels = builders.labels()
    assert labels["over"] == "1"
    assert labels[COMMIT + "revision"]
    if form != "short build":
        assert (labels[COMMIT + "source"], labels["price"]) == ("mine", "$5")


DECLARED = {
    "plain": (f"LABEL {COMMIT}revision=1", {"revision"}),
    "two": (f"LABEL {COMMIT}revision=1 {COMMIT}source=x", {"revision", "source"}),
    "a longer key is another": (f"LABEL {COMMIT}revision.x=1", set()),
    "a comment": (f"# LABEL {COMMIT}revision=1", set()),
    "over lines, a comment between": (f"LABEL a=b \\\n# c\n\n {COMMIT}created=1", {"created"}),
    "the escape is told": (f"# escape=`\nLABEL a=b `\n {COMMIT}created=1", {"created"}),
    "another instruction": (f"RUN echo {COMMIT}revision", set()),
    "lower case": (f"  label {COMMIT}source=1", {"source"}),
}


@pytest.mark.parametrize("case", DECLARED)
def test_labels_of_a_dockerfile(case: str) -> None:
    text, expected = DECLARED[case]
    assert declared(text) == {COMMIT + name for name in expected}


PUBLIC = {
    "https://u:secret@git.example/a.git": "https://git.example/a.git",
    "https://token@git.example/a.git": "https://git.example/a.git",
    "https://git.example:8443/a.git?private_token=x": "https://git.example:8443/a.git",
    "ssh://git@git.example:22/a.git": "ssh://git@git.example:22/a.git",
    "ssh://git:secret@git.example/a.git": "ssh://git@git.example/a.git",
    "git@git.example:a.git": "git@git.example:a.git",
    "/srv/git/a.git": "/srv/git/a.git",
}


@pytest.mark.parametrize("url", PUBLIC)
def test_no_credential_goes_into_a_label(url: str) -> None:
    assert public(url) == PUBLIC[url]


def test_a_context_that_is_nobody_s_here_gets_no_commit_of_ours(
    builders: Builders, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    os.link(builders.repo.root / "busybox", other / "busybox")
    (other / "Dockerfile").write_text("FROM scratch\nCOPY busybox /bin/busybox\n")
    (other / "guard.toml").write_text("[tree]\nrepository = false\n")
    ran = builders.guard("docker", "build", "-q", "-t", builders.tag, str(other))
    assert ran.status == 0, ran.all
    assert COMMIT + "revision" not in builders.labels()


def reasons(repo: Repo, tag: str) -> list[str]:
    shown = json.loads(repo.guard("image", "show", tag, "--format", "json").out)
    return list(shown["images"][0]["reasons"])


@pytest.mark.parametrize("how", ["flag", "flag with =", "before the verb", "variable"])
def test_a_reason_lets_a_dirty_build_through_on_the_record(builders: Builders, how: str) -> None:
    repo = builders.repo
    repo.write("app.txt", "hotfix\n")
    repo.write("new.txt", "new\n")
    assert builders.guard("docker", "build", "-q", "-t", builders.tag, ".").status == 1
    words = {
        "flag": ["docker", "build", "--allow-dirty", "lab down", "-q", "-t", builders.tag, "."],
        "flag with =": ["docker", "build", "--allow-dirty=lab down", "-qt", builders.tag, "."],
        "before the verb": ["docker", "--allow-dirty", "lab down", "build", "-qt", builders.tag, "."],
        "variable": ["docker", "build", "-q", "-t", builders.tag, "."],
    }[how]  # fmt: skip
    env = {"GUARD_ALLOW_DIRTY": "lab down"} if how == "variable" else {}
    ran = builders.guard(*words, **env)
    assert ran.status == 0, ran.all
    labels = builders.labels()
    assert labels["org.treeguard.dirty"] == "true"
    assert labels["org.treeguard.dirty.reason"] == "lab down"
    assert re.fullmatch("sha256:[0-9a-f]{64}", labels["org.treeguard.dirty.digest"])
    kept = labels["org.treeguard.dirty.kept"]
    assert repo.git("show", f"{kept}:app.txt") == "hotfix\n"
    assert repo.git("show", f"{kept}:new.txt") == "new\n"
    assert reasons(repo, builders.tag) == [
        "the image holds changes that are in no commit: lab down"
    ]


def test_the_same_difference_has_the_same_digest(builders: Builders) -> None:
    def digest() -> str:
        builders.guard("docker", "build", "--allow-dirty=x", "-q", "-t", builders.tag, ".")
        return str(builders.labels()["org.treeguard.dirty.digest"])

    builders.repo.write("app.txt", "a\n")
    one = digest()
    builders.repo.write("app.txt", "b\n")
    two = digest()
    builders.repo.write("app.txt", "a\n")
    assert digest() == one != two


def test_a_commit_on_no_remote_may_pass_with_a_reason(builders: Builders) -> None:
    builders.repo.commit("unpushed", **{"app.txt": "unpushed\n"})
    build = ["docker", "build", "-q", "-t", builders.tag, "."]
    assert builders.guard(*build).status == 1
    assert builders.guard(*build, GUARD_ALLOW_DIRTY="the remote is down").status == 0
    labels = builders.labels()
    assert labels["org.treeguard.dirty.reason"] == "the remote is down"
    assert "org.treeguard.dirty" not in labels
    assert reasons(builders.repo, builders.tag) == []


@pytest.mark.parametrize("words", [["--allow-dirty"], ["--allow-dirty", ""], ["--allow-dirty= "]])
def test_no_reason_is_no_way_through(builders: Builders, words: list[str]) -> None:
    builders.repo.write("app.txt", "hotfix\n")
    ran = builders.guard("docker", "build", "-t", builders.tag, ".", *words)
    assert ran.status == 2
    assert "needs a reason" in ran.err
    assert docker("images", "-q", builders.tag) == ""


def test_a_clean_build_needs_no_excuse(builders: Builders) -> None:
    ran = builders.guard("docker", "build", "-q", "-t", builders.tag, ".", GUARD_ALLOW_DIRTY="why")
    assert ran.status == 0
    assert not [key for key in builders.labels() if key.startswith("org.treeguard")]


def test_a_refused_build_keeps_the_work_tree(builders: Builders) -> None:
    builders.repo.write("app.txt", "precious\n")
    ran = builders.guard("docker", "build", "-t", builders.tag, ".")
    assert ran.status == 1
    kept = re.search(r"guard rescue show ([0-9a-f]{10})", ran.err)
    assert kept is not None
    assert builders.repo.git("show", f"{kept[1]}:app.txt") == "precious\n"
    assert ran.err.splitlines()[-1].startswith("guard: blocked: ")


def test_words_of_another_program_are_left_alone(builders: Builders) -> None:
    run = ["docker", "compose", "run", "--rm", "web", "/bin/busybox", "echo", "--exact"]
    ran = builders.guard(*run)
    assert ran.status == 0, ran.all
    assert "--exact" in ran.out
    ran = builders.guard("docker", "run", "--rm", builders.tag, "/bin/busybox", "echo", "--exact")
    assert ran.out == "--exact\n"


@pytest.mark.parametrize("how", ["as it is", "exact"])
@pytest.mark.parametrize("program", ["podman", "buildah"])
def test_podman_and_buildah_stamp(builders: Builders, program: str, how: str) -> None:
    need(shutil.which(program) is not None, program)
    words = [program, "build" if program == "podman" else "bud", "-q", "-t", builders.tag]
    if how == "exact":
        builders.repo.write("app.txt", "changed\n")
        words.append("--exact")
    try:
        ran = builders.guard(*words, ".")
        assert ran.status == 0, ran.all
        shown = execute(program, "inspect", "--type=image", builders.tag, cwd=builders.repo.root)
        assert builders.repo.git("rev-parse", "HEAD").strip() in shown.out
    finally:
        execute(program, "rmi", "-f", builders.tag, cwd=builders.repo.root)
