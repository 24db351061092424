"""The fixes check at the hook and in CI: what comes back, what gets lost, what has only moved."""

from __future__ import annotations

import json
from typing import Any

import pytest

RULE = ".guard/fixes/tftp-ipv6.toml"
CLIENT = "backend/app/core/pypnm_client.py"
GOOD = 'def body(a, b):\n    return {"tftp": {"ipv4": a, "ipv6": b if b else ""}}\n'
BAD = GOOD.replace('if b else ""', "if b is not None else None")
FORBID = """\
why = "The API wants tftp.ipv6 even when it is empty"
forbid = '"ipv6": $X if $X is not None else None'
replace = '"ipv6": $X if $X else ""'
bad = '"ipv6": a if a is not None else None'
good = '"ipv6": a if a else ""'
"""
REQUIRE = f"""\
why = "The API wants tftp.ipv6 even when it is empty"
paths = ["{CLIENT}"]
function = "body"
require = '"ipv6": $X if $X else ""'
bad = 'd = {{"ipv4": a}}'
good = 'd = {{"ipv6": a if a else ""}}'
"""


def found(ran: Any) -> list[tuple[str, str, str, int]]:
    """(rule, severity, path, line) of each finding of a run that printed JSON."""
    return [
        (f["rule"], f["severity"], f["path"], f["start"]["line"])
        for f in json.loads(ran.out or ran.err)["findings"]
        if not f["ignored"]
    ]


def staged(repo: Any) -> list[tuple[str, str, str, int]]:
    repo.git("add", "-A")
    return found(repo.guard("check", "--staged", "--select", "fixes", "--format", "json"))


def test_what_comes_back_is_refused_when_it_is_staged(repo: Any) -> None:
    repo.commit(**{RULE: FORBID, CLIENT: GOOD})
    repo.write(CLIENT, BAD)
    ran = repo.guard("check", "--staged")
    assert ran.status == 0, "it is not staged yet"
    repo.git("add", "-A")
    repo.write(CLIENT, GOOD)
    ran = repo.guard("check", "--staged")
    assert ran.status == 1
    assert "The API wants tftp.ipv6" in ran.all
    assert "fix/tftp-ipv6" in ran.all


@pytest.mark.parametrize(
    "args", [("--all",), ("--rev", "HEAD"), ("--since", "HEAD~1")], ids=" ".join
)
def test_what_comes_back_is_refused_in_ci(repo: Any, args: tuple[str, ...]) -> None:
    repo.commit(**{RULE: FORBID, CLIENT: GOOD})
    repo.commit(**{CLIENT: BAD})
    ran = repo.guard("check", *args, "--format", "json")
    assert found(ran) == [("fix/tftp-ipv6", "error", CLIENT, 2)]
    assert ran.status == 1


def test_fix_mends_on_disk_and_then_there_is_nothing_left(repo: Any) -> None:
    repo.commit(**{RULE: FORBID, CLIENT: BAD, "b.py": BAD.replace("body", "other")})
    assert repo.guard("check", "--fix").status == 0
    assert (repo.root / CLIENT).read_text() == GOOD
    assert repo.guard("check", "--fix").status == 0
    assert (repo.root / CLIENT).read_text() == GOOD


def test_several_fixes_in_one_file_are_mended_together(repo: Any) -> None:
    other = "why='w'\nforbid='yaml.load($X)'\nreplace='yaml.safe_load($X)'\n"
    other += "bad='yaml.load(a)'\ngood='yaml.safe_load(a)'\n"
    code = BAD + 'x = yaml.load(f)\ny = {"ipv6": c if c is not None else None}\n'
    repo.commit(**{RULE: FORBID, ".guard/fixes/yaml.toml": other, CLIENT: code})
    assert repo.guard("check", "--fix").status == 0
    expected = GOOD + 'x = yaml.safe_load(f)\ny = {"ipv6": c if c else ""}\n'
    assert (repo.root / CLIENT).read_text() == expected


def test_a_rule_is_read_from_the_index(repo: Any) -> None:
    repo.commit(**{CLIENT: GOOD})
    repo.write(CLIENT, BAD)
    repo.git("add", "-A")
    repo.write(RULE, FORBID)
    assert repo.guard("check", "--staged").status == 0
    repo.git("add", "-A")
    assert repo.guard("check", "--staged").status == 1


