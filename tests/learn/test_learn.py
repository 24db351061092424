"""`guard fixes learn` on real repositories: what is proposed, what is refused, what is shown."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from conftest import Ran, Repo

from guard.fixes.rulefile import parse
from guard.fixes.tracing.values import Kind, State
from guard.git import Repository
from guard.whereabouts.afterwards import later

CLIENT = '''"""The client."""
import requests


class Client:
    def upstream(self, mac, tftp_ipv4, tftp_ipv6=None):
        payload = {
            "mac": mac,  # of the modem
            "tftp": {
                "ipv4": tftp_ipv4,
                "ipv6": tftp_ipv6 if tftp_ipv6 is not None else None,
            },
        }
        return requests.post(self.url, json=payload)
'''
MENDED = CLIENT.replace(
    "tftp_ipv6 if tftp_ipv6 is not None else None", 'tftp_ipv6 if tftp_ipv6 else ""'
)
PATH = "backend/app/core/pypnm_client.py"
ID = "send-ipv6-even-when-it-is-empty"


def learn(repo: Repo, *args: str, status: int = 0, stdin: str | None = None) -> Ran:
    ran = repo.guard("fixes", "learn", *args, stdin=stdin)
    assert ran.status == status, ran.all
    return ran


def rules(repo: Repo) -> dict[str, dict[str, Any]]:
    folder = repo.root / ".guard/fixes"
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return {file.stem: tomllib.loads(file.read_text()) for file in files}


def only(repo: Repo) -> dict[str, Any]:
    found = rules(repo)
    assert len(found) == 1, found
    return next(iter(found.values()))


def fixed(repo: Repo, before: str, after: str) -> str:
    """A repository with one file, then its fix, and the fix's id."""
    repo.commit("start", **{"a.py": before})
    return repo.commit("Fix it", **{"a.py": after})


@pytest.fixture
def incident(repo: Repo) -> Repo:
    repo.commit("start", **{PATH: CLIENT})
    repo.commit(
        "Fix: send ipv6 even when it is empty (#12)\n\nSee https://example.com/incidents/6.",
        **{PATH: MENDED},
    )
    return repo


def test_the_incident(incident: Repo) -> None:
    learn(incident, "HEAD")
    rule = only(incident)
    assert list(rules(incident)) == [ID]
    assert rule["forbid"] == "'ipv6': $TFTP_IPV6 if $TFTP_IPV6 is not None else None"
    assert rule["replace"] == "'ipv6': $TFTP_IPV6 if $TFTP_IPV6 else ''"
    assert "paths" not in rule, "nothing else in HEAD is meant by it"
    assert rule["commit"] == incident.git("rev-parse", "HEAD")[:12]
    assert rule["incident"] == "https://example.com/incidents/6"
    assert "# of the modem" in rule["bad"], "the example is the commit's own code"
    assert incident.guard("fixes", "test").status == 0


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param("f(ipv6=x if x is not None else None)\n", id="keyword argument"),
        pytest.param("d = {'ipv6': x if x is not None\n     else None}\n", id="across lines"),
        pytest.param("d = dict(ipv6=x if x is not None else None)\n", id="dict()"),
        pytest.param("d['ipv6'] = x if x is not None else None\n", id="assignment to a key"),
        pytest.param(
            "if x is not None:\n    d['ipv6'] = x\nelse:\n    d['ipv6'] = None\n", id="if/else"
        ),
    ],
)
def test_what_was_learned_catches_the_other_shapes(incident: Repo, shape: str) -> None:
    learn(incident, "HEAD")
    incident.commit("rule and mistake", **{"other.py": shape})
    assert "a known mistake is back" in incident.guard("check", "--all").out


def test_it_mends_the_code_before_to_the_fix(incident: Repo) -> None:
    learn(incident, "HEAD")
    incident.write(PATH, CLIENT)
    incident.git("add", "-A")
    assert incident.guard("check", "--all", "--fix").status == 0
    mended = (incident.root / PATH).read_text()
    assert mended.replace("else ''", 'else ""') == MENDED


def test_the_same_code_elsewhere_limits_it_to_the_file(incident: Repo) -> None:
    incident.commit("more", **{"other.py": "f(ipv6=x if x is not None else None)\n"})
    learn(incident, "HEAD~1")
    assert only(incident)["paths"] == [PATH]


