"""What becomes of files that cannot be read as what they are, and of those that are odd."""

from __future__ import annotations

import pytest

from guard.contracts.formats import jsontree, tomltree, yamltree
from guard.contracts.formats.compose import load
from guard.contracts.formats.tree import leaves, select
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Broken, Missing, Source
from guard.errors import ConfigError
from guard.snapshot import Snapshot
from tests.contracts.helpers import contract

# Name, file, text, words of the finding, its line.
BROKEN = [
    ("broken YAML", "x.yml", "a: 1\nb: [\n", "not valid YAML", 3),
    ("a list left open in YAML", "x.yml", "a: [1\nb: {2\n", "did not find expected ',' or ']'", 2),
    ("tabs in YAML", "x.yml", "a:\n\tb: 1\n", "not valid YAML", 2),
    ("a control character", "x.yml", "b: 1\na: \x01\n", "character that YAML forbids", 2),
    ("YAML in Latin-1", "x.yml", "a: 1\n# f\udcfcr\n", "it is not UTF-8", 2),
    ("compose in Latin-1", "compose.yml", "# f\udcfcr\n", "it is not UTF-8", 1),
    ("brackets without end", "x.yml", "[" * 100_000, "nested too deeply", 1),
    ("broken JSON", "x.json", '{"a": 1,,}', "a key", 1),
    ("empty JSON", "x.json", "", "a value is expected", 1),
    ("JSON without end", "x.json", '{"a": "b', "does not end", 1),
    ("two JSON texts", "x.json", "{} {}", "more behind its end", 1),
    ("JSON nested deeply", "x.json", "[" * 5000, "nested too deeply", 1),
    ("broken TOML", "x.toml", "a = 1\nb = \n", "not valid TOML", 2),
    ("a key twice in TOML", "x.toml", "a = 1\na = 2\n", "not valid TOML", 2),
    ("a merge conflict", "x.sh", "b=1\n<<<<<<< HEAD\na=1\n=======\na=2\n>>>>>>> side\n", "not resolved", 2),
    ("broken Python", "x.py", "a = 1\ndef f(:\n", "not valid Python", 2),
    ("Python in Latin-1", "x.py", "a = 1\nb = '\udcfc'\n", "declares no other encoding", 2),
    ("Python in UTF-16", "x.py", "\udcff\udcfea\0=\0\n\0", "it is not UTF-8", 1),
    ("a number of thousands of digits in TOML", "x.toml", "a = " + "9" * 6000, "not valid TOML", 1),
    ("TOML nested deeply", "x.toml", "a = " + "[" * 3000 + "]" * 3000, "not valid TOML", 1),
    ("variables nested deeply", "x.sh", "a=" + "${b:-" * 3000 + "}" * 3000, "nested too deeply", 1),
    ("the same in dotenv", "x.env", "a=" + "${b:-" * 3000 + "}" * 3000, "nested too deeply", 1),
    ("nginx nested deeply", "nginx.conf", "a {" * 3000 + "}" * 3000, "nested too deeply", 1),
    ("broken dotenv", "x.env", "A=1\nB C\n", "not a line of a dotenv file", 2),
    ("broken nginx", "nginx.conf", "server {\nlisten 80;\n", "not a valid nginx configuration", 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text", "words", "line"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_a_file_that_cannot_be_parsed_is_a_finding_where_it_breaks(
    path: str, text: str, words: str, line: int
) -> None:
    (finding,) = contract(f'same = ["{path} :: a", "ok.env :: A"]', {path: text, "ok.env": "A=1\n"})
    assert finding.rule == "contract/unreadable"
    assert words in finding.message
    assert "contract it cannot be judged" in finding.message
    assert (finding.at.path, finding.at.line) == (path, line)


# Comments and values in another encoding than UTF-8, where the program that reads the file takes them.
LATIN_1 = [
    ("a.sh", "# f\udcfcr\nA=\udcfc\nB=1 # \udcfc\nssh -p 22 '\udcfc'\n", "ssh -p", "22", 4),
    ("a.sh", "# f\udcfcr\nA=x\udcfcy\n", "A", "x\udcfcy", 2),
    ("Dockerfile", "# f\udcfcr\nENV A=\udcfc B=1\nENV C=1\n", "ENV C", "1", 3),
    ("a.js", "// f\udcfcr\nconst a = '\udcfc', b = 1;\n", "b", "1", 2),
    ("a.env", "# f\udcfcr\nA=\udcfc\nB=1\n", "B", "1", 3),
    ("nginx.conf", "# f\udcfcr\nserver { listen 80; }\n", "listen", "80", 2),
    ("a.py", "# coding: latin-1\nA = '\udcfcü'; B = '1'\n", "B", "1", 2),
    ("a.py", "# vim: set fileencoding=latin-1\nA = '\udcfc'\n", "A", "ü", 2),
    ("a.py", "#!x\n# coding: cp1252\nA = '\udc80', '1'\n", "A[1]", "1", 3),
    ("Makefile", "# f\udcfcr\nA = 1\n", "A", "1", 2),
]


@pytest.mark.parametrize(("path", "text", "selector", "value", "line"), LATIN_1)
def test_another_encoding_moves_nothing(
    path: str, text: str, selector: str, value: str, line: int
) -> None:
    (found,) = Files(Snapshot.of({path: text})).values(parsed(f"{path} :: {selector}"))
    assert (found.text, found.at.line) == (value, line)
    said = text.splitlines()[line - 1][found.at.column - 1 : found.at.end_column - 1]
    assert said.strip("'") == (value if value in text else "\udcfc")


TWICE = [
    ("x.yml", "a: 1\na: 2\n"),
    ("x.json", '{"a": 1, "a": 1}'),
    ("docker-compose.yml", "services: {}\na: 1\na: 2\n"),
]


@pytest.mark.parametrize(("path", "text"), TWICE)
def test_a_key_that_stands_twice_is_an_error(path: str, text: str) -> None:
    with pytest.raises(ConfigError, match="stands twice"):
        contract(f'same = ["{path} :: a", "{path} :: a"]', {path: text})


def test_a_merge_key_gives_way_to_an_own_key_and_the_first_of_several_wins() -> None:
    text = "one: &one {a: 1, b: 1}\ntwo: &two {a: 2, c: 2}\nx: {<<: [*one, *two], b: 9}\n"
    tree = yamltree.parse(Source("x.yml", text))
    values = {key: leaves(select(tree, f"x.{key}"), key)[0].text for key in "abc"}
    assert values == {"a": "1", "b": "9", "c": "2"}


def laughs(depth: int) -> str:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "\n".join(lines) + "\n"


def test_a_billion_laughs_stay_as_small_as_they_are_written() -> None:
    tree = yamltree.parse(Source("x.yml", laughs(60)))
    assert leaves(select(tree, "a0[0]"), "a0[0]")[0].text == "lol"
    with pytest.raises(Missing, match="more than 10000 values"):
        select(tree, "a9[*][*][*][*][*][*]")
    compose = laughs(60) + "services: {a: {image: b, x: *a59}}\n"
    project = load(("c.yml",), lambda p: Source(p, compose) if p == "c.yml" else None)
    assert leaves(select(project.root, "services.a.image"), "image")[0].text == "b"


def test_an_anchor_that_holds_itself_ends() -> None:
    tree = yamltree.parse(Source("x.yml", "a: &a [*a, 1]\n"))
    assert leaves(select(tree, "a[0][0][0][1]"), "a")[0].text == "1"


CIRCLES = [
    ("extends", {"c.yml": "services: {a: {extends: b}, b: {extends: a}}\n"}, "extend each other"),
    ("include", {"c.yml": "include: [d.yml]\n", "d.yml": "include: [c.yml]\n"}, "includes itself"),
    (
        "extends through files",
        {
            "c.yml": "services: {a: {extends: {file: d.yml, service: a}}}\n",
            "d.yml": "services: {a: {extends: {file: c.yml, service: a}}}\n",
        },
        "includes itself",
    ),
]


@pytest.mark.parametrize(("files", "words"), [c[1:] for c in CIRCLES], ids=[c[0] for c in CIRCLES])
def test_compose_files_in_a_circle_are_an_error(files: dict[str, str], words: str) -> None:
    with pytest.raises(Missing, match=words):
        load(("c.yml",), lambda p: Source(p, files[p]) if p in files else None)


@pytest.mark.parametrize(
    "text", ["{", "[1", '{"a" 1}', "tru", "'a'", '{"a": 1 "b": 2}', "[1 2]", "nul"]
)
def test_what_is_no_json_is_never_read_as_something(text: str) -> None:
    with pytest.raises(Broken):
        jsontree.parse(Source("x.json", text))


def test_line_ends_and_marks_do_not_move_the_places() -> None:
    for name, parse, text in (
        ("x.yml", yamltree.parse, "\ufeffé: 1\r\nb: 2\r\n"),
        ("x.json", jsontree.parse, '\ufeff{"é": 1,\r\n"b": 2}'),
        ("x.toml", tomltree.parse, '"é" = 1\r\nb = 2\r\n'),
    ):
        (value,) = leaves(select(parse(Source(name, text)), "b"), "b")
        assert value.at.line == 2
        assert value.exact
        start = value.pieces[0].start
        assert text[start] == "2"
