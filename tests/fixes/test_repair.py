"""Repairs: what is written, what is left as it is, and where none is offered."""

from __future__ import annotations

import pytest

from guard.fixes.proof import failures
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import Rule
from guard.fixes.rulefile import parse
from guard.fixes.search import forbidden

IPV6 = ('"ipv6": $X if $X is not None else None', '"ipv6": $X if $X else ""')
TIMEOUT = (
    "requests.get($U, ...) UNLESS requests.get(..., timeout=$_, ...)",
    "requests.get($U, ..., timeout=5)",
)


def rule(forbid: str, replace: str) -> Rule:
    forbid, _, unless = forbid.partition(" UNLESS ")
    text = f"why='a'\nforbid='''{forbid}'''\nreplace='''{replace}'''\n"
    text += f"unless='''{unless}'''\n" if unless else ""
    return parse("a.toml", text.encode())


def mended(forbid: str, replace: str, code: str) -> str | None:
    fix = rule(forbid, replace)
    file = fix.language.read(code.encode("utf-8", "surrogateescape"))
    found = forbidden(fix, file)
    assert found
    patches = repairs(fix, found, file)
    if not all(patches):
        return None
    new = patched(file.text, [p for each in patches for p in each])
    again = fix.language.read(new.encode("utf-8", "surrogateescape"))
    assert forbidden(fix, again) == []
    return new


