"""The javascript check: no file that does not parse passes, and what a bad edit left is named."""

from __future__ import annotations

from collections.abc import Iterator

from guard.check import NoOptions, check
from guard.finding import Finding
from guard.snapshot import Snapshot

SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".html", ".htm", ".vue", ".svelte")

RULES = {
    "javascript/syntax": "A file is not JavaScript that engines run\n\n"
    "The whole file is dead: the engine refuses it before it runs the first line.",
    "javascript/orphan": "A fragment that a bad edit left behind keeps a file from parsing\n\n"
    "The tail or head of a function, a bracket, a comma or a quote too many or too few. The "
    "finding names the fragment, the function it was left behind, and where the parser stumbled. "
    "`--fix` applies the repair, which is only offered where the repaired file parses.",
}


@check(rules=RULES, suffixes=SUFFIXES, by_file=True)
def javascript(snapshot: Snapshot, options: NoOptions) -> Iterator[Finding]:
    """JavaScript must parse: in `.js .mjs .cjs .jsx` files, and in `.html`, `.vue` and `.svelte`.

    A file that does not parse does not run at all: one left-over line in an object of methods,
    and the page never starts. Files are read as their runtime reads them (script, module or
    CommonJS, by extension, package.json and syntax), after the ECMAScript that engines ship.
    TypeScript is left to tsc.
    """
    from guard.javascript.report import findings

    for file in snapshot.targets():
        yield from findings(snapshot, file)
