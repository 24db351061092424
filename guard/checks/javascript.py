"""The javascript check: no file that does not parse passes, and what a bad edit left is named."""

from __future__ import annotations

import gc
from collections.abc import Iterator

from guard.check import NoOptions, check
from guard.finding import Finding
from guard.snapshot import Snapshot

SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".html", ".htm", ".vue", ".svelte")

VERDICT = {
    "javascript/syntax": "A file is not JavaScript that engines run\n\n"
    "The whole file is dead: the engine refuses it before it runs the first line.",
    "javascript/orphan": "A fragment that a bad edit left behind keeps a file from parsing\n\n"
    "The tail or head of a function, a bracket, a comma or a quote too many or too few. The "
    "finding names the fragment, the function it was left behind, and where the parser stumbled. "
    "`--fix` applies the repair, which is only offered where the repaired file parses.",
}
"""Rules about files that do not parse."""

LEFTOVERS = {
    "javascript/duplicate-member": "A member stands twice in an object or a class\n\n"
    "The last one wins without a word, and the other is dead code that looks alive.",
    "javascript/duplicate-function": "A function is declared twice in one scope\n\n"
    "Declarations are hoisted: the last one is called everywhere, before its place as well.",
    "javascript/unreachable": "Nothing reaches a statement\n\n"
    "What stands before it always leaves: a return, a throw, a break, a loop without an end. "
    "A `break` after a `return` alone is a warning.",
    "javascript/stray-this": "A statement outside of any function uses `this` as in a method\n\n"
    "There `this` is the global object, the exports, or in a module undefined.",
    "javascript/stray-label": "A `key: value` stands outside of its object\n\n"
    "It parses, as a label before an expression, and does nothing.",
}
"""Rules about files that parse: a change answers for what it brought in, a build for none of it."""

REMARKS = {
    "javascript/unused-label": "Nothing jumps to a label\n\nA warning. Remove the label.",
    "javascript/no-effect": "A statement does nothing\n\n"
    "A warning: a call that lost its parentheses, a comparison that was to assign, a value that "
    "is not used.",
    "javascript/reassigned-function": "A function is overwritten by an assignment\n\n"
    "A warning: whoever calls it by its name gets something else from then on.",
}
"""Rules whose findings are all warnings."""


@check(rules=VERDICT | LEFTOVERS | REMARKS, suffixes=SUFFIXES, by_file=True)
def javascript(snapshot: Snapshot, options: NoOptions) -> Iterator[Finding]:
    """JavaScript must parse: in `.js .mjs .cjs .jsx` files, and in `.html`, `.vue` and `.svelte`.

    A file that does not parse does not run at all: one left-over line in an object of methods,
    and the page never starts. Files are read as their runtime reads them (script, module or
    CommonJS, by extension, package.json and syntax), after the ECMAScript that engines ship.
    TypeScript is left to tsc. What parses is also searched for what a bad edit left in it: a
    member or function that stands twice, statements that nothing reaches, a key outside of its
    object.
    """
    from guard.javascript.engines.ahead import accepted

    known = accepted(snapshot)
    collecting = gc.isenabled()
    gc.disable()  # trees are no garbage, and looking for some in them takes a twentieth of the time
    try:
        for file in snapshot.targets():
            one = known.get(file.path)
            if one is None or not one.settled:
                from guard.javascript.report import findings  # 5 ms that sound files do not need

                yield from findings(snapshot, file, one)
    finally:
        if collecting:
            gc.enable()
