"""What a fix needs to know of the language its code is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from guard.errors import ConfigError, nearest
from guard.fixes.seen import Need
from guard.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Language:
    """One kind of file, and how patterns are found and repaired in it."""

    name: str
    """What `language = …` in a rule calls it."""

    suffixes: tuple[str, ...]
    """Ends of the names of its files; empty: any."""

    compile: Callable[[str], Any]
    """Text to a pattern: what has `find(file, env=None)` and `metavariables`."""

    template: Callable[[str], Any]
    """Text to a replacement: a pattern that may also be a hole alone."""

    read: Callable[[bytes], Any]
    """The content of a file to what patterns are found in: it has `text` and `lines`."""

    needs: Callable[[Any], tuple[Need, ...]]
    """What every file with a match of a pattern contains."""

    patches: Callable[[Any, Any, Any, Any], list[Any]]
    """(pattern, replacement, match, file) to patches of its text."""

    definitions: Callable[[Any], Iterable[tuple[tuple[str, ...], str, int, int]]]
    """The functions and classes of a file: names, outermost first, what it is, and the region."""

    comments: Callable[[Any], int]
    """How many comments a file has; a large number where they cannot be counted."""

    example: Callable[[str], Any]
    """An example of a rule file as a file; Unreadable where it is no code."""

    equal: Callable[[str, str], bool]
    """Whether two texts are the same code, up to formatting."""


def python() -> Language:
    """Python, through the standard library's parser."""
    from guard.fixes import examples, literals
    from guard.fixes.matching import pattern
    from guard.fixes.matching.text import comments, definitions

    return Language(
        name="python",
        suffixes=(".py", ".pyi", ".pyw"),
        compile=pattern.compile,
        template=pattern.template,
        read=pattern.read,
        needs=literals.needs,
        patches=rewritten,
        definitions=definitions,
        comments=comments,
        example=examples.example,
        equal=examples.equal,
    )


def javascript() -> Language:
    """JavaScript, through tree-sitter."""
    from guard.fixes import literals
    from guard.fixes.script import script, scriptpattern, scriptscope

    return Language(
        name="javascript",
        suffixes=(".js", ".mjs", ".cjs", ".jsx"),
        compile=scriptpattern.compile,
        template=scriptpattern.template,
        read=script.read,
        needs=literals.needs,
        patches=rewritten,
        definitions=scriptscope.definitions,
        comments=script.comments,
        example=script.example,
        equal=script.equal,
    )


def rewritten(pattern: Any, replacement: Any, match: Any, file: Any) -> list[Any]:
    """The patches for one match, through what a rule without a repair never has to import."""
    from guard.fixes.mending.rewrite import patches

    return patches(pattern, replacement, match, file)


def text() -> Language:
    """Anything else, through regular expressions."""
    from guard.fixes import plain

    return Language(
        name="text",
        suffixes=(),
        compile=plain.compile,
        template=plain.template,
        read=plain.read,
        needs=plain.needs,
        patches=plain.patches,
        definitions=plain.definitions,
        comments=plain.comments,
        example=plain.example,
        equal=plain.equal,
    )


LANGUAGES: dict[str, Callable[[], Language]] = {
    "python": python,
    "javascript": javascript,
    "text": text,
}


def language(name: str) -> Language:
    """The language of that name; a ConfigError where there is none."""
    if name not in LANGUAGES:
        raise ConfigError(f"there is no language {name!r}", nearest(name, [*LANGUAGES]))
    return LANGUAGES[name]()


def of_paths(paths: Sequence[str]) -> str:
    """The language that the ends of path globs speak of; Python where they say nothing."""
    ends = {path.rpartition("/")[2].rpartition(".")[2].lower() for path in paths if "." in path}
    if ends and ends <= {"js", "mjs", "cjs", "jsx"}:
        return "javascript"
    if not ends or ends & {"py", "pyi", "pyw"} or any("*" in end or "/" in end for end in ends):
        return "python"
    return "text"
