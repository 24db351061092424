"""What a check is, how one is declared, and where all of them are found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from guard.finding import Finding
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any

    Run = Callable[[Snapshot, Any], Iterable[Finding]]
    Explain = Callable[[Snapshot, Any], Mapping[str, str]]
    Idle = Callable[[Snapshot, Any], bool]


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The options of a check that has none."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question about a snapshot."""

    name: str
    """What `--select`, `--skip` and the table in guard.toml call it."""

    run: Run
    """The generator of findings: a pure function of a snapshot and the options."""

    rules: Mapping[str, str]
    """Rule to Markdown, the first line a summary; rules that a repository declares come on top."""

    options_at: type | str
    """See `options`; where it is costly to import, `module:name` of it."""

    prefix: str
    """What the check's rules begin with, before the slash."""

    suffixes: tuple[str, ...]
    """Ends of the file names it reads; a run that targets none of them skips it. Empty: any."""

    by_file: bool
    """Whether it judges each file for itself: it may then be cached and run in parallel."""

    needs_state: bool
    """Whether it judges the state of the repository, which only the docker door asks for."""

    needs_table: bool
    """Whether it has nothing to say where the configuration has no table of its name."""

    declared: Explain | None
    """The rules that the repository itself declares, like `rules`."""

    literals: tuple[str, ...] = ()
    """What a file holds at least one of where the check finds anything in it; empty: unknown."""

    yields_to: tuple[str, ...] = ()
    """Rules of other checks that say it better: where one speaks of the same lines, it is quiet."""

    idle: Idle | None = None
    """Whether it has nothing to say about any file of a snapshot that is compared with none."""

    @property
    def documentation(self) -> str:
        """Markdown: what is refused and why, for `guard explain`, SARIF help and the docs."""
        import inspect

        return inspect.getdoc(self.run) or ""

    @property
    def options(self) -> type:
        """The frozen dataclass that is filled from the check's table in guard.toml."""
        if isinstance(self.options_at, str):
            module, _, name = self.options_at.partition(":")
            import importlib

            found: type = getattr(importlib.import_module(module), name)
            return found
        return self.options_at

    def owns(self, rule: str) -> bool:
        """Whether `rule` is one of this check's."""
        return rule.partition("/")[0] == self.prefix

    def wants(self, path: str) -> bool:
        """Whether a file of this name is one the check reads."""
        return not self.suffixes or path.lower().endswith(self.suffixes)


CHECKS: dict[str, Check] = {}


def check(
    *,
    rules: Mapping[str, str] | None = None,
    options: type | str = NoOptions,
    prefix: str = "",
    suffixes: tuple[str, ...] = (),
    by_file: bool = False,
    literals: tuple[str, ...] = (),
    yields_to: tuple[str, ...] = (),
    needs_state: bool = False,
    needs_table: bool = False,
    declared: Explain | None = None,
    idle: Idle | None = None,
) -> Callable[[Run], Run]:
    """Declares the decorated generator as a check; its docstring is its documentation.

    A check module is imported at every run: whatever is costly to import (a parser) belongs
    into the room of its own and is imported when a file needs it.
    """

    def declare(run: Run) -> Run:
        name = getattr(run, "__name__", "")
        CHECKS[name] = Check(
            name=name,
            run=run,
            rules=rules or {},
            options_at=options,
            prefix=prefix or name,
            suffixes=suffixes,
            by_file=by_file,
            literals=literals,
            yields_to=yields_to,
            needs_state=needs_state,
            needs_table=needs_table,
            declared=declared,
            idle=idle,
        )
        return run

    return declare


def discover() -> Mapping[str, Check]:
    """Every check by name: one module of `guard/checks/` each, imported in order of name."""
    # By name: the checks stand above this module and import it. A folder is listed by hand, since
    # `pkgutil` loads Python's parser to do it.
    # `__import__`, since importing `importlib` takes as long as importing two of the checks.
    package = __import__("guard.checks").checks
    files = {name for folder in package.__path__ for name in os.listdir(folder)}
    for file in sorted(files):
        if file.endswith(".py") and file != "__init__.py":
            __import__(f"guard.checks.{file.removesuffix('.py')}")
    return CHECKS
