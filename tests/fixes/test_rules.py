"""Rule files: what is read, what is refused, and that examples must prove a rule."""

from __future__ import annotations

import datetime

import pytest

from guard.checks.fixes import Options, fixes
from guard.errors import ConfigError
from guard.finding import Severity
from guard.fixes.proof import failures, load, proven
from guard.fixes.rulefile import parse
from guard.snapshot import Snapshot

IPV6 = """\
why = "The API wants tftp.ipv6 even when it is empty"
incident = "https://example.com/incidents/6"
commit = "1a2b3c4"
paths = ["backend/**/*.py"]
forbid = '"ipv6": $X if $X is not None else None'
replace = '"ipv6": $X if $X else ""'
bad = '"ipv6": tftp_ipv6 if tftp_ipv6 is not None else None'
good = '"ipv6": tftp_ipv6 if tftp_ipv6 else ""'
"""

REFUSED = [
    ("no TOML", "why = ", "not valid TOML"),
    ("unknown key, nearest suggested", IPV6 + 'forbit = "a"\n', "unknown key 'forbit'"),
    ("no reason", IPV6.replace("why = ", "incident_ = "), "unknown key"),
    ("reason empty", IPV6.replace('"The API wants tftp.ipv6 even when it is empty"', '" "'), "why"),
    ("nothing to hold", 'why = "a"\nbad = "b()"\ngood = "c()"', "nothing is forbidden"),
    ("replacement of nothing", 'why = "a"\nrequire = "f()"\nreplace = "g()"', "without anything"),
    ("pattern is no code", 'why = "a"\nforbid = "f(("\n', "not python"),
    ("metavariable within a name", 'why = "a"\nforbid = "get_$X()"\n', "not python"),
    ("metavariable in small letters", 'why = "a"\nforbid = "f($Name)"\n', "not python"),
    ("pattern is empty", 'why = "a"\nforbid = " "\n', "empty"),
    ("pattern matches everything", 'why = "a"\nforbid = "$X"\n', "matches everything"),
    ("pattern is only dots", 'why = "a"\nforbid = "..."\n', "matches everything"),
    ("replacement of unknown", 'why = "a"\nforbid = "f($X)"\nreplace = "g($Y)"\n', r"\$Y"),
    ("unknown severity", IPV6 + 'severity = "eror"\n', "no severity 'eror'"),
    ("unknown language", IPV6 + 'language = "pyhton"\n', "no language 'pyhton'"),
    (
        "key of the wrong type",
        IPV6.replace('["backend/**/*.py"]', "3"),
        "paths must be a string or a list of strings, not a number",
    ),
    ("list of the wrong type", IPV6.replace('["backend/**/*.py"]', "[3]"), "list of strings"),
    ("date as text", IPV6 + 'expires = "2030-01-01"\n', "expires must be a date like"),
    ("date with a time", IPV6 + "expires = 2030-01-01T00:00:00Z\n", "must be a date.*, not a time"),
    (
        "why is a number",
        IPV6.replace('"The API wants tftp.ipv6 even when it is empty"', "3"),
        "why must be a string, not a number",
    ),
    (
        "outside of the repository",
        IPV6.replace("backend/**/*.py", "../a.py"),
        "no file of the repository",
    ),
    ("an empty path", IPV6.replace("backend/**/*.py", ""), "no file of the repository"),
    ("bad regex", IPV6 + '[where.X]\nregex = "("\n', r"where.X.regex"),
    ("bad regex in a string", 'why = "a"\nforbid = \'f("=~/(/")\'\n', "is no regular expression"),
    (
        "bad regex in a string of JavaScript",
        'why = "a"\nlanguage = "javascript"\nforbid = \'f("=~/(/")\'\n',
        "is no regular expression",
    ),
    ("unknown condition", IPV6 + '[where.X]\nregexp = "a"\n', "unknown key 'regexp'"),
    ("condition on nothing", IPV6 + '[where.Y]\nregex = "a"\n', r"\$Y"),
    ("unknown kind", IPV6 + '[where.X]\nkind = "strnig"\n', "no kind 'strnig'"),
]


def test_a_byte_order_mark_is_none_of_the_rule() -> None:
    assert parse("a.toml", b"\xef\xbb\xbf" + IPV6.encode()).id == "a"


def test_a_good_example_that_is_no_code_is_told_once() -> None:
    text = IPV6.replace('if tftp_ipv6 else ""\'', "if'")
    assert [f.partition(":")[0] for f in failures(parse("a.toml", text.encode()))] == [
        "bad is mended to what is not among the good ones",
        "good cannot be parsed",
    ]


TWICE = {".guard/fixes/a.toml": IPV6, ".guard/fixes/old/a.toml": IPV6}


def test_two_fixes_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"fixes/old/a.toml: there is a fix of that name"):
        load(Snapshot.of(TWICE))
    with pytest.raises(ConfigError, match=r"fixes/old/a.toml: there is a fix of that name"):
        list(fixes(Snapshot.of(TWICE), Options()))


