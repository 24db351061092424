"""`guard fixes`: the known fixes of a repository, and what proves them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module

import click

from guard import sources
from guard.check import discover
from guard.checks.fixes import folder_of
from guard.config import plan
from guard.errors import CLEAN, FINDINGS, GitError, GuardError
from guard.fixes.rule import Rule, expired, paths_of, unknown
from guard.fixes.rulefile import ID, parse
from guard.git import Repository
from guard.report.text import shown
from guard.snapshot import Snapshot

ELSEWHERE = {
    "learn": "Propose the rule for a fix from the commit that made it.",
    "retire": "Take a rule out whose fix is needed no more.",
    "trace": "Show where a fix is, and where it was lost.",
}
"""Subcommands with a module of their own, `guard.commands.fixes_NAME`, and their summaries."""


class Group(click.Group):
    """The subcommands here, and those that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of that name."""
        if cmd_name in ELSEWHERE:
            found: click.Command = import_module(f"guard.commands.fixes_{cmd_name}").command
            return found
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The summaries, without importing anything."""
        here = {name: command.get_short_help_str(80) for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted({**here, **ELSEWHERE}.items()))


@click.group("fixes", cls=Group)
def command() -> None:
    """Keep what was fixed once: each fix is a file in .guard/fixes."""


def place() -> tuple[str, str, Snapshot]:
    """The root, the folder of the rules below it, and the rule files as they lie on disk."""
    try:
        repository = Repository.find(".")
        root, configured = repository.root, sources.tracked(repository)
    except GitError:
        root = os.getcwd()
        configured = sources.folder(root, ["guard.toml", "pyproject.toml"])
    planned = plan(configured, select=["fixes"])
    folder = folder_of(planned.options_of(discover()["fixes"]))
    here = os.path.join(root, folder)
    listed = sorted(os.listdir(here)) if os.path.isdir(here) else []
    return root, folder, sources.folder(root, [f"{folder}/{name}" for name in listed])


def rules() -> list[Rule]:
    """Every rule on disk, staged or not, and not yet proven."""
    return chosen(())


def chosen(names: Sequence[str]) -> list[Rule]:
    """The rules of those names, or all of them; a GuardError for one that does not exist.

    Only these are read: one that is being written keeps no other from being shown.
    """
    _, folder, snapshot = place()
    known = files(paths_of(snapshot, folder))
    paths = [file_of(name, known) for name in names] if names else sorted(known.values())
    found = snapshot.find(paths)
    return [parse(path, snapshot.read(found[path])) for path in paths]


def files(paths: Iterable[str]) -> dict[str, str]:
    """The rule files by the ids of their rules."""
    return {path.rpartition("/")[2].removesuffix(".toml"): path for path in paths}


def file_of(name: str, known: Mapping[str, str]) -> str:
    """The file of the rule called `name`, with or without `fix/`; a GuardError for none."""
    try:
        return known[name.removeprefix("fix/")]
    except KeyError:
        raise unknown(name, [*known]) from None


@command.command("list")
def list_() -> int:
    """List the fixes: what each holds, where, and what finding it costs."""
    found = rules()
    if not found:
        click.echo("no fix is recorded here; see: guard fixes new, guard fixes learn")
    for rule in found:
        click.echo(f"{click.style(rule.id, bold=True)}: {shown(rule.why.splitlines()[0])}")
        for line in described(rule):
            click.echo(f"  {line}")
    return CLEAN


def described(rule: Rule) -> Iterator[str]:
    """What a rule does, in a few lines."""
    does = [word for word, on in (("forbids", rule.forbid), ("requires", rule.require)) if on]
    does += ["repairs"] if rule.replace is not None else []
    where = ", ".join(rule.paths) or "every file"
    scope = ".".join(part for part in (rule.class_, rule.function) if part)
    yield f"{', '.join(does)}; {rule.language.name}; {rule.severity}; in {where}" + (
        f", {scope}" if scope else ""
    )
    if rule.commit:
        yield f"fixed in {rule.commit}"
    if expired(rule):
        yield f"expired on {rule.expires}: refuses nothing"
    elif rule.expires:
        yield f"until {rule.expires}"
    if cost := searching(rule):
        yield cost


def searching(rule: Rule) -> str:
    """What it costs that nothing in a pattern tells which files to look at; empty where it does."""
    from guard.fixes.sought import selective

    wide = [needs for needs in rule.needs if not selective(needs)]
    if not wide:
        return ""
    what = {
        "python": "is parsed, about 5 MB of Python a second",
        "javascript": "is parsed, about 10 MB of JavaScript a second",
    }.get(rule.language.name, "is searched for it")
    words = [need.text for needs in wide for need in needs]
    if not all(wide) or not words:
        return f"has no literal to look for: every such file {what}"
    has = " or ".join(repr(word) for word in dict.fromkeys(words))
    return f"has only {has} to look for, which says little: every such file that has it {what}"


