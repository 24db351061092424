"""`--fix`: repairs what can be repaired in the work tree, and nothing that was not judged."""

from __future__ import annotations

import json
import os
import signal
import sys

import pytest
from conftest import Repo, execute

# The incident's own shape: the tail of an old function behind a whole member.
BROKEN = """export default {
  methods: {
    start() {
      return 1;
    },
    stop() {
      return 2;
    },
      this.tail();
    },
    last() {
      return 3;
    },
  },
};
"""
SOUND = BROKEN.replace("      this.tail();\n    },\n", "")


# The left-over repeats the end of the function before it: a diff can draw it in two ways.
INCIDENT = """createApp({
    methods: {
        stopUtscLiveMonitoring() {
            clearInterval(this.timer);
            this.live = false;
        },
            this.$toast?.success("stopped");
            this.live = false;
        },
        async loadSpectrum() {
            return fetch("/api/capture");
        },
    },
}).mount("#app");
"""
TAIL = '            this.$toast?.success("stopped");\n            this.live = false;\n        },\n'


def test_the_incident_is_named_and_mended_to_what_was_committed(repo: Repo) -> None:
    repo.commit("sound", **{"app.js": INCIDENT.replace(TAIL, "")})
    repo.write("app.js", INCIDENT)
    (finding,) = json.loads(repo.guard("check", "--format", "json").out)["findings"]
    assert finding["rule"] == "javascript/orphan"
    assert finding["symbol"] == "stopUtscLiveMonitoring"
    assert (finding["start"]["line"], finding["end"]["line"]) == (7, 9)
    assert repo.guard("check", "--fix").status == 0
    assert (repo.root / "app.js").read_text() == INCIDENT.replace(TAIL, "")


@pytest.fixture
def broken(repo: Repo) -> Repo:
    repo.commit("sound", **{"a.js": SOUND})
    repo.write("a.js", BROKEN)
    return repo


def test_the_work_tree_is_mended_and_judged_again(broken: Repo) -> None:
    ran = broken.guard("check", "--all", "--fix")
    assert ran.status == 0, ran.all
    assert "mended 1 in a.js" in ran.err
    assert (broken.root / "a.js").read_text() == SOUND
    assert broken.guard("check", "--all", "--fix").err == ""


def test_what_is_staged_keeps_its_verdict(broken: Repo) -> None:
    broken.git("add", "a.js")
    ran = broken.guard("check", "--staged", "--fix")
    assert ran.status == 1
    assert "git add -u" in ran.err
    assert (broken.root / "a.js").read_text() == SOUND
    assert broken.git("show", ":a.js") == BROKEN
    broken.git("add", "-u")
    assert broken.guard("check", "--staged", "--fix").status == 0


def test_a_file_that_differs_from_what_is_staged_is_left_alone(broken: Repo) -> None:
    broken.git("add", "a.js")
    broken.write("a.js", BROKEN + "// more\n")
    ran = broken.guard("check", "--staged", "--fix")
    assert ran.status == 1
    assert "a.js differs from what is staged" in ran.err
    assert (broken.root / "a.js").read_text() == BROKEN + "// more\n"


@pytest.mark.parametrize("left", ["", "    \n"], ids=["gone", "blanked"])
def test_no_repair_takes_away_what_was_committed(repo: Repo, left: str) -> None:
    """Two closers were dropped: what stands between them is no left-over."""
    repo.commit("sound", **{"a.js": SOUND})
    cut = SOUND.replace("      return 1;\n    },\n", "      return 1;\n" + left, 1)
    cut = cut.replace("      return 3;\n    },\n", "      return 3;\n" + left, 1)
    repo.write("a.js", cut)
    assert repo.guard("check").status == 1
    repo.guard("check", "--fix")
    now = (repo.root / "a.js").read_text().splitlines()
    assert [line for line in cut.splitlines() if line.strip() and line not in now] == []


def test_the_work_tree_is_kept_before_it_is_mended(broken: Repo) -> None:
    broken.write("loose.txt", "untracked\n")
    broken.guard("check", "--fix")
    (line,) = broken.guard("rescue", "list").out.splitlines()
    assert "before guard check --fix" in line
    kept = line.split()[0]
    assert broken.git("show", f"{kept}:a.js") == BROKEN
    assert broken.git("show", f"{kept}:loose.txt") == "untracked\n"


def test_nothing_is_kept_where_nothing_is_mended(repo: Repo) -> None:
    repo.commit("sound", **{"a.js": SOUND})
    repo.write("a.js", SOUND + "more();\n")
    repo.guard("check", "--fix")
    assert "nothing is kept" in repo.guard("rescue", "list").all


KILLED = """
import os, signal, sys
from guard import cli
real = os.replace
def replace(old, new):
    if new.endswith("a.js"):
        os.kill(os.getpid(), signal.SIGKILL)
    real(old, new)
os.replace = replace
cli.status(sys.argv[1:])
"""


def test_what_a_killed_repair_left_is_removed_by_the_next(repo: Repo) -> None:
    repo.commit("sound", **{"a.js": SOUND, "b.js": SOUND, "web/c.js": SOUND})
    repo.write("a.js", BROKEN)
    ran = execute(sys.executable, "-c", KILLED, "check", "--fix", cwd=repo.root)
    assert ran.status == -signal.SIGKILL, ran.all
    (left,) = repo.root.glob(".guard-draft-*")
    assert (repo.root / "a.js").read_text() == BROKEN, "the file is as it was"
    left.rename(repo.root / "web" / left.name)  # the next may be about nothing in its folder
    kept = [f".guard-draft-{os.getpid()}", ".guard-draft-mine", ".guard-drafts"]
    for name in kept:
        repo.write(name, "")
    assert (
        f"guard: removed web/{left.name}, which a killed run had left"
        in repo.guard("check", "--fix").err
    )
    assert (repo.root / "a.js").read_text() == SOUND
    assert sorted(p.name for p in repo.root.rglob(".guard-*")) == sorted(kept)