MENDED = [
    ("only what differs", *IPV6, 'd = {"ipv6":  a  if  a is not None  else  None }', 'd = {"ipv6":  a  if  a  else  "" }'),
    ("comments inside stay", *IPV6, "d = {\n  'ipv6': (a.b  # one\n    if a.b is not None  # two\n    else None),  # three\n}", "d = {\n  'ipv6': (a.b  # one\n    if a.b  # two\n    else \"\"),  # three\n}"),
    ("keyword argument", *IPV6, "f(ipv6=a if a != None else None)", 'f(ipv6=a if a else "")'),
    ("key assigned", *IPV6, "d['ipv6'] = a if not a is None else None", "d['ipv6'] = a if a else \"\""),
    ("either way round", *IPV6, "f(ipv6=None if a is None else a)", 'f(ipv6=a if a else "")'),
    ("as a statement", *IPV6, "if a is not None:  # why\n    d['ipv6'] = a\nelse:\n    d['ipv6'] = None\n", "if a:  # why\n    d['ipv6'] = a\nelse:\n    d['ipv6'] = \"\"\n"),
    ("as a statement, the other way round", *IPV6, "if a is None:\n    d['ipv6'] = None\nelse:\n    d['ipv6'] = a\n", "d['ipv6'] = a if a else \"\"\n"),
    ("a default set", *IPV6, "d.setdefault('ipv6', a if a is not None else None)", "d.setdefault('ipv6', a if a else \"\")"),
    ("a pair", *IPV6, "d.update([('ipv6', a if a is not None else None)])", "d.update([('ipv6', a if a else \"\")])"),
    ("an f-string as key", *IPV6, "d[f'ipv6'] = a if a is not None else None", "d[f'ipv6'] = a if a else \"\""),
    ("named on the way", *IPV6, "f(ipv6=b if (b := a) is not None else None)", 'f(ipv6=b if (b := a) else "")'),
    ("named on the way, as a statement", *IPV6, "if (b := a) is not None:\n    d['ipv6'] = b\nelse:\n    d['ipv6'] = None\n", "if (b := a):\n    d['ipv6'] = b\nelse:\n    d['ipv6'] = \"\"\n"),
    ("through a local", *IPV6, "v = a if a is not None else None\nd = {'ipv6': v}\n", "v = a if a else \"\"\nd = {'ipv6': v}\n"),
    ("two in one line", *IPV6, "f(ipv6=a if a is not None else None); g(ipv6=b if b is not None else None)", 'f(ipv6=a if a else ""); g(ipv6=b if b else "")'),
    ("windows line ends, tabs, form feed", *IPV6, "def f():\r\n\x0c\treturn {\r\n\t\t'ipv6':\ta if a is not None else None,\r\n\t}\r\n", "def f():\r\n\x0c\treturn {\r\n\t\t'ipv6':\ta if a else \"\",\r\n\t}\r\n"),
    ("letters beyond ASCII before it", *IPV6, "d = {'é😀': 'ü', 'ipv6': ä if ä is not None else None}", "d = {'é😀': 'ü', 'ipv6': ä if ä else \"\"}"),
    ("byte-order mark", *IPV6, "\ufefff(ipv6=a if a is not None else None)", '\ufefff(ipv6=a if a else "")'),
    ("argument added", *TIMEOUT, "import requests\nrequests.get(u)\n", "import requests\nrequests.get(u, timeout=5)\n"),
    ("argument added behind others", *TIMEOUT, "requests.get(\n    u,\n    params=p,  # of us\n)\n", "requests.get(\n    u,\n    params=p, timeout=5,  # of us\n)\n"),
    ("argument added behind parentheses", *TIMEOUT, "requests.get((u), (a))", "requests.get((u), (a), timeout=5)"),
    ("argument taken out", "f($X, ..., debug=True)", "f($X, ...)", "f(a, 1, debug=True)", "f(a, 1)"),
    ("first argument taken out", "f(0, $X)", "f($X)", "f(0, a)", "f(a)"),
    ("only argument taken out", "f(debug=True)", "f()", "f( debug=True, )", "f( )"),
    ("argument value", "run(..., shell=True, ...)", "run(..., shell=False, ...)", "run(c, cwd=d,  shell = True)", "run(c, cwd=d,  shell = False)"),
    ("name of a function", "yaml.load($X)", "yaml.safe_load($X)", "yaml.load( f )", "yaml.safe_load( f )"),
    ("name through an alias", "os.getcwdu()", "os.getcwd()", "import os as o\no.getcwdu()", "import os as o\nos.getcwd()"),
    ("parentheses where needed", "sq($X)", "$X * $X", "sq(a + b)", "(a + b) * (a + b)"),
    ("parentheses around the whole", "both($X, $Y)", "$X or $Y", "both(a, b) and c", "(a or b) and c"),
    ("no parentheses around an argument", "both($X, $Y)", "$X or $Y", "f(both(a, b))", "f(a or b)"),
    ("an attribute of what was loose", "name($X)", "$X.name", "name(a or b)", "(a or b).name"),
    ("over lines", "both($X, $Y)", "$X or $Y", "x = both(a, f(\n  1))", "x = (a or f(\n  1))"),
    ("statement", "$X = None", "del $X", "a = None  # gone", "del a  # gone"),
    ("statement put in after", "$L.acquire() UNLESS $L.acquire()\nlog($L)", "$L.acquire()\nlog($L)", "def f():\n    a.acquire()  # now\n    b()\n", "def f():\n    a.acquire()  # now\n    log(a)\n    b()\n"),
    ("statement put in before", "send($X)\nack()", "check($X)\nsend($X)\nack2()", "if 1:\n\tsend(a)\n\tack()\n", "if 1:\n\tcheck(a)\n\tsend(a)\n\tack2()\n"),
    ("statement taken out", "a()\nb()", "a()", "def f():\n    a()\n    b()\n    c()\n", "def f():\n    a()\n    c()\n"),
    ("statements apart", "$F = open($P)\n...\n$F.close()", "$F = open2($P)\n...\n$F.close()", "f = open(p)\nx = 1  # one\nf.close()\n", "f = open2(p)\nx = 1  # one\nf.close()\n"),
    ("body moved", "lock.acquire()\n$S\nlock.release()", "with lock:\n    $S", "def f():\n    lock.acquire()\n    x()\n    lock.release()\n", "def f():\n    with lock:\n        x()\n"),
    ("except named", "except:\n    $...B", "except Exception:\n    $...B", "try:\n    a()\nexcept:\n    b()  # b\n    c()\n", "try:\n    a()\nexcept Exception:\n    b()  # b\n    c()\n"),
    ("decorated function", "@old\ndef $F($...A):\n    $...B", "@new\ndef $F($...A):\n    $...B", "@old\ndef f(a, *, b=1):\n    return 1\n", "@new\ndef f(a, *, b=1):\n    return 1\n"),
    ("in a chain", "$X is not None and $X != ''", "$X", "if a and b is not None and b != '' and c: pass", "if a and b and c: pass"),
    ("a string's text", 'f("$X")', 'g("$X")', "f('it\\'s')", "g('it\\'s')"),
    ("parameters", "def $F(..., $P=[], ...): ...", "def $F(..., $P=None, ...): ...", "def f(a, items=[], *, b): return 1\n", "def f(a, items=None, *, b): return 1\n"),
    ("keys of a dict", '{..., "verify": False, ...}', '{..., "verify": True, ...}', "f({'a': 1,  'verify':False })", "f({'a': 1,  'verify':True })"),
    ("import", "import md5", "import hashlib", "import md5\n", "import hashlib\n"),
    ("one of several targets", "a = None", "a = 0", "x, a = b, None", "x, a = b, 0"),
    ("one of several managers", "with lock: ...", "with guard: ...", "with a, lock, b as c: d()", "with a, guard, b as c: d()"),
    ("one of several bases", "class $C(Base): ...", "class $C(Other): ...", "class A(Base, Mixin, k=1):\n    x = 1\n", "class A(Other, Mixin, k=1):\n    x = 1\n"),
    ("one of several names", "from os import path", "from os import path2", "from os import sep, path", "from os import sep, path2"),
    ("a decorator without arguments", "@old\ndef $F(...): ...", "@new\ndef $F(...): ...", "@old()\ndef f(a): return 1\n", "@new()\ndef f(a): return 1\n"),
    ("a whole block", "if $C:\n    $S", "while $C:\n    $S", "def f():\n    if a:\n        b()  # b\n        c()\n", "def f():\n    while a:\n        b()  # b\n        c()\n"),
    ("put in before what is further in", "a()\n...\nb() UNLESS a()\n...\nc()\nb()", "a()\n...\nc()\nb()", "a()\nif x:\n    b()\n", "a()\nif x:\n    c()\n    b()\n"),
    ("return", "return None", "return", "def f():\n  return None\n", "def f():\n  return\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("forbid", "replace", "code", "expected"), [m[1:] for m in MENDED], ids=[m[0] for m in MENDED]
)
def test_mended(forbid: str, replace: str, code: str, expected: str) -> None:
    assert mended(forbid, replace, code) == expected


NOT_MENDED = [
    ("a comment would be lost", "f($X, $Y)", "$X", "f(a,  # why\n  b)"),
    ("an elif cannot become an assignment", *IPV6, "if z:\n    pass\nelif a is None:\n    d['ipv6'] = None\nelse:\n    d['ipv6'] = a\n"),
    ("branches that do more", *IPV6, "if a is None:\n    log()\n    d['ipv6'] = None\nelse:\n    d['ipv6'] = a\n"),
    ("other operands between", "a and b", "c", "a and x and b"),
    ("another target would be lost", "a = 1", "del a", "a = b = 1"),
    ("a target of several would be lost", "a = 1", "del a", "a, b = 1, 2"),
    ("another import would be lost", "from os import path", "import pathlib", "from os import path, sep"),
    ("what is imported is another", "from os import path", "import pathlib", "import os.path"),
    ("another name would be lost", "global a", "pass", "def f():\n    global a, b\n"),
    ("a manager would be lost", "with lock: ...", "if True: ...", "with a, lock: b()"),
    ("a handler would be lost", "try: a()\nexcept A: pass", "a()", "try: a()\nexcept A: pass\nexcept B: b()\n"),
    ("a decorator would be lost", "def f(): a()", "f = a", "@b\ndef f(): a()\n"),
    ("an else would be lost", "if $C: a()", "a()", "if c: a()\nelse: b()\n"),
    ("a member would be lost", "class $C:\n    x = 1", "pass", "class A:\n    x = 1\n    y = 2\n"),
    ("encoding has no such letter", "f($X)", "g($X, 'λ')", "# coding: latin-1\nf(1)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("forbid", "replace", "code"), [m[1:] for m in NOT_MENDED], ids=[m[0] for m in NOT_MENDED]
)
def test_no_repair_is_better_than_a_wrong_one(forbid: str, replace: str, code: str) -> None:
    assert mended(forbid, replace, code) is None


def test_an_encoding_that_is_not_utf8_is_kept() -> None:
    fix = rule("f($X)", "g($X, 'é')")
    content = "# -*- coding: latin-1 -*-\nx = 'ü'; f('ä')  # ö\n".encode("latin-1")
    file = fix.language.read(content)
    [patches] = repairs(fix, forbidden(fix, file), file)
    new = patched(file.text, patches).encode("utf-8", "surrogateescape")
    assert new == "# -*- coding: latin-1 -*-\nx = 'ü'; g('ä', 'é')  # ö\n".encode("latin-1")


def test_a_rule_that_repairs_is_proven_by_its_examples() -> None:
    text = f"why='a'\nforbid='{IPV6[0]}'\nreplace='{IPV6[1]}'\n"
    text += (
        "bad = ['f(ipv6=a if a is not None else None)', 'd[\"ipv6\"] = None if a is None else a']\n"
    )
    text += 'good = [\'f(ipv6 = a if a else "")\', \'d["ipv6"] = (a if a else "")\']\n'
    assert failures(parse("a.toml", text.encode())) == []


IPV6_JS = ("ipv6: $X !== null ? $X : null", 'ipv6: $X ? $X : ""')

JAVASCRIPT = [
    ("only what differs", *IPV6_JS, "b = {ipv6:  a  !== null ?  a : null}; // é", 'b = {ipv6:  a ?  a : ""}; // é'),
    ("a member assigned", *IPV6_JS, "é['ipv6'] = null !== a ? a : null", "é['ipv6'] = a ? a : \"\""),
    ("an argument added", "get($U)", "get($U, {timeout: 5})", "const a = get( u )", "const a = get(u, {timeout: 5})"),
    ("dots kept", "f(..., true)", "f(..., false)", "f(a, {b: 1}, true)", "f(a, {b: 1}, false)"),
    ("parentheses", "sq($X)", "$X * $X", "sq(a + b)", "(a + b) * (a + b)"),
    ("an attribute", "$X.innerHTML = $Y", "$X.textContent = $Y", "a.b . innerHTML = c", "a.b . textContent = c"),
    ("an assignment that declares", "t = null", "t = 3", "const  t = null, u = 1;", "const  t = 3, u = 1;"),
    ("a method", "function stop() { off($T) }", "function stop() { on($T) }", "o = { stop() { off( t ) } }", "o = { stop() { on( t ) } }"),
    ("a case among others", "switch ($X) { case 'a': b(); }", "switch ($X) { case 'a': c(); }", "switch (d) { case 1: e(); case 'a': b(); }", "switch (d) { case 1: e(); case 'a': c(); }"),
    ("an import", 'import {a} from "b"', 'import {a} from "c"', "import { a } from 'b';", 'import { a } from "c";'),
]  # fmt: skip

LOST_IN_JAVASCRIPT = [
    ("what else is imported", 'import {a} from "b"', 'import {a} from "c"', "import {a, d} from 'b'"),
    ("what else is taken", 'const {a} = f("b")', 'const {a} = f("c")', "const {a, d} = f('b')"),
    ("what is done otherwise", "if ($X) { a(); }", "b($X);", "if (c) { a(); } else { d(); }"),
    ("that it is a method", "function a() { }", "b();", "o = { a() { } }"),
    ("what else is declared", "const a = b", "e()", "const a = b, c = d;"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("forbid", "replace", "code", "expected"),
    [m[1:] for m in JAVASCRIPT],
    ids=[m[0] for m in JAVASCRIPT],
)
def test_mended_in_javascript(forbid: str, replace: str, code: str, expected: str) -> None:
    text = f"why='a'\nlanguage='javascript'\nforbid='''{forbid}'''\nreplace='''{replace}'''\n"
    text += f"bad='''{code}'''\ngood='''{expected}'''\n"
    fix = parse("a.toml", text.encode())
    assert failures(fix) == []
    file = fix.language.read(code.encode())
    patches = [p for each in repairs(fix, forbidden(fix, file), file) for p in each]
    assert patched(file.text, patches) == expected


@pytest.mark.parametrize(
    ("forbid", "replace", "code"),
    [m[1:] for m in LOST_IN_JAVASCRIPT],
    ids=[m[0] for m in LOST_IN_JAVASCRIPT],
)
def test_what_a_repair_in_javascript_would_lose(forbid: str, replace: str, code: str) -> None:
    text = f"why='a'\nlanguage='javascript'\nforbid='''{forbid}'''\nreplace='''{replace}'''\n"
    fix = parse("a.toml", text.encode())
    file = fix.language.read(code.encode())
    found = forbidden(fix, file)
    assert found
    assert [p for each in repairs(fix, found, file) for p in each] == []