def test_the_same_code_elsewhere_in_the_file_limits_it_to_the_function(repo: Repo) -> None:
    before = "def f(x):\n    return get(x, 1)\n\n\ndef g(x):\n    return get(x, 1)\n"
    learn(repo, fixed(repo, before, before.replace("get(x, 1)", "get(x, 2)", 1)))
    rule = only(repo)
    assert (rule["paths"], rule["function"]) == (["/a.py"], "f")


def test_what_stays_right_in_the_same_function_is_told_apart_by_names(repo: Repo) -> None:
    before = "def f(a, b):\n    get(a, 'one')\n    get(b, 'one')\n"
    learn(repo, fixed(repo, before, before.replace("get(a, 'one')", "get(a, 'two')")))
    assert only(repo)["forbid"] == "get(a, 'one')"


def test_code_that_was_only_inserted_must_stay(repo: Repo) -> None:
    before = "class A:\n    def f(self, h):\n        return send(h)\n"
    after = "class A:\n    def f(self, h):\n        h.pop('Cookie', None)\n        return send(h)\n"
    learn(repo, fixed(repo, before, after))
    rule = only(repo)
    assert rule["require"] == "$H.pop('Cookie', None)"
    assert (rule["paths"], rule["class"], rule["function"]) == (["/a.py"], "A", "f")
    assert "forbid" not in rule
    repo.git("add", "-A")
    repo.git("commit", "-qm", "the rule")
    repo.commit("lost", **{"a.py": before})
    assert "known fix is no longer in A.f" in repo.guard("check", "--all").out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "class A:\n    @classmethod\n    def f(cls, az: float):\n        return cls.T[az]\n",
            "class A:\n    def f(self, az: float):\n        return self.T[az]\n",
            id="a parameter that the body reads",
        ),
        pytest.param(
            "from pool import get\n\ndef f(a):\n    return get(a)\n",
            "from pool import get as fetch\n\ndef f(a):\n    return fetch(a)\n",
            id="an import that functions use",
        ),
        pytest.param(
            "def f(a):\n    rows = load(a, 'rows')\n    a.b()\n    return rows\n",
            "def f(a):\n    data = load(a, 'data')\n    a.b()\n    return data\n",
            id="a variable",
        ),
    ],
)
def test_a_repair_that_takes_away_a_name_is_left_out(repo: Repo, before: str, after: str) -> None:
    learn(repo, fixed(repo, before, after))
    assert rules(repo)
    assert not [rule for rule in rules(repo).values() if "replace" in rule]


@pytest.mark.parametrize(
    ("before", "after", "require", "lost"),
    [
        pytest.param(
            "def f(a, b):\n    return {'mac': a}\n",
            "def f(a, b):\n    return {'ipv6': b or '', 'mac': a}\n",
            "'ipv6': $B or ''",
            "def f(a, b):\n    return {'mac': a, 'port': b}\n",
            id="an entry of a dict",
        ),
        pytest.param(
            "APPS = ['auth', 'admin']\n",
            "APPS = ['auth', 'cors', 'admin']\n",
            "APPS = [..., 'cors', ...]",
            "APPS = ['auth', 'admin', 'news']\n",
            id="an element of a list with a name",
        ),
        pytest.param(
            "def f(a):\n    return a in ['one', 'two']\n",
            "def f(a):\n    return a in ['one', 'two', 'three']\n",
            "[..., 'three', ...]",
            "def f(a):\n    return a in ['one', 'two', 'four']\n",
            id="an element of a list",
        ),
    ],
)
def test_what_was_added_must_stay_whatever_stands_beside_it(
    repo: Repo, before: str, after: str, require: str, lost: str
) -> None:
    learn(repo, fixed(repo, before, after))
    assert only(repo)["require"] == require
    assert repo.guard("fixes", "test").status == 0
    repo.commit("rule", **{"a.py": after.replace("]", ", more]").replace("}", ", 'more': 1}")})
    assert repo.guard("check", "--all").status == 0, "more may stand beside it"
    repo.commit("lost", **{"a.py": lost})
    assert repo.guard("check", "--all").status == 1


