"""Parts of values: of a URL, of an image, what a regex finds, what a template leaves."""

from __future__ import annotations

import re
import warnings

from guard.contracts.values import Missing, Source, Value, plain
from guard.errors import nearest

REGEX = re.compile(r"/(.*)/(g?)$", re.DOTALL)


def searched(source: Source, pattern: str) -> list[Value]:
    """What a regex finds: its group `value`, its first group, or all of the match."""
    regex = compiled(pattern, re.MULTILINE)
    group = "value" if "value" in regex.groupindex else 1 if regex.groups else 0
    found = []
    for match in regex.finditer(source.text):
        start, end = match.span(group)
        if start >= 0:
            found.append(plain(source, start, end))
    if not found:
        raise Missing(f"the regex /{pattern}/ finds nothing in {source.path}")
    return found


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regex of the configuration; Missing that says what is wrong with one that is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `[[` may mean more to Python one day
            return re.compile(pattern, flags)
    except re.error as problem:
        raise Missing(
            f"the regex /{pattern}/ is wrong: {problem}", "mend it, as Python writes regexes"
        ) from None


URL = re.compile(
    r"(?:(?:[a-zA-Z]\w*:)*?(?P<scheme>[a-zA-Z][\w+.-]*)://|//)?(?:[^/@\s]*@)?(?P<host>\[[^\]]*\]|[^/:\s?#]+)?(?::(?P<port>\d+|[^/\s?#]+))?(?P<path>/[^?#\s]*)?"
)


CALLED = re.compile(r"[a-zA-Z][\w+.-]*://[^\s\"']+")


IMAGE = re.compile(r"(?P<name>(?:[^/@]+/)*[^:@/]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?$")


PARTS = {
    "scheme": URL,
    "host": URL,
    "port": URL,
    "path": URL,
    "name": IMAGE,
    "tag": IMAGE,
    "digest": IMAGE,
}


def filtered(value: Value, name: str) -> Value:
    """A part of a value: of a URL, of an image, or what a regex finds."""
    regex = REGEX.match(name)
    if regex is not None:
        match = compiled(regex[1]).search(value.text)
        group: int | str = 1 if match is not None and match.re.groups else 0
    elif name in PARTS:
        text = value.text
        # A command that calls a URL: the one in it is meant.
        urls = [*CALLED.finditer(text)] if PARTS[name] is URL and " " in text.strip() else []
        start = urls[0].start() if len(urls) == 1 else 0
        match, group = PARTS[name].match(text, start), name
    else:
        raise Missing(
            f"nothing is called {name!r} behind a bar", nearest(name, [*PARTS, "/regex/"])
        )
    if match is None or match.start(group) < 0:
        raise Missing(f"the value at {value.at.path}:{value.at.line} has no {name}")
    return value.cut(*match.span(group))


def untemplated(value: Value, template: str) -> Value:
    """What stands for `{}` where the value looks like the template; all of it where not."""
    before, _, after = template.partition("{}")
    text = value.text
    fits = (
        text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after)
    )
    return value.cut(len(before), len(text) - len(after)) if fits else value
