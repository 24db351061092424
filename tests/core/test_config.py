"""guard.toml: every key known, every value of its type, and each mistake named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from guard.check import discover
from guard.config import fill, load, plan
from guard.errors import ConfigError, GuardError
from guard.pipeline import run
from guard.snapshot import Snapshot


@dataclass(frozen=True)
class Inner:
    where: str
    size: int = 1


@dataclass(frozen=True)
class Example:
    on: bool = True
    name: str = ""
    ratio: float = 1.0
    share: float = field(default=1.0, metadata={"within": (0.5, 10)})
    names: tuple[str, ...] = ()
    inner: Inner | None = None
    table: Mapping[str, Inner] = field(default_factory=dict)
    one_or_many: str | tuple[str, ...] = ()


VALID = [
    pytest.param({}, Example(), id="all defaults"),
    pytest.param({"on": False}, Example(on=False), id="a boolean"),
    pytest.param({"ratio": 2}, Example(ratio=2.0), id="a whole number where a float is meant"),
    pytest.param({"share": 0.5}, Example(share=0.5), id="the least that a number may be"),
    pytest.param({"share": 10}, Example(share=10.0), id="the most"),
    pytest.param({"names": ["a"]}, Example(names=("a",)), id="a list becomes a tuple"),
    pytest.param({"inner": {"where": "x"}}, Example(inner=Inner("x")), id="a table of its own"),
    pytest.param(
        {"table": {"k": {"where": "x", "size": 2}}},
        Example(table={"k": Inner("x", 2)}),
        id="tables",
    ),
    pytest.param({"one-or-many": "a"}, Example(one_or_many="a"), id="either, and a dash in a key"),
    pytest.param({"one_or_many": ["a"]}, Example(one_or_many=("a",)), id="or the other"),
]

INVALID = [
    pytest.param({"onn": True}, "unknown key 'onn'", "'on'", id="a misspelt key"),
    pytest.param({"on": "yes"}, "x.on must be true or false, not a string", "", id="a wrong type"),
    pytest.param({"on": 1}, "x.on must be true or false, not a number", "", id="no truthiness"),
    pytest.param({"oneormany": "a"}, "unknown key 'oneormany'", "'one-or-many'", id="as it is documented"),
    pytest.param({"names": "a"}, "x.names must be a list", "", id="a string for a list"),
    pytest.param({"names": [1]}, "x.names[0] must be a string", "", id="a wrong item"),
    pytest.param({"inner": {}}, "the key 'where' is missing", "", id="a missing key"),
    pytest.param({"inner": 1}, "must be a table, not a number", "", id="no table"),
    *(
        pytest.param({"share": n}, f"x.share must be from 0.5 to 10, not {n}", "", id=f"{n}")
        for n in (-1, 0, 0.4, 11, float("nan"), float("inf"), float("-inf"))
    ),
    pytest.param({"table": {"k": {"whre": "x"}}}, "x.table.k: unknown key", "'where'", id="deep"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "value"), VALID)
def test_filled(table: dict[str, object], value: Example) -> None:
    assert fill(Example, table, "x") == value


@pytest.mark.parametrize(("table", "message", "hint"), INVALID)
def test_refused(table: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        fill(Example, table, "x")
    assert message in caught.value.message
    assert hint in caught.value.hint


FILES = [
    pytest.param({"guard.toml": "skip = ["}, "guard.toml is not valid TOML", id="broken TOML"),
    pytest.param({"guard.toml": b"\xff"}, "guard.toml is not valid TOML", id="not UTF-8"),
    pytest.param({"guard.toml": "treee = 1"}, "unknown key 'treee'", id="an unknown table"),
    pytest.param({"guard.toml": "[tree]\npushd = 1"}, "guard.toml: tree: unknown", id="its key"),
    *(
        pytest.param(
            {"guard.toml": f"[tree]\ntimeout = {n}"},
            "guard.toml: tree.timeout must be from 0.1 to 600",
            id=f"seconds that are none: {n}",
        )
        for n in ("-1", "0", "nan", "inf", "-inf", "1e9")
    ),
    pytest.param({"guard.toml": f"[tree]\ntimeout = {'9' * 400}"}, "tree.timeout must be from 0.1 to 600", id="more than a float holds"),
    pytest.param({"guard.toml": f"x = {'9' * 6000}"}, "guard.toml: a number in it is too long", id="more digits than Python reads"),
    pytest.param({"guard.toml": f"x = {'[' * 5000}{']' * 5000}"}, "guard.toml is nested too deeply", id="brackets without end"),
    pytest.param({"guard.toml": "skip = ['tre']"}, "no check 'tre'", id="an unknown check"),
    pytest.param(
        {"pyproject.toml": "[tool.guard]\nx = 1"}, "pyproject.toml: unknown", id="in pyproject.toml"
    ),
    pytest.param({"pyproject.toml": "[tool]\nguard = 3"}, "guard must be a table", id="no table"),
    pytest.param({"guard.toml": "skip = 'a'"}, "guard.toml: skip must be a list", id="the file's name"),
    pytest.param({"guard.toml": "[conflicts]\nx = 1"}, "guard.toml: conflicts: unknown key 'x'", id="no options"),
    pytest.param({"pyproject.toml": "[tool.treeguard]"}, "tool.treeguard is read by nobody", id="the other name"),
    pytest.param({"guard.toml": "\n\nx = '\xff'".encode("latin-1")}, "line 3 is not UTF-8", id="where it is not UTF-8"),
    pytest.param({"guard.toml": "[[ignore]]\nrule='a/b'\npath='*'\nreason=' '"}, "no reason", id="no reason"),
    pytest.param({"guard.toml": "[[ignore]]\nrule='javascript/orphn'\npath='*'\nreason='x'"}, "no rule 'javascript/orphn'", id="a misspelt rule"),
    pytest.param({"guard.toml": "[[ignore]]\nrule='contracts/x'\npath='*'\nreason='x'"}, "no rule 'contracts/x'", id="a check for its rules"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "message"), FILES)
def test_a_broken_file_is_named(files: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace(".", r"\.")):
        load(Snapshot.of(files), discover())


def test_a_byte_order_mark_is_no_mistake() -> None:
    files = {"guard.toml": b"\xef\xbb\xbfskip = ['tree']\r\n"}
    assert load(Snapshot.of(files), discover()).settings.skip == ("tree",)


@pytest.mark.parametrize("rule", ["javascript/*", "fix/any", "contract/any", "guard/unused-ignore"])
def test_a_rule_that_may_exist_can_be_excused(rule: str) -> None:
    files = {"guard.toml": f"[[ignore]]\nrule='{rule}'\npath='*'\nreason='x'"}
    assert load(Snapshot.of(files), discover()).settings.ignore[0].rule == rule


def test_guard_toml_wins_over_pyproject() -> None:
    files = {"guard.toml": "skip = ['tree']", "pyproject.toml": "[tool.guard]\nx = 1"}
    assert load(Snapshot.of(files), discover()).settings.skip == ("tree",)


def test_a_pyproject_without_our_table_says_nothing() -> None:
    assert load(Snapshot.of({"pyproject.toml": "[tool.guardian]"}), discover()).file == ""


@pytest.mark.parametrize("folder", ["", ".", "..", "../fixes", "a/../..", "/"])
def test_rules_lie_in_the_repository(folder: str) -> None:
    snapshot = Snapshot.of({"guard.toml": f"[fixes]\nfolder = '{folder}'", "a.py": "a"})
    with pytest.raises(ConfigError, match="is no folder in the repository"):
        run(plan(snapshot, select=["fixes"]), snapshot)


@pytest.mark.parametrize("folder", ["rules", "./rules", "rules/", "/rules", "x/../rules"])
def test_a_folder_can_be_written_in_many_ways(folder: str) -> None:
    rule = "why = 'w'\npaths = ['*.txt']\nforbid = 'bad'\nbad = 'bad'\ngood = 'fine'\nlanguage = 'text'\n"
    files = {"guard.toml": f"[fixes]\nfolder = '{folder}'", "rules/a.toml": rule, "a.txt": "bad\n"}
    snapshot = Snapshot.of(files)
    assert [f.rule for f in run(plan(snapshot, select=["fixes"]), snapshot).findings] == ["fix/a"]


def test_checks_can_be_skipped_and_selected() -> None:
    snapshot = Snapshot.of({"guard.toml": "skip = ['javascript']"})
    names = [check.name for check in plan(snapshot).checks]
    assert "javascript" not in names
    assert [c.name for c in plan(snapshot, select=["javascript"]).checks] == ["javascript"]
    with pytest.raises(GuardError, match="there is no check 'javascrip'") as caught:
        plan(snapshot, select=["javascrip"])
    assert "'javascript'" in caught.value.hint