def test_imports_become_qualified_names(repo: Repo) -> None:
    before = "from os import path as p\n\ndef f(a):\n    return p.join(a, 'xyz')\n"
    learn(repo, fixed(repo, before, before.replace("p.join(a, 'xyz')", "p.join('/', a, 'xyz')")))
    rule = only(repo)
    assert rule["forbid"] == "os.path.join($A, 'xyz')"
    assert rule["replace"] == "p.join('/', $A, 'xyz')"


def test_a_repair_that_needs_what_the_fix_brings_elsewhere_is_left_out(repo: Repo) -> None:
    before = "def f(a):\n    return send(a, 'xyz')\n"
    after = "from safe import quote\n\ndef f(a):\n    return send(quote(a), 'xyz')\n"
    ran = learn(repo, fixed(repo, before, after))
    rule = only(repo)
    assert "replace" not in rule, "the import might be lost as well"
    assert "it has no repair" in ran.out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = 1\n", "x = 2\n", id="a bare constant under a bare name"),
        pytest.param("def f(a, b):\n    return a\n", "def f(a, b):\n    return b\n", id="a name"),
    ],
)
def test_it_says_plainly_that_no_safe_rule_exists(repo: Repo, before: str, after: str) -> None:
    ran = learn(repo, fixed(repo, before, after), status=1)
    assert "no safe rule" in ran.out
    assert rules(repo) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = f(1)\n", "x = f( 1 )  # one\n", id="layout and comments"),
        pytest.param("'''doc'''\nx = f(1)\n", "'''Doc.'''\nx = f(1)\n", id="a docstring"),
        pytest.param("x = f(1)\n", "import os\nx = f(1)\n", id="an import that came"),
        pytest.param(
            "from a import b, c\nx = b(1)\n", "from a import b\nx = b(1)\n", id="a name that went"
        ),
        pytest.param("__version__ = '1.0.1'\n", "__version__ = '1.0.2'\n", id="a release"),
    ],
)
def test_what_mends_no_code_teaches_nothing(repo: Repo, before: str, after: str) -> None:
    ran = learn(repo, fixed(repo, before, after), status=1)
    assert "nothing to learn" in ran.out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, "before\n", id="nothing"),
        pytest.param({"a.txt": "two\n"}, "before: a.txt is a document\n", id="a document"),
        pytest.param({"n.py": "f(1)\n"}, "before: n.py is new\n", id="a new file"),
        pytest.param({"x.lock": "1\n"}, "before: x.lock is written by a program\n", id="a lock"),
    ],
)
def test_a_commit_that_teaches_nothing_says_why(
    repo: Repo, changes: dict[str, str], said: str
) -> None:
    repo.commit("start", **{"a.txt": "one\n", "x.lock": "0\n"})
    repo.commit("fix", **changes)
    ran = learn(repo, "HEAD", status=2)
    assert f"HEAD changes no code or settings that stood there {said}" in ran.err
    assert "guard fixes new" in ran.err


def test_what_cannot_be_learned_from_is_an_error_that_says_why(repo: Repo) -> None:
    repo.commit("start", **{"a.txt": "one\n"})
    assert "has no parent: no code stood there before" in learn(repo, "HEAD", status=2).err
    assert "not a commit" in learn(repo, "nowhere", status=2).err
    assert "--staged" in learn(repo, status=2).err
    assert "--staged" in learn(repo, "--staged", "HEAD", status=2).err
    assert "'a/b' is no name for a fix" in learn(repo, "HEAD", "--id", "a/b", status=2).err


def test_a_message_that_is_not_utf8(repo: Repo) -> None:
    repo.git("config", "i18n.commitEncoding", "ISO-8859-1")
    repo.commit("start", **{"a.py": "y = g('abc', 1)\n"})
    message = repo.write(".git/message", b"Fix: l\xe4rm f\xfcr \x9b31m alle")
    repo.write("a.py", "y = g('abc', 2)\n")
    repo.git("commit", "-qa", "-F", str(message))
    learn(repo, "HEAD", "--id", "noise")
    assert rules(repo)["noise"]["why"] == "Fix: l\u00e4rm f\u00fcr \x9b31m alle"
    told = learn(repo, "HEAD", "--id", "again", "--dry-run").out
    told += repo.guard("fixes", "trace", "noise").out + repo.guard("fixes", "list").out
    assert "\x9b" not in told, "a control character is no text"


