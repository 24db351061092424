"""The small commands: what is there, what it means, and how a shell completes it."""

from __future__ import annotations

import sys

import pytest
from conftest import Repo, execute

from guard import __version__
from guard.check import discover


@pytest.mark.parametrize(
    "command",
    [["guard"], ["treeguard"], [sys.executable, "-m", "guard"]],
    ids=["guard", "treeguard", "-m"],
)
def test_every_way_to_start_it(repo: Repo, command: list[str]) -> None:
    assert execute(*command, "--version", cwd=repo.root).out == f"guard, version {__version__}\n"


def test_list_names_every_check_and_what_is_off(repo: Repo) -> None:
    repo.write("guard.toml", "skip = ['javascript']")
    listed = repo.guard("list").out
    for name in discover():
        assert f"\n{name} (" in "\n" + listed
    assert "javascript (off)" in listed
    assert "javascript/orphan: " in listed


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in discover()])
def test_every_check_is_explained_with_its_options(repo: Repo, name: str) -> None:
    check = discover()[name]
    explained = repo.guard("explain", name)
    assert explained.status == 0, explained.all
    assert check.documentation.splitlines()[0] in explained.out
    for option in check.options.__dataclass_fields__:
        assert f"\n  {option} = " in explained.out


@pytest.mark.parametrize("rule", [r for check in discover().values() for r in check.rules])
def test_every_rule_is_explained_and_can_be_excused(repo: Repo, rule: str) -> None:
    explained = repo.guard("explain", rule)
    assert explained.status == 0, explained.all
    assert explained.out.startswith(f"{rule}: ")
    assert f"guard: ignore[{rule}]" in explained.out


def test_a_rule_of_the_repository_is_explained(repo: Repo) -> None:
    repo.write(
        ".guard/fixes/answer.toml",
        "why = 'the answer is known'\nforbid = 'answer(41)'\nreplace = 'answer(42)'\n"
        "bad = 'answer(41)'\ngood = 'answer(42)'\n",
    )
    explained = repo.guard("explain", "fix/answer").out
    assert explained.startswith(
        "fix/answer: the answer is known\n\nMust not come back:\n    answer(41)"
    )
    assert "\n\nTo be written instead:\n    answer(42)\n\nAbout every file of python\n" in explained
    assert "guard fixes retire answer\n\nThe whole check" in explained
    assert "fix/answer" in repo.guard("list").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(repo: Repo, shell: str) -> None:
    script = repo.guard("completion", shell).out
    assert "_GUARD_COMPLETE" in script
    assert "treeguard" in script


def test_completion_completes_commands_and_options(repo: Repo) -> None:
    def complete(words: str, position: int) -> str:
        env = {"_GUARD_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        return execute("guard", cwd=repo.root, **env).out

    assert "check" in complete("guard ch", 1)
    assert "--staged" in complete("guard check --st", 2)
    assert "sarif" in complete("guard check --format s", 3)
    assert complete("guard check --select ja", 3) == "plain,javascript\n"
    assert "plain,tree/unpushed\n" in complete("guard explain tree/", 2)


def test_help_lists_every_command_and_hides_what_is_for_programs(repo: Repo) -> None:
    out = repo.guard("--help").out
    assert "check" in out
    assert "\n  hook" not in out


def test_long_work_shows_a_bar_on_a_terminal(repo: Repo) -> None:
    """No engine reads JSX, so there is work for more than the half second that nobody minds."""
    body = "\n".join(f"export const a{n} = [{n}, {n}, {n}];" for n in range(400))
    for number in range(120):
        repo.write(f"{number}.jsx", body + f"\nexport const z = {number};\n")
    repo.git("add", "-A")
    command = f"{sys.executable} -m guard check --all"
    env = {"TERM": "xterm", "COLUMNS": "100"}
    on = execute("script", "-qec", command, "/dev/null", cwd=repo.root, **env)
    assert "━" in on.out, on.all
    assert "clean" in on.out
    off = repo.guard("check", "--all")
    assert "━" not in off.all