def test_a_rule_that_is_not_proven_decides_nothing(repo: Any) -> None:
    repo.commit(**{RULE: FORBID.replace("bad =", "# bad ="), CLIENT: GOOD})
    ran = repo.guard("check")
    assert ran.status == 2
    assert RULE in ran.err
    assert "bad is missing" in ran.err


def test_another_folder_of_rules(repo: Any) -> None:
    repo.commit(
        **{"rules/a.toml": FORBID, "guard.toml": '[fixes]\nfolder = "rules"\n', CLIENT: BAD}
    )
    assert repo.guard("check").status == 1
    assert "a: proven" in repo.guard("fixes", "test").out


def test_an_excuse_with_a_reason(repo: Any) -> None:
    excused = BAD.replace(
        "\n    return", "\n    # guard: ignore[fix/tftp-ipv6] the old API\n    return"
    )
    repo.commit(**{RULE: FORBID, CLIENT: excused})
    assert repo.guard("check").status == 0


def test_a_rule_of_severity_warning_does_not_fail(repo: Any) -> None:
    repo.commit(**{RULE: FORBID + 'severity = "warning"\n', CLIENT: BAD})
    ran = repo.guard("check", "--format", "json")
    assert found(ran) == [("fix/tftp-ipv6", "warning", CLIENT, 2)]
    assert ran.status == 0


def test_an_expired_rule_says_so_and_refuses_nothing(repo: Any) -> None:
    repo.commit(**{RULE: FORBID + "expires = 2020-01-01\n", CLIENT: BAD})
    assert found(repo.guard("check", "--format", "json")) == [("fix/tftp-ipv6", "warning", RULE, 1)]
    repo.commit(**{RULE: FORBID + "expires = 2999-01-01\n"})
    assert repo.guard("check").status == 1


# What must stay.


def test_a_staged_edit_that_takes_the_fix_away(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD})
    repo.write(CLIENT, BAD)
    assert staged(repo) == [("fix/tftp-ipv6", "error", CLIENT, 1)]


def test_a_staged_edit_that_keeps_it(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD})
    repo.write(CLIENT, "import os\n" + GOOD.replace(" b if b", " (c) if c"))
    assert staged(repo) == []


def test_the_same_code_in_another_function_does_not_count(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD + GOOD.replace("body", "other")})
    repo.write(CLIENT, BAD + GOOD.replace("body", "other"))
    assert staged(repo) == [("fix/tftp-ipv6", "error", CLIENT, 1)]


def test_a_deleted_function(repo: Any) -> None:
    other = GOOD.replace("body", "other")
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD + other})
    repo.write(CLIENT, other)
    assert staged(repo) == [("fix/tftp-ipv6", "error", CLIENT, 1)]


def test_a_renamed_function_is_followed(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD})
    repo.write(CLIENT, GOOD.replace("body", "payload"))
    assert staged(repo) == [("fix/tftp-ipv6", "warning", CLIENT, 1)]
    repo.commit()
    assert repo.guard("check", "--fix").status == 0
    assert 'function = "payload"' in (repo.root / RULE).read_text()
    assert found(repo.guard("check", "--format", "json")) == []


def test_what_brings_it_back_is_a_commit_that_has_it(repo: Any) -> None:
    had = repo.commit(**{RULE: REQUIRE, CLIENT: GOOD})
    repo.commit(**{CLIENT: BAD})
    ran = repo.guard("check", "--rev", "HEAD")
    assert f"git checkout {had[:10]} -- {CLIENT}" in ran.all
    repo.commit(**{CLIENT: BAD + "# more\n"})
    ran = repo.guard("check", "--rev", "HEAD")
    assert ran.status == 1
    assert "git checkout" not in ran.all, "the commit before has it neither"


def test_a_deleted_file_is_asked_about(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD})
    repo.git("rm", "-q", CLIENT)
    ran = repo.guard("check", "--staged")
    assert ran.status == 1
    head = repo.git("rev-parse", "HEAD")
    assert f"git checkout {head[:10]} -- {CLIENT}" in ran.all
    assert f"git rm {RULE}" in ran.all
    repo.git("rm", "-q", RULE)
    assert repo.guard("check", "--staged").status == 0, "the rule is retired with it"


