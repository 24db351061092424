"""A pushed repository with something to build for every builder, and docker with its plugins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine import Builders, docker, need_engine, pushed


@pytest.fixture
def builders(tmp_path: Path) -> Iterator[Builders]:
    need_engine()
    found = Builders(pushed(tmp_path), tmp_path)
    repo, tag = found.repo, found.tag
    repo.write("Dockerfile", "FROM scratch\nCOPY busybox /bin/busybox\nCOPY . /src/\n")
    repo.write(".dockerignore", "compose.yaml\ndocker-bake.json\nbusybox-*\n")
    service = {"build": ".", "image": tag, "network_mode": "none",
               "command": ["/bin/busybox", "sleep", "1000"]}  # fmt: skip
    repo.write("compose.yaml", json.dumps({"services": {"web": service}}))
    target = {"context": ".", "tags": [tag], "output": ["type=docker"]}
    repo.write("docker-bake.json", json.dumps({"target": {"default": target}}))
    repo.commit("builders")
    repo.git("push", "-q")
    yield found
    ids = docker("ps", "-aq", "--filter", f"ancestor={tag}").split()
    if ids:
        docker("rm", "-fv", *ids, ok=False)
    docker("rmi", "-f", tag, ok=False)