def test_a_file_name_that_is_not_utf8(repo: Repo) -> None:
    before = "def f(a):\n    return send(a)\n"
    repo.commit("start", **{"caf\udce9.py": before})
    repo.commit("fix", **{"caf\udce9.py": "def f(a):\n    a.pop('x', 1)\n    return send(a)\n"})
    learn(repo, "HEAD")
    assert only(repo)["paths"] == ["/caf?.py"]


def test_a_merge_is_named_as_one(incident: Repo) -> None:
    incident.git("checkout", "-q", "-b", "main2", "HEAD~1")
    incident.commit("work", **{"b.py": "x = 1\n"})
    incident.git("merge", "-q", "--no-ff", "-m", "merge main", "main")
    assert "is a merge: all that it brought is taken for one fix" in learn(incident, "HEAD").out


def test_the_same_commit_twice_is_one(incident: Repo) -> None:
    learn(incident, "HEAD", "main")
    assert only(incident)["forbid"].startswith("'ipv6': ")


def test_a_fix_that_head_does_not_hold(incident: Repo) -> None:
    incident.git("checkout", "-q", "-b", "lab", "HEAD~1")
    assert "HEAD does not hold that commit" in learn(incident, "main").out


def test_a_long_history_is_looked_at_for_a_while(incident: Repo) -> None:
    learn(incident, "HEAD", "--id", "ipv6")
    fix = incident.git("rev-parse", "HEAD").strip()
    for number in range(3):
        incident.commit("work", **{PATH: MENDED + f"# {number}\n"})
    incident.commit("Tidy up", **{PATH: CLIENT})
    repository = Repository.find(str(incident.root))
    assert repository.head
    rule = parse("ipv6.toml", (incident.root / ".guard/fixes/ipv6.toml").read_bytes())
    [short] = later(repository, [rule], fix, repository.head, seconds=-1)
    assert (short.looked, short.commits) == (1, 5)
    assert short.state is State.LOST, "what HEAD says is known all the same"
    [whole] = later(repository, [rule], fix, repository.head)
    assert (whole.looked, whole.commits) == (5, 5)
    assert [event.kind for event in whole.events] == [Kind.BROUGHT, Kind.TAKEN]


def test_a_file_that_cannot_be_parsed_is_named(repo: Repo) -> None:
    repo.commit("start", **{"a.py": "print 'x'\n", "b.py": "y = g('abc', 1)\n"})
    repo.commit("fix", **{"a.py": "print('x')\n", "b.py": "y = g('abc', 2)\n"})
    ran = learn(repo, "HEAD")
    assert "a.py: passed over: line 1" in ran.out
    assert only(repo)["forbid"] == "g('abc', 1)"


def test_tests_of_the_fix_teach_nothing(repo: Repo) -> None:
    start = {"a.py": "y = g('abc', 1)\n", "tests/test_a.py": "assert g('abc', 1)\n"}
    repo.commit("start", **start)
    repo.commit("fix", **{path: text.replace("1", "2") for path, text in start.items()})
    learn(repo, "HEAD")
    assert only(repo)["forbid"] == "g('abc', 1)"


def test_the_fix_just_made(repo: Repo) -> None:
    repo.commit("start", **{PATH: CLIENT})
    repo.write(PATH, MENDED)
    repo.git("add", PATH)
    repo.write(PATH, "not even python (\n")
    learn(repo, "--staged", "--why", "the API wants ipv6 even when it is empty")
    rule = only(repo)
    assert rule["why"] == "the API wants ipv6 even when it is empty"
    assert rule["forbid"].startswith("'ipv6': ")
    assert "commit" not in rule
    assert list(rules(repo)) == ["the-api-wants-ipv6-even-when-it-is-empty"]


def test_the_fix_just_made_beside_the_same_mistake_elsewhere(repo: Repo) -> None:
    repo.commit("start", **{PATH: CLIENT, "b.py": "f(ipv6=x if x is not None else None)\n"})
    repo.write(PATH, MENDED)
    repo.git("add", PATH)
    learn(repo, "--staged", "--id", "ipv6")
    assert rules(repo)["ipv6"]["paths"] == [PATH]