def test_a_renamed_file_is_followed(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: GOOD})
    repo.git("mv", CLIENT, "backend/client.py")
    assert staged(repo) == [("fix/tftp-ipv6", "warning", "backend/client.py", 1)]
    repo.commit()
    assert found(repo.guard("check", "--format", "json")) == [
        ("fix/tftp-ipv6", "warning", "backend/client.py", 1)
    ], "and later, when git does not call it a rename any more"
    assert repo.guard("check", "--fix").status == 0
    assert found(repo.guard("check", "--format", "json")) == []


def test_a_change_elsewhere_is_not_asked_about_it(repo: Any) -> None:
    repo.commit(**{RULE: REQUIRE, CLIENT: BAD, "a.py": "x = 1\n"})
    repo.write("a.py", "x = 2\n")
    assert staged(repo) == []
    assert found(repo.guard("check", "--format", "json")) == [("fix/tftp-ipv6", "error", CLIENT, 1)]


def test_required_somewhere_among_many_files(repo: Any) -> None:
    rule = REQUIRE.replace(CLIENT, "backend/**").replace('function = "body"\n', "")
    repo.commit(**{RULE: rule, CLIENT: GOOD, "backend/b.py": "x = 1\n"})
    assert found(repo.guard("check", "--format", "json")) == []
    repo.write("backend/b.py", GOOD)
    repo.write(CLIENT, BAD)
    assert staged(repo) == [], "it has moved to another of the files"
    repo.commit()
    repo.write("backend/b.py", BAD)
    assert staged(repo) == [("fix/tftp-ipv6", "error", "backend/b.py", 1)]
    repo.git("rm", "-qf", "backend/b.py")
    assert staged(repo) == [("fix/tftp-ipv6", "error", "backend/b.py", 1)]


# What cannot be judged.


def test_many_files_with_the_mistake_are_each_told(repo: Any) -> None:
    """So many that they are judged in processes of their own: nothing is lost, all in order."""
    files = {
        f"m{n:03}.py": f"d = {{'ipv6': a{n} if a{n} is not None else None}}\n" for n in range(130)
    }
    repo.commit(**{RULE: FORBID, **files})
    ran = repo.guard("check", "--rev", "HEAD", "--select", "fixes", "--format", "json")
    assert [(path, line) for _, _, path, line in found(ran)] == [(path, 1) for path in files]


def test_words_and_strings_are_looked_for_in_one_run(repo: Any) -> None:
    """Many files, so that git finds the candidates: by words, by strings in pieces, by neither."""
    rules = {
        "word": ("logging.warn(...)", "import logging\nlogging.warn(a)"),
        "said": ("{..., 'address': None}", "{'address': None}"),
        "none": ("$X == $X", "a == a"),
    }
    text = "why = 'w'\nforbid = '''{}'''\nbad = '''{}'''\ngood = 'pass'\n"
    rules = {f".guard/fixes/{name}.toml": text.format(*both) for name, both in rules.items()}
    bad = {
        "a/chain.py": "import logging\nlogging.warn(1)\n",
        "a/alias.py": "import logging as log\nlog.warn(1)\n",
        "a/taken.py": "from logging import (\n    warn as w,\n)\nw(1)\n",
        "a/lines.py": "import logging\nx = (logging  # why\n  .warn(1))\n",
        "a/inner.py": "def f():\n    from logging import warn\n    warn(1)\n",
        "a/new\nline.py": "import logging\nlogging.warn(1)\n",
        "b/pieces.py": "x = {'addr' 'ess': None}\n",
        "b/plain.py": "x = {'address': None}\n",
        "c/none.py": "y == y\n",
    }
    good = {
        "a/other.py": "import logging, warnings\nwarnings.warn(1)\nlogging.warning(1)\n",
        "a/shadow.py": "from logging import warn\ndef f(warn):\n    warn(1)\n",
        "b/other.py": "x = {'addresses': None}\n",
    }
    many = {f"m{n}.py": "pass\n" for n in range(80)}
    repo.commit(**{**rules, **bad, **good, **many})
    for _ in range(2):
        ran = repo.guard("check", "--rev", "HEAD", "--select", "fixes", "--format", "json")
        assert [path for _, _, path, _ in found(ran)] == sorted(bad)
    assert [
        path for _, _, path, _ in found(repo.guard("check", "--all", "--format", "json"))
    ] == sorted(bad)
