"""Options of a command in a shell script: what is given to one, and the parts of that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guard.contracts.values import Missing, Value
from guard.errors import nearest

FORWARD = re.compile(
    r"(?:(?P<bind>\[[^\]]*\]|[^:\[\]]*):)?(?P<local_port>[^:\[\]]+):(?P<host>\[[^\]]*\]|[^:\[\]]+):(?P<remote_port>[^:\[\]]+)$"
)


PUBLISH = re.compile(
    r"(?:(?:(?P<host_ip>\[[^\]]*\]|[^:\[\]]*):)?(?P<published>[^:]*):)?(?P<target>[^:/]+)(?:/(?P<protocol>\w+))?$"
)


MOUNT = re.compile(r"(?P<source>[^:]+):(?P<target>[^:]+)(?::(?P<mode>.+))?$")


PARTS = {
    **dict.fromkeys(("bind", "local_port", "host", "remote_port"), FORWARD),
    **dict.fromkeys(("host_ip", "published", "protocol"), PUBLISH),
    **dict.fromkeys(("mode", "source"), MOUNT),
}


NUMBERED = re.compile(r"(.+?)(?:\[(\d+|\*)\])?$")


# Single letters of ssh that take no argument, so that `-NL 1:h:2` is -N and -L.
BARE = {
    "ssh": "46AaCfGgKkMNnqsTtVvXxYy",
    "autossh": "46AaCfGgKkNnqsTtVvXxYy",
    "docker": "ditP",
    "podman": "ditP",
}


ALIKE = {"-p": "--publish", "-v": "--volume", "-e": "--env", "-w": "--workdir", "-u": "--user"}
"""Options of `docker run` and its like that go by two names."""


def spellings(command: Sequence[str], option: str) -> list[str]:
    """The names that an option of a command goes by."""
    if command[0] in ("docker", "podman", "nerdctl") and command[-1] in ("run", "create"):
        for pair in ALIKE.items():
            if option in pair:
                return [*pair]
    return [option]


def numbered(word: str) -> tuple[str, str]:
    """A word and the number in brackets behind it, as in `-L[0]`."""
    match = NUMBERED.fullmatch(word)
    assert match is not None
    return match[1], match[2] or ""


def arguments(command: str, option: str, call: list[Value], options: set[str]) -> Iterator[Value]:
    """What a call gives as `option`: `-L x`, `-Lx`, `-NL x`, `--port x`, `--port=x`."""
    bare = BARE.get(command, "")
    pending = False
    for value in call:
        text = value.text
        if pending:
            pending = False
            yield value.named(option.lstrip("-"))
            continue
        if not text.startswith("-") or text == "-":
            continue
        options.add(text.split("=")[0] if text.startswith("--") else text[:2])
        if text == option:
            pending = True
        elif text.startswith(f"{option}="):
            yield value.cut(len(option) + 1, len(text), option.lstrip("-"))
        elif len(option) == 2 and not text.startswith("--"):
            at = text.find(option[1], 1)
            if at > 0 and all(c in bare for c in text[1:at]):
                pending = at + 1 == len(text)
                if not pending:
                    yield value.cut(at + 1, len(text), option.lstrip("-"))


def parted(value: Value, part: str, option: str) -> Value:
    """A part of an option's argument: the remote port of -L, the published one of -p."""
    if not part:
        return value
    pattern = (
        MOUNT
        if part == "target" and option in ("-v", "--volume")
        else PUBLISH
        if part == "target"
        else PARTS.get(part)
    )
    if pattern is None:
        known = [p.replace("_", "-") for p in (*PARTS, "target")]
        word = part.replace("_", "-")
        raise Missing(f"an option has no part {word!r}", nearest(word, known))
    if option == "-R":  # its first port is the one on the other machine
        part = {"local_port": "remote_port", "remote_port": "local_port"}.get(part, part)
    text = value.text
    match = pattern.match(text)
    if match is None or match.start(part) < 0:
        if value.unresolved:
            return value
        raise Missing(f"what {option} is given has no {part.replace('_', '-')}")
    return value.cut(*match.span(part), part.replace("_", "-"))
