"""Reads command lines of docker, compose, buildx, podman and buildah: do they build, and what."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from guard.docker.line import flags as tables
from guard.docker.line.build import CommandLine, Flag, Tool, truthy
from guard.docker.line.flags import Grammar
from guard.values import dataclass, replace

MOST_UNKNOWN = 6
"""More unknown flags than this are read as taking no value: readings double with each."""


@dataclass(frozen=True, slots=True)
class Words:
    """One reading of the words behind a command."""

    flags: tuple[Flag, ...] = ()
    """The flags, in order."""

    operands: tuple[str, ...] = ()
    """What is no flag."""

    end: int = 0
    """Index of the first operand; the number of words where there is none."""

    unknown: tuple[str, ...] = ()
    """Flags that the grammar does not know."""

    def asks_for_help(self) -> bool:
        """Whether `--help` is among the flags."""
        return any(f.name == "help" and truthy(f.value) for f in self.flags)


def readings(grammar: Grammar, words: Sequence[str], at: int) -> Iterator[Words]:
    """Every way to read `words` from index `at` on; more than one where a flag is unknown.

    Whether an unknown flag takes the next word as its value cannot be known, so both are tried.
    """
    yield from _read(grammar, words, at, Words(end=len(words)), False)


def _read(
    grammar: Grammar, words: Sequence[str], at: int, sofar: Words, ended: bool
) -> Iterator[Words]:
    while at < len(words):
        word = words[at]
        if not ended and word == "--":
            ended, at = True, at + 1
            continue
        if ended or not word.startswith("-") or word == "-":
            end = at if not sofar.operands else sofar.end
            if not grammar.mixed:
                yield replace(sofar, operands=tuple(words[at:]), end=end)
                return
            sofar = replace(sofar, operands=(*sofar.operands, word), end=end)
            at += 1
            continue
        found, taken, strange = _flag(grammar, words, at)
        if strange:
            sofar = replace(sofar, unknown=(*sofar.unknown, word))
        sofar = replace(sofar, flags=(*sofar.flags, *found))
        if strange and taken == 1 and at + 1 < len(words) and len(sofar.unknown) <= MOST_UNKNOWN:
            yield from _read(grammar, words, at + 2, sofar, ended)
        at += taken
    yield sofar


def _flag(grammar: Grammar, words: Sequence[str], at: int) -> tuple[list[Flag], int, bool]:
    """The flags in one word, how many words they take, and whether a value may be missing."""
    word = words[at]
    if not word.startswith("--"):
        return _cluster(grammar, words, at)
    name, equals, value = word[2:].partition("=")
    name = _long(grammar, name)
    kind = grammar.long.get(name)
    if equals:
        return [Flag(name, value, at)], 1, False
    if kind is None:
        return [Flag(name, "true", at)], 1, True
    if kind != "=":
        return [Flag(name, "true", at)], 1, False
    value = words[at + 1] if at + 1 < len(words) else ""
    return [Flag(name, value, at)], 2, False


def _long(grammar: Grammar, name: str) -> str:
    """The name in the table that `name` means."""
    name = grammar.aliases.get(name, name)
    if name in grammar.long or not grammar.prefixes:
        return name
    fitting = [known for known in grammar.long if known.startswith(name) and len(known) > 1]
    return fitting[0] if len(fitting) == 1 else name


def _cluster(grammar: Grammar, words: Sequence[str], at: int) -> tuple[list[Flag], int, bool]:
    """The flags in a word such as `-qt`, where the last may take a value."""
    letters = words[at][1:]
    found: list[Flag] = []
    while letters:
        letter, letters = letters[0], letters[1:]
        name = grammar.short.get(letter)
        if letters.startswith("=") and len(letters) > 1:
            return [*found, Flag(name or letter, letters[1:], at)], 1, False
        if name is None:
            # The rest may be its value, or more switches, or the value may be the next word.
            return [*found, Flag(letter, letters or "true", at)], 1, not letters
        if grammar.long[name] == "=":
            if letters:
                return [*found, Flag(name, letters, at)], 1, False
            value = words[at + 1] if at + 1 < len(words) else ""
            return [*found, Flag(name, value, at)], 2, False
        found.append(Flag(name, "true", at))
    return found, 1, False


def parse(words: Sequence[str], *, v1: bool = False) -> tuple[CommandLine, ...]:
    """Every reading of a command line that builds or may build; empty where none does.

    `words` begin with the program's name, or its path. `v1` says that `docker-compose` is
    version 1.
    """
    name = os.path.basename(words[0]).removesuffix(".exe")
    words = tuple(words)
    found: Iterable[CommandLine]
    if name == "docker":
        found = _docker(words)
    elif name == "docker-compose":
        found = _compose(words, 1, (), v1)
    elif name in ("docker-buildx", "buildx"):
        found = _buildx(words, 1, (), Tool.BUILDX)
    elif name == "podman":
        found = _podman(words)
    elif name == "buildah":
        found = _buildah(words)
    else:
        found = ()
    return tuple(dict.fromkeys(found))


def _docker(words: tuple[str, ...]) -> Iterator[CommandLine]:
    for root in readings(tables.docker(), words, 1):
        if root.asks_for_help() or _asks_for_version(root):
            continue
        command = words[root.end : root.end + 2]
        at = root.end + 1
        match command:
            case ("build", *_):
                yield from _verb(Tool.DOCKER, words, "build", at, root, tables.build())
            case ("image", "build"):
                yield from _verb(Tool.DOCKER, words, "build", at + 1, root, tables.build())
            case ("bake", *_):
                yield from _verb(Tool.BUILDX, words, "bake", at, root, tables.bake())
            case ("builder", *_):
                # Newer clients hand `builder` on to buildx; older ones know `builder build` only.
                yield from _buildx(words, at, root.flags, Tool.DOCKER, root.unknown)
            case ("buildx", *_):
                yield from _buildx(words, at, root.flags, Tool.BUILDX, root.unknown)
            case ("compose", *_):
                yield from _compose(words, at, root.flags, False, root.unknown)


def _buildx(
    words: tuple[str, ...],
    at: int,
    before: tuple[Flag, ...],
    tool: Tool,
    unknown: tuple[str, ...] = (),
) -> Iterator[CommandLine]:
    for own in readings(tables.buildx(), words, at):
        root = replace(own, flags=(*before, *own.flags), unknown=(*unknown, *own.unknown))
        if own.asks_for_help() or own.end == len(words):
            continue
        command, at = words[own.end], own.end + 1
        if command in ("debug", "dap"):
            # `buildx debug build …`, with flags of its own before the command.
            for inner in readings(tables.buildx(), words, at):
                if words[inner.end : inner.end + 1] == ("build",) and not inner.asks_for_help():
                    yield from _verb(tool, words, "build", inner.end + 1, root, tables.build())
        elif command in ("build", "b"):
            yield from _verb(tool, words, "build", at, root, tables.build())
        elif command in ("bake", "f"):
            yield from _verb(Tool.BUILDX, words, "bake", at, root, tables.bake())


def _compose(
    words: tuple[str, ...],
    at: int,
    before: tuple[Flag, ...],
    v1: bool,
    unknown: tuple[str, ...] = (),
) -> Iterator[CommandLine]:
    commands = tables.COMPOSE_V1_COMMANDS if v1 else tables.COMPOSE_COMMANDS
    tool = Tool.COMPOSE_V1 if v1 else Tool.COMPOSE
    for own in readings(tables.compose_v1() if v1 else tables.compose(), words, at):
        root = replace(own, flags=(*before, *own.flags), unknown=(*unknown, *own.unknown))
        if own.asks_for_help() or _asks_for_version(own) or own.end == len(words):
            continue
        length = 2 if words[own.end] == "alpha" and not v1 else 1
        at = own.end + length
        verb = words[at - 1] if at <= len(words) else ""
        if verb in commands:
            grammar = tables.compose_v1_command(verb) if v1 else tables.compose_command(verb)
            yield from _verb(tool, words, verb, at, root, grammar, length)


def _podman(words: tuple[str, ...]) -> Iterator[CommandLine]:
    for root in readings(tables.podman(), words, 1):
        if root.asks_for_help() or _asks_for_version(root):
            continue
        command = words[root.end : root.end + 2]
        length = 1 if command[:1] == ("build",) else 2
        if length == 1 or command in [(g, "build") for g in ("image", "buildx", "builder", "farm")]:
            at = root.end + length
            yield from _verb(Tool.PODMAN, words, "build", at, root, tables.podman_build())


def _buildah(words: tuple[str, ...]) -> Iterator[CommandLine]:
    for root in readings(tables.buildah(), words, 1):
        command = words[root.end : root.end + 1]
        if root.asks_for_help() or _asks_for_version(root):
            continue
        if command and command[0] in ("build", "bud", "build-using-dockerfile"):
            grammar = tables.buildah_build()
            yield from _verb(Tool.BUILDAH, words, "build", root.end + 1, root, grammar)


def _verb(
    tool: Tool,
    words: tuple[str, ...],
    verb: str,
    at: int,
    root: Words,
    grammar: Grammar,
    length: int = 1,
) -> Iterator[CommandLine]:
    """The readings of what stands behind a verb; none where it only asks for help."""
    for own in readings(grammar, words, at):
        unknown = (*root.unknown, *own.unknown)
        line = CommandLine(
            tool, words, verb, at, root.flags, own.flags, own.operands, unknown, length
        )
        if not own.asks_for_help() and not _only_looks(line):
            yield line


def _asks_for_version(words: Words) -> bool:
    return any(f.name == "version" and truthy(f.value) for f in words.flags)


def _only_looks(line: CommandLine) -> bool:
    """Whether the flags turn a build into a question: nothing is built then."""
    if line.tool in (Tool.PODMAN, Tool.BUILDAH, Tool.COMPOSE_V1):
        return False
    if line.tool is Tool.COMPOSE:
        return line.root_on("dry-run") or (
            line.verb == "build" and (line.on("check") or line.on("print"))
        )
    if line.on("check") or line.on("list-targets") or line.on("list-variables"):
        return True
    if line.verb == "bake" and (line.on("print") or line.last("list")):
        return True
    asked = line.last("call") or (line.last("print") if line.verb == "build" else None)
    return bool(asked) and (asked or "").split(",")[0].removeprefix("format=") != "build"
