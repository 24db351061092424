"""Which rules a change can be about, told from the text of their files: compiles no pattern.

A commit must not wait for patterns that have nothing to find in it. What is told here is only
what a pattern surely needs: words that it quotes, names behind a dot. Where that tells nothing,
the rule counts as one that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from guard.entries import File
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from guard.fixes.seen import Need, Seen

QUOTED = r"(?<!\w)\"([A-Za-z_]\w{2,11})\"|(?<!\w)'([A-Za-z_]\w{2,11})'"
DOTTED = r"(?a)(?<=[\w)\]])\.([A-Za-z_]\w{2,})"
PATHS = rb"""(?m)^paths[ \t]*=[ \t]*\[([^][\\#]*)\][ \t]*$"""
CODE = (b".py", b".pyi", b".pyw", b".js", b".mjs", b".cjs", b".jsx")
SUFFIXES = (".py", ".pyi", ".pyw", ".js", ".mjs", ".cjs", ".jsx")


def matter(snapshot: Snapshot, paths: Sequence[str]) -> list[str]:
    """Those of the rule files `paths` that a change can be about; all of them in other runs."""
    if snapshot.changes is None:
        return list(paths)
    sides = [side for c in snapshot.changes for side in (c.old, c.new) if side is not None]
    touched = {side.path for side in sides}
    targets = list(snapshot.targets())
    seen: dict[str, Seen] = {}
    found = []
    for path, file in sorted(snapshot.find(paths).items()):
        if path in touched or concerns(snapshot, snapshot.read(file), targets, touched, seen):
            found.append(path)
    return found


def concerns(
    snapshot: Snapshot,
    content: bytes,
    targets: Sequence[File],
    touched: set[str],
    seen: dict[str, Seen],
) -> bool:
    """Whether the rule in `content` can have anything to say of the files of a change."""
    if about_code(content) and not any(t.path.lower().endswith(SUFFIXES) for t in targets):
        return False
    from guard.fixes.language import of_paths
    from guard.fixes.seen import Seen

    table = table_of(content)
    if table is None:
        return True  # whoever reads it in earnest says what is wrong
    named = listed(table, "paths")
    if (table.get("language") or of_paths(named)) not in ("python", "javascript"):
        return True
    if "require" in table:
        plain = named and not any(re.search(r"[*?\[!]|/$", path) for path in named)
        if not plain or any(path.lstrip("/") in touched for path in named):
            return True
    wanted = [list(words(pattern)) for pattern in listed(table, "forbid")]
    for target in targets:
        if not target.path.lower().endswith(SUFFIXES) and not named:
            continue
        if target.path not in seen:
            seen[target.path] = Seen(snapshot.read(target))
        if any(all(seen[target.path].has(need) for need in needs) for needs in wanted):
            return True
    return False


def table_of(content: bytes) -> Mapping[str, Any] | None:
    """What TOML says in a rule file; None where it is none."""
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def about_code(content: bytes) -> bool:
    """Whether a rule is about nothing but Python or JavaScript that is there.

    Told from its text, without reading TOML: where that is not plain to see, it is not so.
    """
    if b"language" in content or b"require" in content:
        return False
    if b"paths" not in content:
        return True
    paths = re.search(PATHS, content)
    if paths is None or content.count(b"paths") > 1:
        return False
    named = re.findall(rb"""["']([^"']+)["']""", paths[1])
    return bool(named) and all(name.lower().endswith(CODE) for name in named)


def listed(table: Mapping[str, Any], key: str) -> list[str]:
    """A string or a list of strings; what else it is, others complain about."""
    value = table.get(key, [])
    return [v for v in ([value] if isinstance(value, str) else value) if isinstance(v, str)]


def words(pattern: str) -> Iterator[Need]:
    """What every match of a pattern surely contains."""
    from guard.fixes.seen import Need

    if ('"' in pattern and "'" in pattern) or re.search("#|//|/[*]", pattern):
        return  # a quote may be part of a string, and a name of a comment
    for one, other in re.findall(QUOTED, pattern):
        yield Need(one or other, True)
    if '"' not in pattern and "'" not in pattern:
        for name in re.findall(DOTTED, pattern):
            # JavaScript can also name a member by a string
            yield Need(name, True)