@pytest.mark.parametrize(("text", "says"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_by_name_of_file_and_key(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        parse(".guard/fixes/a.toml", text.encode())
    assert ".guard/fixes/a.toml" in caught.value.message


UNPROVEN = [
    ("no bad example", IPV6.replace("bad =", "unless ="), "bad is missing"),
    ("no good example", IPV6.replace("good =", "unless ="), "good is missing"),
    ("bad is not found", IPV6.replace("bad = '\"ipv6\"", "bad = '\"ipv4\""), "bad is not found"),
    ("good is forbidden", IPV6.replace('tftp_ipv6 else ""', "tftp_ipv6 is not None else None"), "good is forbidden"),
    ("repaired bad is not good", IPV6.replace('tftp_ipv6 else ""', 'tftp_ipv6 else "::"'), "not among the good"),
    ("repair does not mend", IPV6.replace('$X else ""', "$X is not None else None"), "cannot be mended"),
    ("example is no code", IPV6.replace("tftp_ipv6 is not None else None'", "else'"), "cannot be parsed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), [u[1:] for u in UNPROVEN], ids=[u[0] for u in UNPROVEN])
def test_a_rule_whose_examples_do_not_prove_it_is_refused(text: str, says: str) -> None:
    rule = parse(".guard/fixes/ipv6.toml", text.encode())
    with pytest.raises(ConfigError, match=says) as caught:
        proven(rule)
    assert ".guard/fixes/ipv6.toml" in caught.value.message
    assert "guard fixes test ipv6" in caught.value.hint


def test_every_key_is_read() -> None:
    text = IPV6.replace("why =", 'language = "python"\nfunction = "body"\nclass = "Client"\nwhy =')
    text += 'severity = "warning"\nexpires = 2031-02-03\nnot-inside = "def old(...): ..."\n'
    text += 'inside = ["class $C: ..."]\nunless = "f(ipv6=None)"\n[where.X]\nnot-regex = "^_"\n'
    rule = parse(".guard/fixes/tftp-ipv6.toml", text.encode())
    assert (rule.id, rule.name, rule.file) == (
        "tftp-ipv6",
        "fix/tftp-ipv6",
        ".guard/fixes/tftp-ipv6.toml",
    )
    assert (rule.incident, rule.commit) == ("https://example.com/incidents/6", "1a2b3c4")
    assert (rule.paths, rule.function, rule.class_) == (("backend/**/*.py",), "body", "Client")
    assert (rule.severity, rule.expires) == (Severity.WARNING, datetime.date(2031, 2, 3))
    assert [len(p) for p in (rule.forbid, rule.inside, rule.not_inside, rule.unless)] == [
        1,
        1,
        1,
        1,
    ]
    assert rule.where["X"].not_regex == "^_"
    assert rule.files == ()


def test_rules_are_read_from_their_folder_only() -> None:
    snapshot = Snapshot.of(
        {
            ".guard/fixes/a.toml": IPV6,
            ".guard/fixes/README.md": "x",
            ".guard/a.toml": "x",
            "b.toml": "x",
        }
    )
    assert [rule.id for rule in load(snapshot)] == ["a"]


CONDITIONS = [
    ("regex on the text", "f($X)", 'X = {regex = "^a"}', "f(ab)", "f(b)"),
    ("regex on a string's content", "f($X)", 'X = {regex = "^a$"}', "f('a')", "f(b)"),
    ("not regex", "f($X)", 'X = {not-regex = "^a"}', "f(b)", "f(ab)"),
    ("regex on a name", "$F(1)", 'F = {regex = "^get_"}', "get_a(1)", "set_a(1)"),
    ("regex on text inside a string", 'f("$X")', 'X = {regex = "^a"}', "f('ab')", "f('b')"),
    ("a string", "f($X)", 'X = {kind = "string"}', "f('a')", "f(a)"),
    ("a number", "f($X)", 'X = {kind = "number"}', "f(-1.5)", "f(True)"),
    ("an int", "f($X)", 'X = {kind = "int"}', "f(1)", "f(1.0)"),
    ("none", "f($X)", 'X = {kind = "none"}', "f(None)", "f(0)"),
    ("a literal", "f($X)", 'X = {kind = "literal"}', "f(b'a')", "f(a)"),
    ("a name", "f($X)", 'X = {kind = "name"}', "f(a)", "f(a.b)"),
    ("a call", "f($X)", 'X = {kind = "call"}', "f(a())", "f(a)"),
    ("a dict", "f($X)", 'X = {kind = "dict"}', "f({})", "f([])"),
]


@pytest.mark.parametrize(
    ("forbid", "where", "bad", "good"), [c[1:] for c in CONDITIONS], ids=[c[0] for c in CONDITIONS]
)
def test_conditions_on_metavariables(forbid: str, where: str, bad: str, good: str) -> None:
    text = f"why = 'a'\nforbid = '{forbid}'\nbad = \"{bad}\"\ngood = \"{good}\"\n[where]\n{where}\n"
    proven(parse("a.toml", text.encode()))


CONTEXT = [
    ("inside a function", "inside = 'def test(...): ...'", "def test(a): f()", "def a(): f()"),
    ("inside agrees on $X", "inside = 'with $X: ...'\n", "with a: f(a)", "with b: f(a)"),
    ("not inside", "not-inside = 'with lock: ...'", "f(1)", "with lock: f(1)"),
    ("not inside agrees on $X", "not-inside = 'if $X: ...'", "if b: f(a)", "if a: f(a)"),
    ("not inside an expression", "not-inside = 'int(...)'", "g(f(1))", "int(f(1))"),
    ("unless it is that", "unless = 'f(0)'", "f(1)", "f(0)"),
]


@pytest.mark.parametrize(
    ("key", "bad", "good"), [c[1:] for c in CONTEXT], ids=[c[0] for c in CONTEXT]
)
def test_where_a_match_may_stand(key: str, bad: str, good: str) -> None:
    forbid = "f($X)" if "$X" in key else "f(...)"
    text = f"why = 'a'\nforbid = '{forbid}'\n{key}\nbad = '{bad}'\ngood = '{good}'\n"
    proven(parse("a.toml", text.encode()))
