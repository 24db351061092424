"""One verdict by every route: with an engine, without one, and from what is remembered."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Repo, made

sys.path.append(str(Path(__file__).parent))
from routed import TEXTS
from test_leftovers import SOUND, WRONG

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on PATH")

PAGE = '<p onclick="a: b()">x</p>\n<script>\n{}\n</script>\n'
COMPONENT = "<script>\nexport default {{ x() {{ {} }} }}\n</script>\n"

OLD = "x = {\n  a() {\n    b();\n  },\n  c() {\n    d();\n  },\n};\n"


def files() -> Mapping[str, str]:
    """Leftovers of every rule, sound, broken and strange texts; pages and components."""
    found = {}
    for number, (_, text, _) in enumerate(WRONG):
        found[f"wrong/{number}.js"] = text
        found[f"wrong/{number}.html"] = PAGE.format(text)
        found[f"wrong/{number}.svelte"] = COMPONENT.format(text)
    for number, (_, text) in enumerate(SOUND):
        found[f"sound/{number}.js"] = text
        found[f"sound/{number}.vue"] = COMPONENT.format(text)
    for number, text in enumerate(TEXTS):
        if len(text) < 2000:
            found[f"strange/{number}.js"] = text
            found[f"module/{number}.js"] = text
            found[f"common/{number}.js"] = text
    for number in range(30):
        found[f"broken/{number}.js"] = OLD.replace("  c()", f"    f({number});\n  }},\n  c()")
        found[f"edited/{number}.js"] = OLD
    found["module/package.json"] = '{"type": "module"}'
    found["common/package.json"] = '{"type": "commonjs", "devDependencies": {"vite": "1"}}'
    found["page.html"] = "<script src='strange/3.js' type=module></script>"
    return found


EDITED = OLD.replace("b();", "return;\n    b();").replace("c()", "a()")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    """The files, committed, with some of them changed in the index."""
    repo = made(tmp_path_factory.mktemp("doors") / "work")
    repo.commit("one", **files())
    for number in range(30):
        repo.write(f"edited/{number}.js", EDITED if number % 2 else OLD + f"f({number})\n")
    for number in range(30):
        repo.write(f"new/{number}.js", EDITED)
    repo.git("add", "-A")
    time.sleep(2.1)  # what is younger is not trusted to be unchanged
    return repo


def said(repo: Repo, *args: str, path: str = "") -> Any:
    env = {"PATH": path} if path else {}
    ran = repo.guard("check", *args, "--select", "javascript", "--format", "json", **env)
    assert ran.status == 1, ran.all
    return json.loads(ran.out)


@pytest.mark.parametrize(
    "args", [("--all",), ("--staged",), ("--rev", "HEAD")], ids=lambda args: args[0]
)
def test_the_verdict_is_the_same_by_every_route(
    repo: Repo, tmp_path: Path, args: tuple[str, ...]
) -> None:
    kept = repo.root / ".git/guard"
    git = shutil.which("git")
    assert git is not None
    os.symlink(git, tmp_path / "git")
    shutil.rmtree(kept, ignore_errors=True)
    without = said(repo, *args, path=str(tmp_path))
    remembered = said(repo, *args)
    shutil.rmtree(kept)
    with_node = said(repo, *args)
    again = said(repo, *args, path=str(tmp_path))
    assert len(without["findings"]) > 30
    assert with_node == without
    assert remembered == without
    assert again == without


def test_what_is_remembered_of_a_whole_run_is_only_for_that(repo: Repo) -> None:
    first = said(repo, "--all")
    assert said(repo, "--all") == first
    repo.write("sound/0.js", "function f() {\n  return;\n  a();\n}\n")
    changed = said(repo, "--all")
    new = [one for one in changed["findings"] if one not in first["findings"]]
    assert [(one["path"], one["rule"]) for one in new] == [("sound/0.js", "javascript/unreachable")]
    repo.git("checkout", "-q", "sound/0.js")
    assert said(repo, "--all") == first
    # What is ignored in guard.toml is no part of what is remembered.
    repo.write("guard.toml", '[[ignore]]\nrule = "javascript/*"\npath = "**"\nreason = "a test"\n')
    ran = repo.guard("check", "--all", "--select", "javascript", "--format", "json")
    (repo.root / "guard.toml").unlink()
    assert ran.status == 0, ran.all