def test_a_later_loss_is_shown_and_a_deliberate_revert_is_named(incident: Repo) -> None:
    fix = incident.git("rev-parse", "HEAD").strip()
    incident.commit("Tidy up", **{PATH: CLIENT})
    incident.commit("Again", **{PATH: MENDED})
    incident.git("revert", "--no-edit", "HEAD")
    ran = learn(incident, fix)
    assert "taken away" in ran.out
    assert "Tidy up" in ran.out
    assert "a deliberate revert" in ran.out
    assert "HEAD does not have the fix" in ran.out
    assert f"guard fixes retire {ID}" in ran.out
    assert incident.guard("fixes", "retire", ID).status == 0
    assert rules(incident) == {}


def test_a_fix_that_was_never_lost_says_so(incident: Repo) -> None:
    incident.commit("work", **{"b.py": "x = 1\n"})
    assert "never lost since" in learn(incident, "HEAD~1").out


def test_retiring_a_rule_in_git_stages_that(incident: Repo) -> None:
    learn(incident, "HEAD")
    incident.commit("the rule")
    ran = incident.guard("fixes", "retire", f"fix/{ID}")
    assert ran.status == 0
    assert incident.git("status", "--porcelain").startswith("D  .guard/fixes/")


def test_several_commits_give_what_they_have_in_common(repo: Repo) -> None:
    start = "def f(s, url):\n    return s.get(url, verify=False)\n"
    other = "def g(c):\n    return c.session.get('https://x', verify=False)\n"
    repo.commit("start", **{"a.py": start, "b.py": other})
    one = repo.commit("verify a", **{"a.py": start.replace("False", "True")})
    two = repo.commit("verify b", **{"b.py": other.replace("False", "True")})
    learn(repo, one, two)
    rule = only(repo)
    assert rule["forbid"] == "$V1.get($V2, verify=False)"
    assert rule["replace"] == "$V1.get($V2, verify=True)"
    repo.commit("third", **{"c.py": "self.http.get(a + b, verify=False)\n"})
    assert "a known mistake is back" in repo.guard("check", "--all").out


@pytest.mark.parametrize(
    ("answers", "said", "status", "kind"),
    [
        pytest.param("2\n", "where       $TFTP_IPV6 is a name", 0, "name", id="the second"),
        pytest.param("\n", "place 1 of 1: backend", 0, None, id="nothing is the first"),
        pytest.param("9\nx\n 1 \n", "'x' is none of: 1 to", 0, None, id="asked again"),
        pytest.param("S\n", "0 rules, nothing written", 1, None, id="skipped"),
    ],
)
def test_interactive(
    incident: Repo, answers: str, said: str, status: int, kind: str | None
) -> None:
    ran = learn(incident, "--interactive", "HEAD", stdin=answers, status=status)
    assert said in ran.out
    assert 'tftp_ipv6 if tftp_ipv6 else ""' in ran.out, "the fix is shown"
    where = [rule.get("where") for rule in rules(incident).values()]
    assert where == ([] if status else [kind and {"TFTP_IPV6": {"kind": kind}}])
    assert incident.guard("fixes", "test").status == 0


def test_a_skipped_place_takes_no_name(repo: Repo) -> None:
    before = "def f(a):\n    return one(a, 'abc')\n\n\ndef g(a):\n    return two(a, 'xyz')\n"
    fixed(repo, before, before.replace("a, 'abc'", "'abc'").replace("a, 'xyz'", "'xyz', a, 1"))
    learn(repo, "-i", "HEAD", stdin="s\n\n")
    assert [rule["forbid"] for rule in rules(repo).values()] == ["two($A, 'xyz')"]
    assert [*rules(repo)] == ["it"]


def test_interactive_without_answers_writes_nothing_and_says_so(repo: Repo) -> None:
    before = "x = get('one', 1)\ny = 0\nz = get('two', 1)\n"
    learn_from = fixed(repo, before, before.replace("1)", "2)").replace("two", "three"))
    ran = learn(repo, "-i", learn_from, stdin="1\n", status=2)
    assert "no answer for place 2 of 2, so nothing was written" in ran.err
    assert rules(repo) == {}


def test_a_rule_that_git_ignores_says_so(incident: Repo) -> None:
    incident.write(".gitignore", ".*\n")
    ran = learn(incident, "HEAD")
    assert "then: git add -f .guard/fixes\nnote: git ignores .guard/fixes/" in ran.out
    assert "git add -f .guard/fixes/two.toml" in incident.guard("fixes", "new", "two").out


