"""The search among all files: no file that has a match is left out, in whatever way it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guard import sources
from guard.commands.fixes import searching
from guard.fixes.judge import held
from guard.fixes.rule import Rule
from guard.fixes.rulefile import parse
from guard.git import Repository
from guard.snapshot import Snapshot


def rule(name: str, language: str, forbid: str) -> Rule:
    text = f"why = 'w'\nlanguage = '{language}'\nforbid = '''{forbid}'''\n"
    return parse(f"{name}.toml", text.encode())


RULES = {
    "load": rule("load", "python", "yaml.load($X)"),
    "now": rule("now", "python", "datetime.datetime.utcnow()"),
    "member": rule("member", "python", "$X.load.twice()"),
    "key": rule("key", "python", '{"ipv6": None}'),
    "long": rule("long", "python", "f('authorization-server')"),
    "words": rule("words", "python", "f('no such thing')"),
    "sign": rule("sign", "python", "$X == '--'"),
    "word": rule("word", "python", "frobnicate()"),
    "option": rule("option", "python", "$F(verify=False)"),
    "script": rule("script", "javascript", "$X.innerHTML = $Y"),
}

HELD = {
    "taken": ("load", "x = yaml.load(f)\n"),
    "taken with space around the dot": ("load", "x = yaml . load(f)\n"),
    "taken on the next line": ("load", "x = (yaml\n  .load(f))\n"),
    "taken behind a comment": ("load", "x = (yaml  # why\n  .load(f))\n"),
    "taken behind a backslash": ("load", "x = yaml \\\n  .load(f)\n"),
    "the dot ends the line": ("load", "x = yaml.\\\n  load(f)\n"),
    "the dot ends the line in carriage returns": ("load", "x = (yaml.\r\n  load(f))\r\n"),
    "in brackets of its own": ("load", "x = (yaml).load(f)\n"),
    "imported from there": ("load", "from yaml import load\nload(f)\n"),
    "imported among others": ("load", "from yaml import dump, load as l\nl(f)\n"),
    "imported in brackets": ("load", "from yaml import (\n    dump,\n    load,\n)\nload(f)\n"),
    "imported behind a comment": ("load", "from yaml import (  # why\n    load)\nload(f)\n"),
    "imported behind a backslash": ("load", "from yaml import dump, \\\n    load\nload(f)\n"),
    "import on the next line": ("load", "from yaml \\\n    import load\nload(f)\n"),
    "everything is imported": ("load", "from yaml import *\nload(f)\n"),
    "under another name": ("load", "import yaml as y\ny.load(f)\n"),
    "under another name, behind a backslash": ("load", "import yaml \\\n    as y\ny.load(f)\n"),
    "imported inside a function": ("load", "def g():\n    from yaml import load\n    load(f)\n"),
    "two names from each other": ("now", "import datetime\ndatetime.datetime.utcnow()\n"),
    "the class is imported": ("now", "from datetime import datetime\ndatetime.utcnow()\n"),
    "the class under another name": ("now", "from datetime import datetime as d\nd.utcnow()\n"),
    "the class in brackets": ("now", "from datetime import (\n  datetime)\ndatetime.utcnow()\n"),
    "taken from what is taken": ("member", "yaml.load.twice()\n"),
    "a key": ("key", '{"ipv6": None}\n'),
    "a key in single quotes": ("key", "{'ipv6': None}\n"),
    "a keyword": ("key", "dict(ipv6=None)\n"),
    "a key in two pieces": ("key", "{'ip' 'v6': None}\n"),
    "a key in two pieces of two quotes": ("key", "{'ip' \"v6\": None}\n"),
    "a first piece of one letter": ("key", "{'i' 'pv6': None}\n"),
    "a second piece with a prefix": ("key", "{'ip' r'v6': None}\n"),
    "a second piece on the next line": ("key", "{('ip'\n  'v6'): None}\n"),
    "a second piece behind a comment": ("key", "{('ip'  # why\n  'v6'): None}\n"),
    "an empty first piece": ("key", "{'' 'ipv6': None}\n"),
    "a first letter as a hexadecimal escape": ("key", "{'\\x69pv6': None}\n"),
    "a first letter as an octal escape": ("key", "{'\\151pv6': None}\n"),
    "a first letter by number": ("key", "{'\\u0069pv6': None}\n"),
    "a first letter by a long number": ("key", "{'\\U00000069pv6': None}\n"),
    "a first letter by name": ("key", "{'\\N{latin small letter i}pv6': None}\n"),
    "an escape inside": ("key", "{'ip\\x766': None}\n"),
    "a line end that is none": ("key", "{'ip\\\nv6': None}\n"),
    "three quotes": ("key", "{'''ipv6''': None}\n"),
    "pieces in three quotes": ("key", "{'''ip''' '''v6''': None}\n"),
    "a long text": ("long", "f('authorization-server')\n"),
    "a long text in pieces": ("long", "f('authorization' '-server')\n"),
    "a long text in early pieces": ("long", "f('author' 'ization-server')\n"),
    "several words": ("words", "f('no such thing')\n"),
    "several words in pieces": ("words", "f('no ' 'such thing')\n"),
    "nothing but signs": ("sign", "x == '--'\n"),
    "signs in pieces": ("sign", "x == '-' '-'\n"),
    "a word": ("word", "frobnicate()\n"),
    "a word at the very end": ("word", "x=frobnicate"),
    "an option": ("option", "f(verify=False)\n"),
    "a member": ("script", "a.innerHTML = b;\n"),
    "a member in brackets": ("script", "a['innerHTML'] = b;\n"),
    "a member in brackets by number": ("script", "a['\\u{69}nnerHTML'] = b;\n"),
}
NOT_HELD = {
    "another name is taken": ("load", "yaml.loads(f)\n"),
    "only imported": ("load", "import yaml\nload = 1\n"),
    "others are imported": ("load", "from yaml import dump\nload = 1\n"),
    "part of another word": ("word", "frobnicates()\nmy_frobnicate()\n"),
    "part of another key": ("key", "{'ipv6_address': 1, 'no_ipv6': 2}\n"),
    "a short string of its own": ("key", "{'ip': 1}\n"),
    "another letter by name": ("key", "x = '\\N{GREEK SMALL LETTER IOTA}'\n"),
}


def path(name: str, number: int) -> str:
    return f"f{number}.js" if name == "script" else f"f{number}.py"


CASES = [*HELD.values(), *NOT_HELD.values()]
FILES = {path(name, number): text for number, (name, text) in enumerate(CASES)}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """By how it is asked, the rules that each file may break."""
    from tests.conftest import made

    repo = made(tmp_path_factory.mktemp("sought") / "repo")
    repo.commit(**FILES)
    repository = Repository.find(str(repo.root))
    assert repository.head
    every = {
        "memory": Snapshot.of(FILES),
        "a folder": sources.folder(str(repo.root), [*FILES]),
        "a commit": sources.committed(repository, repository.head),
        "the index": sources.staged(repository),
        "the work tree": sources.tracked(repository),
    }
    return {how: held(snapshot, list(RULES.values())) for how, snapshot in every.items()}


WAYS = ["memory", "a folder", "a commit", "the index", "the work tree"]


@pytest.mark.parametrize("how", WAYS)
def test_no_file_that_has_it_is_left_out(found: dict[str, Any], how: str) -> None:
    missed = [
        about
        for number, (about, (name, _)) in enumerate(HELD.items())
        if f"{name}.toml" not in found[how].get(path(name, number), ())
    ]
    assert missed == []


@pytest.mark.parametrize("how", ["a commit", "the work tree"])
def test_files_are_left_out_that_surely_have_nothing(found: dict[str, Any], how: str) -> None:
    read = [
        about
        for number, (about, (name, _)) in enumerate(NOT_HELD.items(), len(HELD))
        if f"{name}.toml" in found[how].get(path(name, number), ())
    ]
    assert read == []


@pytest.mark.parametrize(
    ("about", "case"), HELD.items(), ids=[about.replace(" ", "-") for about in HELD]
)
def test_each_of_them_is_a_match(about: str, case: tuple[str, str]) -> None:
    name, text = case
    if name in ("now", "load") and "import" not in text:
        text = "import yaml, datetime\n" + text
    pattern = RULES[name].forbid[0]
    file = RULES[name].language.read(text.encode())
    matched = bool(pattern.find(file))
    assert matched is (about not in UNMATCHED), about


UNMATCHED = {
    "a word at the very end",  # a name, not a call
    "everything is imported",  # then it is not known what the name is
}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_was_told_not_to_look_at_is_looked_at(repo: Any, flag: str) -> None:
    repo.commit(**{"a.py": "x = 1\n", "b.py": "frobnicate()\n"})
    repo.git("update-index", flag, "a.py", "b.py")
    repo.write("a.py", "frobnicate()\n")
    snapshot = sources.tracked(Repository.find(str(repo.root)))
    likely = held(snapshot, [RULES["word"]])
    assert {path for path, rules in likely.items() if rules} == {"a.py", "b.py"}


def test_a_git_without_perls_expressions_finds_the_same(
    repo: Any, monkeypatch: pytest.MonkeyPatch, found: dict[str, Any]
) -> None:
    repo.commit(**FILES)
    repository = Repository.find(str(repo.root))
    monkeypatch.setattr(Repository, "matching", lambda *_, **__: None)
    assert repository.head
    snapshot = sources.committed(repository, repository.head)
    read = held(snapshot, list(RULES.values()))
    assert {p: set(rules) for p, rules in read.items()} == {
        p: set(rules) for p, rules in found["memory"].items()
    }


def test_the_end_of_a_name_may_be_written_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "A.PY").write_text("frobnicate()\n")
    likely = held(sources.folder(str(tmp_path)), [RULES["word"]])
    assert list(likely) == ["A.PY"]


COSTS = {
    "nothing at all": ("python", "$X == $X", "no literal to look for: every such file is parsed"),
    "a common word": ("python", "len($X)", "only 'len' to look for"),
    "nothing in one of two": ("javascript", "$X == $X", "10 MB of JavaScript a second"),
    "nothing in text": ("text", r"\d+:\d+", "every such file is searched"),
    "a word": ("python", "frobnicate($X)", ""),
    "a text": ("text", "port: 5050", ""),
}


@pytest.mark.parametrize("case", COSTS.values(), ids=[name.replace(" ", "-") for name in COSTS])
def test_a_rule_that_is_searched_for_everywhere_says_what_that_costs(
    case: tuple[str, str, str],
) -> None:
    language, forbid, words = case
    text = f"why = 'w'\nlanguage = '{language}'\nforbid = '''{forbid}'''\npaths = ['*.x']\n"
    said = searching(parse("wide.toml", text.encode()))
    assert (words in said) if words else said == ""
