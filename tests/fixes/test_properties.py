"""Random programs: a pattern made from a piece of one finds it; a repair changes nothing else."""

from __future__ import annotations

import ast
import copy
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.fixes.matching import pattern
from guard.fixes.matching.notation import ONE
from guard.fixes.repair import patched, repairs
from guard.fixes.rulefile import parse
from guard.fixes.search import forbidden

NAMES = st.sampled_from(["a", "b", "client", "data", "tftp_ipv6", "é"])
ATOMS = st.one_of(
    NAMES,
    st.integers(0, 300).map(str),
    st.sampled_from(
        ["None", "True", '"text"', "'it\\'s'", 'b"x"', 'f"{a} and {b!r:>3}"', "1.5", "..."]
    ),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    many = st.lists(inner, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(NAMES, many).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, NAMES, inner).map(lambda t: f"({t[0]}).{t[1]}(k={t[2]}, **{t[1]})"),
        pair.map(lambda t: f"({t[0]} if {t[1]} is not None else {t[0]})"),
        st.tuples(inner, st.sampled_from("+ - * / % & | ** and or == < in is".split()), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        pair.map(lambda t: f"{{{t[0]}: {t[1]}, 'k': 1}}"),
        many.map(lambda t: f"[{t}]"),
        pair.map(lambda t: f"({t[0]})[{t[1]}:]"),
        st.tuples(NAMES, inner, inner).map(lambda t: f"[{t[1]} for {t[0]} in {t[2]} if {t[0]}]"),
        st.tuples(NAMES, inner).map(lambda t: f"(lambda {t[0]}, *r, k=1: {t[1]})"),
        inner.map(lambda t: f"(not {t})"),
        inner.map(lambda t: f"(-{t})"),
    )


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=12)
SIMPLE = st.one_of(
    EXPRESSIONS,
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} = {t[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]}.x['k'] += {t[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]}: int = {t[1]}"),
    EXPRESSIONS.map(lambda t: f"return {t}"),
    EXPRESSIONS.map(lambda t: f"assert {t}, 'why'"),
    st.just("import os.path as p, sys"),
    st.just("from . import a as b"),
)


def indented(lines: list[str]) -> str:
    return "".join(f"    {line}\n" for text in lines for line in text.splitlines())


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(indented)
    return st.one_of(
        st.tuples(EXPRESSIONS, body, body).map(lambda t: f"if {t[0]}:\n{t[1]}else:\n{t[2]}"),
        st.tuples(NAMES, EXPRESSIONS, body).map(lambda t: f"for {t[0]} in {t[1]}:\n{t[2]}"),
        st.tuples(EXPRESSIONS, body).map(lambda t: f"with {t[0]} as w, o():\n{t[1]}"),
        st.tuples(body, body).map(
            lambda t: f"try:\n{t[0]}except E as e:\n{t[1]}finally:\n    f()\n"
        ),
        st.tuples(NAMES, EXPRESSIONS, body).map(
            lambda t: f"@d\ndef {t[0]}(p, /, q: int = {t[1]}, *, k):\n{t[2]}"
        ),
        st.tuples(NAMES, body).map(lambda t: f"class {t[0]}(Base, m=1):\n{t[1]}"),
    )


STATEMENTS = st.recursive(SIMPLE, compound, max_leaves=5)
PROGRAMS = st.lists(STATEMENTS, min_size=1, max_size=4).map(lambda parts: "\n".join(parts) + "\n")


class Holes(ast.NodeTransformer):
    """Puts `$X` in the place of some expressions, the same for the same code."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.seen: dict[str, str] = {}

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.JoinedStr):
            return node
        loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        whole = isinstance(node, ast.expr) and not isinstance(node, (ast.Starred, ast.Slice))
        if whole and loaded and self.chance.random() < 0.3:
            name = self.seen.setdefault(ast.dump(node), f"{ONE}X{len(self.seen)}")
            return ast.Name(name, ast.Load())
        return self.generic_visit(node)


RELAXED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@RELAXED
@given(PROGRAMS, st.integers(0, 2**32))
def test_a_pattern_made_from_a_program_finds_it(program: str, seed: int) -> None:
    chance = random.Random(seed)
    file = pattern.read(program)
    kinds = (ast.expr, ast.stmt)
    pieces = [
        node
        for nodes in file.nodes.values()
        for node in nodes
        if isinstance(node, kinds)
        and not isinstance(node, (ast.Slice, ast.Starred, ast.FormattedValue))
        and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        and not inside_fstring(node)
    ]
    node = chance.choice(pieces)
    whole = bare(node)  # a piece of an f-string cannot be exchanged for a name
    holed = whole if isinstance(node, ast.JoinedStr) else Holes(chance).generic_visit(whole)
    text = ast.unparse(ast.fix_missing_locations(holed)).replace(ONE, "$")
    if isinstance(node, (ast.Name, ast.Constant, ast.Expr)):
        return  # alone it may match everything, or be written like a hole
    start, end = file.span(node)
    found = pattern.compile(text).find(file)
    assert any(m.start <= start and end <= m.end for m in found), text


def inside_fstring(node: ast.AST | None) -> bool:
    # the positions of nodes in an f-string are only right from Python 3.12 on
    while node is not None:
        node = getattr(node, "up", None)
        if isinstance(node, ast.JoinedStr):
            return True
    return False


def bare(node: ast.AST) -> ast.AST:
    """A copy without the links to what is around it."""
    up = node.__dict__.pop("up", None)
    try:
        return copy.deepcopy(node)
    finally:
        if up is not None:
            node.up = up  # type: ignore[attr-defined]


FIX = parse(
    "a.toml",
    b"""why = "w"\nforbid = '"ipv6": $X if $X is not None else None'\nreplace = '"ipv6": $X if $X else ""'""",
)
SPOTS = st.tuples(
    EXPRESSIONS.filter(lambda e: "\n" not in e and "lambda" not in e and " if " not in e),
    st.sampled_from(
        [
            ('d = {{ "ipv6" :\t{0}  if {0} is  not None  else None}}  # é', 'd = {{ "ipv6" :\t{0}  if {0}  else ""}}  # é'),
            ("call(ipv6={0} if {0} is not None else None)", 'call(ipv6={0} if {0} else "")'),
            ("x[ 'ipv6' ]  =  {0} if {0} != None else None", "x[ 'ipv6' ]  =  {0} if {0} else \"\""),
        ]
    ),
)  # fmt: skip


@RELAXED
@given(
    st.lists(st.tuples(PROGRAMS, SPOTS), min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff", "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n\x0c\n"]),
)
def test_a_repair_keeps_every_other_byte(
    parts: list[tuple[str, tuple[str, tuple[str, str]]]], newline: str, head: str
) -> None:
    before, after = head, head
    for program, (inner, (bad, good)) in parts:
        value = f"value({inner})"  # without parentheses around it, which a copy leaves out
        before += program + bad.format(value) + "\n"
        after += program + good.format(value) + "\n"
    before, after = before.replace("\n", newline), after.replace("\n", newline)
    file = FIX.language.read(before.encode())
    found = forbidden(FIX, file)
    patches = [p for each in repairs(FIX, found, file) for p in each]
    assert len(found) == len(parts)
    assert patched(file.text, patches) == after