def test_a_dry_run_writes_nothing(incident: Repo) -> None:
    ran = learn(incident, "--dry-run", "HEAD")
    assert "forbid = " in ran.out
    assert rules(incident) == {}


def test_a_second_lesson_overwrites_nothing(incident: Repo) -> None:
    learn(incident, "HEAD")
    file = incident.root / f".guard/fixes/{ID}.toml"
    file.write_text(file.read_text() + 'severity = "warning"\n')
    before = rules(incident)[ID]
    learn(incident, "HEAD")
    assert {*rules(incident)} == {ID, f"{ID}-2"}
    assert rules(incident)[ID] == before
    assert "already" in learn(incident, "--id", ID, "HEAD", status=2).err


def test_the_folder_of_the_configuration_is_used(incident: Repo) -> None:
    incident.write("guard.toml", '[fixes]\nfolder = "fixes/known"\n')
    learn(incident, "HEAD")
    assert (incident.root / f"fixes/known/{ID}.toml").is_file()


def test_a_rewrite_is_not_taken_for_a_fix(repo: Repo) -> None:
    before = "".join(f"def f{n}(x):\n    return g{n}(x, 'abc')\n" for n in range(150))
    ran = learn(repo, fixed(repo, before, before.replace("abc", "xyz")), status=2)
    assert "150 places were changed" in ran.err


@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        pytest.param("x = get('caf\u00e9', 1)\n", "utf-8", id="beyond ASCII"),
        pytest.param("# coding: latin-1\nx = get('caf\u00e9', 1)\n", "latin-1", id="latin-1"),
        pytest.param("def f():\r\n    return get('abc', 1)\r\n", "utf-8", id="CRLF"),
        pytest.param("def f():\n\treturn get('abc', 1)\n", "utf-8", id="tabs"),
        pytest.param("\ufeffx = get('abc', 1)\n", "utf-8", id="a byte-order mark"),
        pytest.param("async def f():\n    await get('abc', 1)\n", "utf-8", id="async"),
        pytest.param("match x:\n    case {'k': 1}:\n        get('abc', 1)\n", "utf-8", id="match"),
        pytest.param("f = lambda v: get(v, 'abc', 1)\n", "utf-8", id="lambda"),
        pytest.param("y = [get(v, 'abc', 1) for v in vs]\n", "utf-8", id="comprehension"),
        pytest.param("y = f'{get(\"abc\", 1)}'\n", "utf-8", id="f-string"),
    ],
)
def test_files_of_every_kind(repo: Repo, before: str, encoding: str) -> None:
    for message, text in (("start", before), ("Fix it", before.replace(", 1)", ", 2)"))):
        repo.write("a.py", text.encode(encoding))
        repo.commit(message)
    learn(repo, "HEAD")
    assert only(repo)["forbid"].startswith("get(")
    assert repo.guard("fixes", "test").status == 0


def test_what_is_recorded_is_not_recorded_again(incident: Repo) -> None:
    learn(incident, "HEAD")
    ran = incident.guard("fixes", "learn", "HEAD")
    assert ran.status == 0
    assert f"recorded already: .guard/fixes/{ID}.toml" in ran.out
    assert list(rules(incident)) == [ID]


def test_a_rule_that_is_being_written_keeps_no_other_from_being_used(incident: Repo) -> None:
    learn(incident, "HEAD")
    assert incident.guard("fixes", "new", "begun").status == 0
    assert incident.guard("fixes", "test", ID).status == 0
    assert incident.guard("fixes", "show", ID).status == 0
    assert incident.guard("fixes", "test").status == 2, "all means all"
    assert incident.guard("fixes", "retire", "begun").status == 0
    assert list(rules(incident)) == [ID]


def test_a_draft_is_filled_in_by_taking_the_comment_signs_away(repo: Repo) -> None:
    assert repo.guard("fixes", "new", "begun").status == 0
    draft = (repo.root / ".guard/fixes/begun.toml").read_text()
    table = tomllib.loads(uncommented(draft))
    assert {"why", "paths", "forbid", "replace", "require", "bad", "good"} <= {*table}


def uncommented(draft: str) -> str:
    return "".join(line.removeprefix("# ") for line in draft.splitlines(keepends=True))
