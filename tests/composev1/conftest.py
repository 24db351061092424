"""An engine 26.1 of its own, which docker-compose 1 dies of, beside whatever engine there is."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine import BUSYBOX, TOOLS, Lab, compose_v1, docker, need


@pytest.fixture(scope="session")
def engine_26() -> Iterator[str]:
    """DOCKER_HOST of a dockerd 26.1 in a network namespace of its own.

    Without that it would take the network of the engine that is there already.
    """
    programs = TOOLS / "engine-26"
    need((programs / "dockerd").exists(), f"{programs}/dockerd (run .ci/engine)")
    need(BUSYBOX.exists() and os.geteuid() == 0, "root with busybox-static")
    # A path of a socket has at most 107 bytes, and pytest's folders are deep.
    folder = Path(f"/tmp/guard-engine-{os.getpid()}")
    folder.mkdir()
    command = f"ip link set lo up; exec {programs}/dockerd --host=unix://{folder}/sock"
    options = f"--data-root={folder}/data --exec-root={folder}/exec --pidfile={folder}/pid"
    with open(folder / "log", "w") as log:
        daemon = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", f"{command} {options} --storage-driver=vfs"],
            env={**os.environ, "PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    host = f"unix://{folder}/sock"
    try:
        for _ in range(300):
            if docker("version", "--format", "{{.Server.Version}}", ok=False, DOCKER_HOST=host):
                break
            need(daemon.poll() is None, f"engine 26: {(folder / 'log').read_text()[-500:]}")
            time.sleep(0.1)
        yield host
    finally:
        ids = docker("ps", "-aq", DOCKER_HOST=host, ok=False).split()
        if ids:
            docker("rm", "-fv", *ids, DOCKER_HOST=host, ok=False)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def lab(tmp_path: Path, engine_26: str) -> Iterator[Lab]:
    compose_v1()
    found = Lab(tmp_path, engine_26)
    yield found
    found.clean()
