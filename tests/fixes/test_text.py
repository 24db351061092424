"""Fixes in other languages: regular expressions with named groups."""

from __future__ import annotations

from typing import Any

import pytest

from guard.errors import ConfigError
from guard.fixes.plain import compile as expression
from guard.fixes.plain import needs
from guard.fixes.proof import proven
from guard.fixes.rulefile import parse
from guard.fixes.seen import Need

TUNNEL = """\
why = "The lab container publishes 5051"
paths = ["*.sh"]
forbid = '-L (?P<PORT>\\d+):localhost:5050'
replace = '-L \\g<PORT>:localhost:5051'
bad = "ssh -N -L 8080:localhost:5050 lab"
good = "ssh -N -L 8080:localhost:5051 lab"
"""


def test_a_text_rule_at_the_check(repo: Any) -> None:
    repo.commit(
        **{
            ".guard/fixes/tunnel.toml": TUNNEL,
            "tunnel.sh": "#!/bin/sh\nssh -L 1:localhost:5050 lab # é\n",
            "other.txt": "ssh -L 1:localhost:5050 lab\n",
        }
    )
    assert repo.guard("check").status == 1
    assert repo.guard("check", "--fix").status == 0
    assert (repo.root / "tunnel.sh").read_text() == "#!/bin/sh\nssh -L 1:localhost:5051 lab # é\n"
    assert "5050" in (repo.root / "other.txt").read_text()


@pytest.mark.parametrize(
    ("rule", "text", "status"),
    [
        pytest.param("forbid='5050'\nbad='5050'\ngood='1'\n", "fine", 0, id="its own mistake"),
        pytest.param("forbid='5050'\nbad='5050'\ngood='1'\n", "5050", 1, id="another file's"),
        pytest.param("require='5051'\nbad='1'\ngood='5051'\n", "5051", 0, id="what must stay"),
        pytest.param("require='5051'\nbad='1'\ngood='5051'\n", "gone", 1, id="only in the rule"),
    ],
)
def test_a_rule_file_is_none_of_the_files_that_it_is_about(
    repo: Any, rule: str, text: str, status: int
) -> None:
    wide = f"why='w'\nlanguage='text'\npaths=['*']\n{rule}"
    repo.commit(**{".guard/fixes/port.toml": wide, "a.txt": "5050 5051\n"})
    repo.write("a.txt", text)
    assert repo.guard("check", "--select", "fixes").status == status


def test_what_must_stay_in_yaml(repo: Any) -> None:
    rule = "why='the volume is read'\npaths=['docker-compose.lab.yml']\n"
    rule += "require='^ +- /var/lib/tftpboot:/var/lib/tftpboot'\n"
    rule += "bad='volumes: []'\ngood='''\nvolumes:\n  - /var/lib/tftpboot:/var/lib/tftpboot:ro'''\n"
    compose = "a:\n  volumes:\n    - /var/lib/tftpboot:/var/lib/tftpboot\n"
    repo.commit(**{".guard/fixes/tftp.toml": rule, "docker-compose.lab.yml": compose})
    assert repo.guard("check").status == 0
    repo.write("docker-compose.lab.yml", "a:\n  volumes: []\n")
    repo.git("add", "-A")
    assert repo.guard("check", "--staged").status == 1


NEEDS = [
    ("literal run", r"-L (?P<PORT>\d+):localhost:5050", ":localhost:5"),
    ("in a group", r"(?P<A>password)=.", "password"),
    ("repeated", r"(?:abc)+\d", "abc"),
    ("optional does not count", r"(?:abc)?de", "de"),
    ("alternatives do not count", r"(?:abc|def)gh", "gh"),
]


@pytest.mark.parametrize(("source", "need"), [n[1:] for n in NEEDS], ids=[n[0] for n in NEEDS])
def test_what_every_match_contains(source: str, need: str) -> None:
    assert needs(expression(source)) == (Need(need),)


def test_letters_in_any_case_have_no_literal() -> None:
    assert needs(expression("(?i)abc")) == ()


REFUSED = [
    ("no expression", TUNNEL.replace(r"\d+", "("), "no regular expression"),
    ("matches everything", TUNNEL.replace("forbid = '", "forbid = 'a*|"), "matches everything"),
    ("no paths", TUNNEL.replace("paths =", "language = 'text'\nunless ="), "must say paths"),
    ("function", TUNNEL + "function = 'f'\n", "text has no function"),
    ("unknown group", TUNNEL.replace("g<PORT>", "g<PROT>"), r"\$PROT"),
]


@pytest.mark.parametrize(("text", "says"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        parse("a.toml", text.encode())


def test_an_expression_that_explodes_is_given_up(repo: Any) -> None:
    rule = "why='a'\npaths=['*.txt']\nforbid='^(?:a|a|aa)+$'\nbad='aa'\ngood='b'\n"
    repo.commit(**{".guard/fixes/a.toml": rule, "a.txt": "a" * 200 + "b\n"})
    ran = repo.guard("check", "--select", "fixes")
    assert "fix/undecided" in ran.all
    assert ran.status == 1


def test_conditions_and_context_hold_for_text_too() -> None:
    rule = "why='a'\npaths=['*.cfg']\nforbid='^port=(?P<P>\\d+)'\nunless='^port=80$'\n"
    rule += "bad='port=5050'\ngood=['port=80', 'port=5051']\n[where.P]\nregex='0$'\n"
    proven(parse("a.toml", rule.encode()))
