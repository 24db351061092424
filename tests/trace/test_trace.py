"""`guard fixes trace` on real histories: what brought a fix, what took it away, where it is."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from conftest import execute, made
from engine import need_engine
from team import BAD, GOOD, PATH, RULE, Team

from guard.git import Repository
from guard.rescue import keep


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(made(tmp_path / "repo"), tmp_path / "up.git")


RULED = ".guard/fixes/ipv6.toml"

NO_ENGINE = {"DOCKER_HOST": "unix:///nowhere"}
"""What images lie about on the machine is nothing to these tests."""


def traced(team: Team, name: str = "ipv6") -> dict[str, Any]:
    ran = team.repo.guard("fixes", "trace", name, "--format", "json", **NO_ENGINE)
    assert ran.status in (0, 1), ran.all
    found: dict[str, Any] = json.loads(ran.out)
    assert ran.status == (1 if found["lost"] else 0)
    return found


def required(team: Team, piece: str, function: str) -> None:
    """The rule that a piece must stay in a function."""
    rule = f"why = 'w'\npaths = ['{PATH}']\nfunction = '{function}'\nrequire = '{piece}'\n"
    team.rule("", text=f"{rule}bad = 'x = 1'\ngood = '{piece}'\n")


def events(trace: dict[str, Any]) -> list[tuple[str, str]]:
    return [(e["kind"], e["subject"]) for e in trace["events"]]


def states(trace: dict[str, Any]) -> dict[str, str]:
    return {f"{p['kind']} {p['name']}".strip(): p["state"] for p in trace["places"]}


@pytest.fixture
def fixed(team: Team) -> Team:
    team.commit("start", **{PATH: BAD, "other.py": "a = 1\n"})
    team.repo.git("branch", "old")
    team.rule(team.commit("send ipv6 always", **{PATH: GOOD}))
    return team


def test_a_fix_that_is_held(fixed: Team) -> None:
    fixed.commit("other work", **{"other.py": "a = 2\n"})
    found = traced(fixed)
    assert events(found) == [("brought", "send ipv6 always")]
    assert states(found) == {
        "branch main": "held",
        "branch old": "before",
        "index": "held",
        "work tree": "held",
    }
    assert found["events"][0]["paths"] == [PATH]
    assert found["events"][0]["author"] == "Ana"


def test_a_commit_that_takes_it_away_and_one_that_brings_it_again(fixed: Team) -> None:
    fixed.commit("tidy up", "Bo", **{PATH: BAD})
    fixed.commit("again", "Cy", **{PATH: GOOD + "# again\n"})
    found = traced(fixed)
    kinds = [("brought", "send ipv6 always"), ("taken", "tidy up"), ("brought", "again")]
    assert events(found) == kinds
    assert found["events"][1]["author"] == "Bo"
    start = fixed.repo.git("rev-list", "--max-parents=0", "HEAD").strip()
    assert found["events"][1]["restored"] == start, "it put the old file back whole"
    assert states(found)["branch main"] == "held"
    history = [p["history"] for p in found["places"] if p["name"] == "main"]
    assert [s["state"] for s in history[0]] == ["before", "held", "lost", "held"]


def test_a_revert_says_so(fixed: Team) -> None:
    fixed.git("revert", "--no-edit", "HEAD", who="Bo")
    found = traced(fixed)
    assert events(found)[1] == ("reverted", 'Revert "send ipv6 always"')
    assert states(found)["branch main"] == "lost"


def notes(trace: dict[str, Any]) -> dict[str, str]:
    return {f"{p['kind']} {p['name']}".strip(): p["note"] for p in trace["places"] if p["note"]}


@pytest.mark.parametrize(
    ("back", "said"),
    [
        pytest.param(("rebase", "-q", "--onto", "old", "HEAD~1"), "rebase (", id="a rebase"),
        pytest.param(("reset", "-q", "--hard", "old"), "reset: moving to old", id="a reset"),
        pytest.param(
            ("checkout", "-q", "-B", "main", "old"), "branch: Reset", id="a branch made anew"
        ),
    ],
)
def test_a_branch_that_is_set_back_loses_it(fixed: Team, back: tuple[str, ...], said: str) -> None:
    fix = fixed.head()
    fixed.commit("work", **{"other.py": "a = 2\n"})
    fixed.git(*back, who="Bo")
    found = traced(fixed)
    assert states(found)["branch main"] == states(found)["work tree"] == "lost"
    assert states(found)["branch old"] == "before", "it never had the fix"
    note = notes(found)["branch main"]
    assert said in note
    assert f"git cherry-pick {fix[:10]}" in note


def test_a_branch_that_was_forced_back_on_the_remote(fixed: Team) -> None:
    fixed.repo.git("push", "-q", "origin", "main")
    fixed.repo.git("push", "-q", "--force", "origin", "old:main")
    found = traced(fixed)
    assert states(found)["branch main"] == "held"
    assert states(found)["remote origin/main"] == "lost"


def test_where_the_rule_is_the_fix_was_meant_to_be(fixed: Team, tmp_path: Path) -> None:
    fixed.repo.git("checkout", "-q", "-b", "lab", "old")
    fixed.repo.git("add", "-f", ".guard")
    fixed.commit("the rule")
    clone = tmp_path / "clone"
    execute("git", "clone", "-q", "-b", "lab", str(fixed.repo.root), str(clone), cwd=tmp_path)
    found = json.loads(
        made(clone).guard("fixes", "trace", "ipv6", "--format", "json", **NO_ENGINE).out
    )
    assert states(found)["branch lab"] == "lost"
    assert notes(found)["branch lab"] == "it has the rule and not the fix"
    assert states(found)["remote origin/old"] == "before"


def test_where_a_shallow_clone_ends_nothing_was_brought(fixed: Team, tmp_path: Path) -> None:
    for number in range(3):
        fixed.commit(f"work {number}", **{"other.py": f"b = {number}\n"})
    fixed.commit("tidy up", **{PATH: BAD})
    clone = tmp_path / "clone"
    url = f"file://{fixed.repo.root}"
    execute("git", "clone", "-q", "--depth", "3", url, str(clone), cwd=tmp_path)
    shallow = made(clone)
    shallow.write(".guard/fixes/ipv6.toml", (fixed.repo.root / RULED).read_bytes())
    found = json.loads(shallow.guard("fixes", "trace", "ipv6", "--format", "json", **NO_ENGINE).out)
    assert events(found) == [("taken", "tidy up")]
    assert states(found)["branch main"] == "lost"


def test_a_merge_that_keeps_the_old_side_drops_it(fixed: Team) -> None:
    fixed.repo.git("checkout", "-q", "old")
    fixed.commit("lab work", **{"lab.py": "b = 1\n"})
    fixed.git("merge", "-q", "-s", "ours", "-m", "merge main", "main", who="Bo")
    found = traced(fixed)
    assert events(found) == [("brought", "send ipv6 always"), ("dropped", "merge main")]
    assert states(found)["branch old"] == "lost"
    assert states(found)["branch main"] == "held"


def test_a_merge_that_brings_the_fix_is_told_and_names_the_commit(fixed: Team) -> None:
    fix = fixed.head()
    fixed.repo.git("checkout", "-q", "old")
    fixed.commit("lab work", **{"lab.py": "b = 1\n"})
    fixed.git("merge", "-q", "-m", "merge main", "main", who="Bo")
    found = traced(fixed)
    assert events(found) == [("brought", "send ipv6 always"), ("merged", "merge main")]
    assert found["events"][1]["cause"] == fix
    assert states(found)["branch old"] == "held"


def test_a_merge_of_a_branch_that_had_lost_it_names_the_commit(fixed: Team) -> None:
    fixed.repo.git("checkout", "-q", "-b", "topic")
    culprit = fixed.commit("tidy up", "Bo", **{PATH: BAD})
    fixed.repo.git("checkout", "-q", "main")
    fixed.commit("work", **{"other.py": "a = 3\n"})
    fixed.git("merge", "-q", "--no-ff", "-m", "merge topic", "topic", who="Ana")
    found = traced(fixed)
    assert events(found)[1:] == [("taken", "tidy up"), ("inherited", "merge topic")]
    assert found["events"][2]["cause"] == culprit


def test_index_work_tree_stash_and_kept_states_are_looked_at(fixed: Team) -> None:
    fixed.commit("tidy up", **{PATH: BAD})
    fixed.repo.write(PATH, GOOD)
    fixed.repo.git("stash")
    fixed.repo.write("other.py", "a = 7\n")
    fixed.repo.git("stash")
    fixed.repo.git("update-ref", "refs/guard/kept/1", "HEAD~1")
    fixed.repo.write(PATH, GOOD)
    found = states(traced(fixed))
    assert found["stash stash@{0}"] == "lost"
    assert found["stash stash@{1}"] == "held"
    assert found["kept refs/guard/kept/1"] == "held"
    assert found["index"] == "lost"
    assert found["work tree"] == "held"
    told = fixed.repo.guard("fixes", "trace", "ipv6", **NO_ENGINE).out
    assert "work tree has it, and the commit below does not" in told
    fixed.repo.git("add", "-A")
    assert states(traced(fixed))["index"] == "held"


def test_every_kept_work_tree_is_looked_at(fixed: Team) -> None:
    fixed.commit("tidy up", **{PATH: BAD})
    for content in (GOOD, BAD + "# more\n"):
        fixed.repo.write(PATH, content)
        assert keep(Repository.find(str(fixed.repo.root)), "a test")
    kept = [state for name, state in states(traced(fixed)).items() if "kept" in name]
    assert kept == ["lost", "held"], "the newest first"


def test_who_has_it_unpushed(fixed: Team) -> None:
    fix = fixed.head()
    fixed.repo.git("push", "-q", "origin", "old")
    told = traced(fixed)["unpushed"]
    assert told == [{"commit": fix, "author": "Ana", "branches": ["main"]}]
    assert "is on no remote; it is on main" in fixed.repo.guard("fixes", "trace", "ipv6").out
    fixed.repo.git("push", "-q", "origin", "main")
    after = traced(fixed)
    assert after["unpushed"] == []
    assert states(after)["remote origin/main"] == "held"
    assert states(after)["remote origin/old"] == "before"


def test_a_stray_git_dir_changes_nothing(fixed: Team, tmp_path: Path) -> None:
    ran = fixed.repo.guard("fixes", "trace", "ipv6", **NO_ENGINE, GIT_DIR=str(tmp_path / "nowhere"))
    assert "held in 3 places" in ran.out


REQUIRE = """why = "the cookie must be dropped"
commit = "{commit}"
paths = ["app/session.py"]
class = "Session"
function = "rebuild"
require = "del $HEADERS['Cookie']"
bad = 'pass'
good = "del headers['Cookie']"
"""
WITHOUT = "class Session:\n    def rebuild(self, headers):\n        return headers\n"
WITH = (
    "class Session:\n    def rebuild(self, headers):\n"
    "        del headers['Cookie']\n        return headers\n"
)


@pytest.fixture
def kept(team: Team) -> Team:
    team.commit("start", **{"app/session.py": WITHOUT})
    team.rule(team.commit("drop the cookie", **{"app/session.py": WITH}), text=REQUIRE)
    return team


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        pytest.param({"app/session.py": WITHOUT}, "taken", id="the piece is removed"),
        pytest.param(
            {"app/session.py": WITH.replace("headers['Cookie']", "jar['Cookie']")}, None,
            id="a variable renamed is the same fix",
        ),
    ],
)  # fmt: skip
def test_a_required_piece(kept: Team, change: dict[str, str], kind: str | None) -> None:
    kept.commit("later", **change)
    found = events(traced(kept))
    assert found[0] == ("brought", "drop the cookie")
    assert [k for k, _ in found[1:]] == ([kind] if kind else [])


def test_a_required_file_that_is_deleted(kept: Team) -> None:
    kept.repo.git("rm", "-q", "app/session.py")
    kept.commit("gone")
    found = traced(kept)
    assert events(found)[1] == ("taken", "gone")
    assert found["events"][1]["deleted"] == ["app/session.py"]
    assert states(found)["branch main"] == "lost"
    assert states(found)["work tree"] == "lost"


def test_a_required_file_that_is_renamed_is_followed(kept: Team) -> None:
    (kept.repo.root / "app/moved").mkdir()
    kept.repo.git("mv", "app/session.py", "app/moved/session.py")
    kept.commit("move")
    found = traced(kept)
    assert events(found) == [("brought", "drop the cookie")]
    assert states(found) == {"branch main": "held", "index": "held", "work tree": "held"}
    kept.commit("lost later", **{"app/moved/session.py": WITHOUT})
    assert events(traced(kept))[1] == ("taken", "lost later")


def test_a_rule_that_names_no_commit(team: Team) -> None:
    team.commit("start", **{PATH: BAD})
    team.commit("fix", **{PATH: GOOD})
    team.rule("")
    assert events(traced(team)) == [("brought", "fix")]


def test_deleting_the_code_is_no_fix(team: Team) -> None:
    team.commit("start", **{PATH: BAD, "a.py": "x = 1\n"})
    team.repo.git("rm", "-q", PATH)
    team.commit("no client any more")
    team.rule("")
    found = traced(team)
    assert events(found) == []
    assert states(found)["branch main"] == "absent"


def test_versions_that_cannot_be_parsed_are_told(fixed: Team) -> None:
    fixed.commit("broken", **{PATH: BAD + "def (:\n"})
    found = traced(fixed)
    assert any("cannot be parsed" in note for note in found["notes"])


def test_the_page_needs_nothing_besides_itself(fixed: Team) -> None:
    fixed.commit("<script>alert(1)</script> & more", "Bo <b>", **{PATH: BAD})
    page = fixed.repo.root / "out.html"
    ran = fixed.repo.guard(
        "fixes", "trace", "ipv6", "--format", "html", "--output", str(page), **NO_ENGINE
    )
    assert ran.status == 1
    text = page.read_text()
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    picture = text[text.index("<svg") : text.index("</svg>") + 6]
    tree = ElementTree.fromstring(picture)
    lanes = [e for e in tree.iter() if e.get("class") == "name"]
    assert [(e.text or "").strip() for e in lanes] == ["main", "index", "work tree", "old"]
    assert len([e for e in tree.iter() if e.get("class") == "mark lost"]) == 1


def test_without_a_container_engine_it_says_so(fixed: Team, tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    git = execute("sh", "-c", "command -v git", cwd=tmp_path).out.strip()
    (empty / "git").symlink_to(git)
    ran = fixed.repo.guard("fixes", "trace", "ipv6", PATH=str(empty))
    assert ran.status == 0, ran.all
    assert "no container engine answered" in ran.out


def test_a_shallow_clone_says_what_it_cannot_know(fixed: Team, tmp_path: Path) -> None:
    fixed.commit("work", **{"other.py": "a = 4\n"})
    clone = Team(made(tmp_path / "clone"), tmp_path / "nowhere.git")
    source = f"file://{fixed.repo.root}"
    clone.repo.git("fetch", "-q", "--depth", "1", source, "main")
    clone.repo.git("checkout", "-q", "FETCH_HEAD")
    clone.rule(fixed.repo.git("rev-parse", "main~1").strip())
    found = traced(clone)
    assert any("shallow" in note for note in found["notes"])
    assert any("is on no branch here" in note for note in found["notes"])


def test_a_repository_without_a_commit(team: Team) -> None:
    team.rule("")
    found = traced(team)
    assert (found["events"], found["commits"], found["lost"]) == ([], 0, 0)


def test_a_rule_that_does_not_exist_is_an_error_that_suggests(fixed: Team) -> None:
    ran = fixed.repo.guard("fixes", "trace", "ipv4")
    assert ran.status == 2
    assert "'ipv6'" in ran.err


def test_images_are_looked_at_by_their_revision_label(fixed: Team) -> None:
    need_engine()
    old, new = fixed.repo.git("rev-parse", "old", "main").split()
    names = {commit: f"learn-trace:{commit[:12]}" for commit in (old, new, "0" * 40)}
    empty = fixed.repo.root / "empty.tar"
    empty.write_bytes(bytes(10240))
    try:
        for commit, name in names.items():
            label = f"LABEL org.opencontainers.image.revision={commit}"
            imported = ["docker", "import", "--change", label, str(empty), name]
            assert execute(*imported, cwd=fixed.repo.root).status == 0
        ran = fixed.repo.guard("fixes", "trace", "ipv6", "--format", "json")
        found = json.loads(ran.out)
        images = {p["name"]: p["state"] for p in found["places"] if p["kind"] == "image"}
        assert images == {names[old]: "before", names[new]: "held"}
        assert any("no commit of this repository" in note for note in found["notes"])
    finally:
        execute("docker", "rmi", "-f", *names.values(), cwd=fixed.repo.root)


def test_a_required_piece_is_followed_over_a_new_name_of_its_function(team: Team) -> None:
    team.commit("start", **{PATH: BAD})
    required(team, "send(1)", "body")
    team.commit("fix", **{PATH: "def body(x):\n    send(1)\n"})
    team.commit("rename", **{PATH: "def payload(x):\n    send(1)\n"})
    assert states(traced(team))["branch main"] == "held"
    team.commit("tidy up", **{PATH: "def payload(x):\n    return 1\n"})
    assert events(traced(team)) == [("brought", "fix"), ("taken", "tidy up")]


def test_the_rule_is_found_where_the_work_tree_has_none(fixed: Team) -> None:
    fixed.repo.git("add", "-f", ".guard")
    fixed.commit("the rule")
    fixed.repo.git("checkout", "-q", "old")
    fixed.git("merge", "-q", "-s", "ours", "-m", "merge main", "main", who="Bo")
    found = traced(fixed)
    assert events(found)[-1] == ("dropped", "merge main")
    assert found["notes"][0].endswith("it was read from branch main")
    assert fixed.repo.guard("fixes", "trace", "nowhere").status == 2


def test_in_a_conflict_it_says_what_cannot_be_read(fixed: Team) -> None:
    fixed.repo.git("checkout", "-q", "old")
    fixed.commit("lab work", **{PATH: BAD.replace("None}", "5}")})
    fixed.repo.git("merge", "-q", "main", ok=False)
    assert notes(traced(fixed)) == {
        "index": f"{PATH} in conflict",
        "work tree": f"{PATH} cannot be parsed",
    }


def test_a_kept_work_tree_with_the_rule_alone_is_not_lost(fixed: Team) -> None:
    fixed.repo.git("checkout", "-q", "-b", "lab", "old")
    fixed.repo.git("add", "-f", ".guard")
    fixed.repo.git("stash")
    fixed.repo.git("checkout", "-q", "main")
    fixed.repo.write(RULED, fixed.repo.git("show", f"stash@{{0}}:{RULED}"))
    assert states(traced(fixed))["stash stash@{0}"] == "before"


def test_names_and_terminals_that_know_no_utf8(team: Team) -> None:
    path = "caf\udce9.py"
    team.commit("start", **{path: BAD})
    team.rule(team.commit("fix", **{path: GOOD}))
    assert traced(team)["events"][0]["paths"] == ["caf\\xe9.py"]
    told = team.repo.guard("fixes", "trace", "ipv6", PYTHONIOENCODING="latin-1", **NO_ENGINE)
    assert "+ held    branch main" in told.out
    assert "caf\\xe9.py" in told.out


def test_where_it_cannot_write_it_says_so(fixed: Team) -> None:
    ran = fixed.repo.guard("fixes", "trace", "ipv6", "--output", "no/such/folder", **NO_ENGINE)
    assert ran.status == 2
    assert "cannot write 'no/such/folder'" in ran.err


def test_a_rule_that_is_not_proven_says_so(fixed: Team) -> None:
    text = RULE.replace("""good = 'f(ipv6=x if x else "")'""", "good = 'f(1)'")
    fixed.rule(fixed.head(), text=text.replace("bad = 'f(ipv6=", "bad = 'f(ipv4="))
    assert "do not prove this rule" in traced(fixed)["notes"][0]