@command.command("show")
@click.argument("name", metavar="ID")
def show(name: str) -> int:
    """Show one fix: its file, and what its examples prove."""
    [rule] = chosen([name])
    click.echo(f"{click.style(rule.name, bold=True)} in {rule.file}")
    for line in described(rule):
        click.echo(f"  {line}")
    for literal in searched(rule):
        click.echo(f"  looks for {literal}")
    click.echo()
    click.echo(rule.text.rstrip("\n"))
    return CLEAN


def searched(rule: Rule) -> Iterator[str]:
    """The texts that a file must contain to be parsed for the rule."""
    for needs in rule.needs:
        if needs:
            yield " and ".join(repr(need.text) for need in needs)


@command.command("test")
@click.argument("names", metavar="[ID]...", nargs=-1)
def test(names: tuple[str, ...]) -> int:
    """Prove fixes by their examples: bad is found, good is not, bad repaired is good."""
    from guard.fixes.proof import failures

    failed = 0
    for rule in chosen(names):
        problems = failures(rule)
        failed += bool(problems)
        verdict = click.style("fails", fg="red") if problems else click.style("proven", fg="green")
        mends = ", repair" if rule.replace is not None else ""
        click.echo(f"{rule.id}: {verdict} ({len(rule.bad)} bad, {len(rule.good)} good{mends})")
        for problem in problems:
            click.echo("  " + problem.replace("\n", "\n  "))
    return FINDINGS if failed else CLEAN


@command.command("new")
@click.argument("name", metavar="ID")
@click.option("--why", help="What goes wrong without the fix.")
@click.option("--incident", help="A link to what happened.")
@click.option("--commit", help="The commit that fixed it.")
@click.option("--paths", multiple=True, metavar="GLOB", help="Files it is about; repeatable.")
@click.option("--function", help="The function it is about.")
@click.option("--class", "class_", help="The class it is about.")
@click.option("--language", help="python (the default), javascript or text.")
@click.option("--forbid", multiple=True, metavar="PATTERN", help="Code that must not come back.")
@click.option("--replace", metavar="PATTERN", help="What is written instead.")
@click.option("--require", multiple=True, metavar="PATTERN", help="Code that must stay.")
@click.option("--bad", multiple=True, metavar="CODE", help="The mistake, as it was.")
@click.option("--good", multiple=True, metavar="CODE", help="The fix.")
def new(name: str, **given: str | tuple[str, ...] | None) -> int:
    """Begin the file of a fix: with what is given, and comments for what is not."""
    from guard.fixes.draft import draft
    from guard.fixes.proof import proven

    name = name.removeprefix("fix/").removesuffix(".toml")
    valid(name)
    root, folder, _ = place()
    path = f"{folder}/{name}.toml"
    target = os.path.join(root, path)
    if os.path.exists(target):
        raise GuardError(f"{path} exists already", f"see: guard fixes show {name}")
    text = draft(values(given))
    complete = bool(given["why"] and (given["forbid"] or given["require"]))
    if complete and given["bad"] and given["good"]:
        proven(parse(path, text.encode()))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    click.echo(f"wrote {path}")
    click.echo(f"next: fill it in, then: guard fixes test {name}\nthen:  {staging([path], path)}")
    return CLEAN


def staging(paths: Sequence[str], what: str) -> str:
    """The command that puts rule files into git; with a note where git ignores them."""
    try:
        repository = Repository.find(".")
        asked = ["ls-files", "--others", "--ignored", "--exclude-standard", "--full-name", "-z"]
        ignored = repository.git(*asked, "--", *(f":(top,literal){path}" for path in paths))
    except GitError:
        ignored = b""
    if not ignored:
        return f"git add {what}"
    first = ignored.split(b"\0")[0].decode("utf-8", "replace")
    note = f"note: git ignores {shown(first)}; until it is added, nothing holds the fix"
    return f"git add -f {what}\n{note}"


def valid(name: str) -> None:
    """A GuardError where a word is no id for a fix."""
    if not ID.match(name):
        raise GuardError(f"{name!r} is no name for a fix", "use letters, digits, - and _")


def values(given: Mapping[str, str | tuple[str, ...] | None]) -> dict[str, str | list[str]]:
    """The keys of a rule file from the options: single values are not written as lists."""
    found: dict[str, str | list[str]] = {}
    for key, value in given.items():
        if value:
            single = not isinstance(value, str) and len(value) == 1 and key != "paths"
            found[key.rstrip("_")] = value if isinstance(value, str) else (
                value[0] if single else [*value]
            )  # fmt: skip
    return found
