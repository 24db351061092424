"""Rules that their examples prove: bad is found, good is not, and bad mended is good."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from guard.errors import ConfigError
from guard.fixes.files import sound
from guard.fixes.matching.pattern import TooMuchWork, Unreadable
from guard.fixes.repair import patched, repairs
from guard.fixes.rule import FOLDER, Rule, paths_of
from guard.fixes.rulefile import parse
from guard.fixes.search import forbidden
from guard.snapshot import Snapshot


def failures(rule: Rule, *, compared: bool = True) -> list[str]:
    """What the examples fail to show; empty where they prove the rule.

    Where their repairs are not `compared` with what libcst makes of them, libcst, which takes
    longer to import than a small commit takes to judge, is not needed.
    """
    found = []
    if not rule.bad:
        found.append("bad is missing: an example of the mistake")
    if not rule.good:
        found.append("good is missing: an example of code that is right")
    for kind, texts in (("bad", rule.bad), ("good", rule.good)):
        for number, text in enumerate(texts, 1):
            label = kind if len(texts) == 1 else f"{kind} {number}"
            try:
                found += [f"{label} {problem}" for problem in judged(rule, kind, text, compared)]
            except Unreadable as problem:
                found.append(f"{label} cannot be parsed: {problem.why}\n{quoted(text)}")
            except TooMuchWork:
                found.append(f"{label} takes too long to match")
    return found


def quoted(text: str) -> str:
    """An example as it is shown in a message."""
    return textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")


def judged(rule: Rule, kind: str, text: str, compared: bool) -> Iterator[str]:
    """What is wrong with one example."""
    file = rule.language.example(text)
    matches = forbidden(rule, file)
    missing = [p for p in rule.require if not p.find(file)]
    if kind == "good":
        if matches:
            yield f"is forbidden by this rule:\n{quoted(text)}"
        if missing:
            yield f"does not have what is required:\n{quoted(text)}"
        return
    if not matches and not missing:
        yield f"is not found by this rule:\n{quoted(text)}"
    if rule.replace is not None and matches:
        patches = repairs(rule, matches, file, compared=compared)
        if not all(patches):
            yield f"cannot be mended by replace:\n{quoted(text)}"
            return
        new = patched(file.text, [p for each in patches for p in each])
        if not any(says(rule, good, new) for good in rule.good):
            yield f"is mended to what is not among the good ones:\n{quoted(new)}"


def says(rule: Rule, good: str, new: str) -> bool:
    """Whether a good example is the code `new`."""
    try:
        return rule.language.equal(new, rule.language.example(good).text)
    except Unreadable:
        return False  # said of the example itself


def proven(rule: Rule, *, compared: bool = True) -> Rule:
    """The rule itself; a ConfigError where its examples do not prove it; see `failures`."""
    problems = failures(rule, compared=compared)
    if problems:
        raise ConfigError(
            f"{rule.file}: the examples do not prove this rule\n" + "\n".join(problems),
            f"mend bad and good, then: guard fixes test {rule.id}",
        )
    return rule


def load(snapshot: Snapshot, folder: str = FOLDER) -> list[Rule]:
    """Every rule of a snapshot, proven; a ConfigError names the file that is wrong."""
    return read(snapshot, sound(snapshot, paths_of(snapshot, folder)))


def read(snapshot: Snapshot, paths: Iterable[str]) -> list[Rule]:
    """The rules in the files at `paths`, proven; a ConfigError names the file that is wrong."""
    found = {path: file for path, file in snapshot.find(paths).items() if file.is_regular}
    snapshot.read_ahead(found.values())
    rules = [parse(path, snapshot.read(file)) for path, file in sorted(found.items())]
    # What is repaired in earnest is compared with libcst then: no run waits for that here.
    return [proven(rule, compared=False) for rule in rules]
