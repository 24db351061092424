"""Where JavaScript lives: the script blocks and inline handlers of pages and components."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guard.javascript.outcome import Goal
from guard.javascript.templates import readings
from guard.values import dataclass

PAGES, COMPONENTS = (".html", ".htm"), (".vue", ".svelte")

SCRIPT_TYPES = re.compile(
    r"^\s*(?:|module|(?:text|application)/(?:x-)?(?:java|ecma|j|live)script[\d.]*)\s*(?:;.*)?$",
    re.I,
)

COMPILED_TYPES = re.compile(r"typescript|coffee|/ts\b", re.IGNORECASE)

CUSTOM = re.compile(
    r"(?:(?<=\n)|\A)<(?:(?!template\b)([a-z][\w-]*)[^<>]*|(template)\b[^<>]*\blang=[^<>]*)>"
    r".*?\n</(?:\1|\2)>",
    re.DOTALL | re.IGNORECASE,
)
"""A block of a component whose text is in another language: documentation, a template in Pug."""

# What a template fills in on one line; quotes in it end no attribute.
MARK = r"\{\{[^{}\n]*+\}\}|\{%[^\n%]*+%\}|<%[^\n%]*+%>|<\?[^\n?]*+\?>"
DOUBLE, SINGLE = rf'"((?>{MARK}|[^"])*+)"', rf"'((?>{MARK}|[^'])*+)'"
VALUES = rf"{DOUBLE}|{SINGLE}".replace("((?>", "(?:(?>")

# Up to the next thing that matters: a comment, an element whose content is text, or a tag.
MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|noscript|iframe)(?=[\s/>])"
    rf"(?P<attributes>(?:{VALUES}|[^>\"'])*)>"
    rf"|<[a-zA-Z](?P<tag>(?:{VALUES}|[^>\"'])*)>",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    rf"""([^\s"'<>/=]+)(?:\s*=\s*(?:{DOUBLE}|{SINGLE}|([^\s"'=<>`]+)))?""", re.DOTALL
)
HANDLERS = frozenset(
    f"on{event}"
    for event in (
        "abort afterprint animationend animationiteration animationstart auxclick beforeinput "
        "beforeprint beforetoggle beforeunload blur cancel canplay canplaythrough change click "
        "close command contextlost contextmenu contextrestored copy cuechange cut dblclick drag "
        "dragend dragenter dragleave dragover dragstart drop durationchange emptied ended error "
        "focus focusin focusout formdata gotpointercapture hashchange input invalid keydown "
        "keypress keyup languagechange load loadeddata loadedmetadata loadstart "
        "lostpointercapture message messageerror mousedown mouseenter mouseleave mousemove "
        "mouseout mouseover mouseup mousewheel offline online pagehide pagereveal pageshow "
        "pageswap paste pause play playing pointercancel pointerdown pointerenter pointerleave "
        "pointermove pointerout pointerover pointerup popstate progress ratechange "
        "readystatechange rejectionhandled reset resize scroll scrollend search "
        "securitypolicyviolation seeked seeking select selectionchange selectstart slotchange "
        "stalled storage submit suspend timeupdate toggle touchcancel touchend touchmove "
        "touchstart transitioncancel transitionend transitionrun transitionstart "
        "unhandledrejection unload volumechange waiting wheel"
    ).split()
)
"""The attributes whose values browsers run."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of JavaScript in a file."""

    readings: tuple[str, ...]
    """Its text, more than once where it is a template and has branches; all equally long."""

    start: int
    """Where it begins in the file."""

    goals: tuple[Goal, ...]
    """What it may be."""

    jsx: bool = False
    """Whether it may hold JSX."""

    places: tuple[int, ...] = ()
    """Where each of its code points stands after `start`, if character references were decoded."""

    filled: bool = False
    """Whether placeholders of a template were filled in."""

    @property
    def text(self) -> str:
        """The first reading."""
        return self.readings[0]

    @property
    def branches(self) -> bool:
        """Whether a template decides at run time which of its parts are there."""
        return len(self.readings) > 2

    @property
    def plain(self) -> bool:
        """Whether it is a script or module as it stands there, in JavaScript alone."""
        return not (self.filled or self.branches or self.jsx or self.handler)

    @property
    def handler(self) -> bool:
        """Whether it is the value of an attribute like `onclick`."""
        return self.goals == (Goal.HANDLER,)

    def place(self, offset: int) -> int:
        """The offset in the file of an offset in the text."""
        if not self.places:
            return self.start + offset
        beyond = offset - len(self.places) + 1
        return self.start + (self.places[offset] if beyond <= 0 else self.places[-1] + beyond)


def blocks(path: str, text: str) -> Iterator[Block]:
    """The JavaScript in a page or component; TypeScript is left out."""
    page = path.lower().endswith(PAGES)
    at = 0
    while (found := MARKUP.search(text, at)) is not None:
        at = found.end()
        raw = (found["raw"] or "").lower()
        if raw:
            end = re.compile(rf"</{raw}(?=[\s/>])", re.IGNORECASE).search(text, at)
            stop = end.start() if end is not None else len(text)
            if raw == "script":
                yield from script(text[at:stop], at, attributes(found["attributes"]), page)
            at = stop
        elif not page and (end := CUSTOM.match(text, found.start())) is not None:
            at = end.end()
        if page and (found["tag"] or found["attributes"]):
            yield from handlers(text, found)


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case; those without a value are empty."""
    return {
        m[1].lower(): next((v for v in m.groups()[1:] if v is not None), "")
        for m in ATTRIBUTE.finditer(text)
    }


def script(content: str, start: int, attribute: dict[str, str], page: bool) -> Iterator[Block]:
    """The block that a script element holds, if it is JavaScript."""
    language = attribute.get("lang", "").lower()
    kind = attribute.get("type", "")
    if "type" not in attribute and attribute.get("language"):
        kind = f"text/{attribute['language']}"
    if page and "src" in attribute:  # browsers do not run what stands inside
        return
    if not content.strip() or language in ("ts", "tsx", "typescript", "coffee"):
        return
    if page and not SCRIPT_TYPES.match(kind) and "{" not in kind:
        return
    if not page and COMPILED_TYPES.search(kind):
        return
    goal = Goal.SCRIPT if page and kind.strip().lower() != "module" else Goal.MODULE
    texts, filled = readings(unmarked(content)) if page else ((content,), False)
    yield Block(texts, start, (goal,), language == "jsx", filled=filled)


def unmarked(content: str) -> str:
    """A script's text with the marks of an XHTML CDATA section blank."""
    if "<![CDATA[" not in content:
        return content
    return content.replace("<![CDATA[", " " * 9).replace("]]>", "   ")


def handlers(text: str, tag: re.Match[str]) -> Iterator[Block]:
    """The blocks in the attributes of one tag that are event handlers."""
    group = "tag" if tag["tag"] is not None else "attributes"
    if "on" not in tag[group].lower():
        return
    for found in ATTRIBUTE.finditer(text, tag.start(group), tag.end(group)):
        if found[1].lower() not in HANDLERS:
            continue
        number = next((n for n in (2, 3, 4) if found[n] is not None), 0)
        if not number or not found[number].strip() or (number == 4 and found[4][0] == "{"):
            continue
        decoded, places = unescaped(found[number])
        texts, filled = readings(decoded)
        yield Block(texts, found.start(number), (Goal.HANDLER,), places=places, filled=filled)


REFERENCE = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|\w+);?")


def unescaped(value: str) -> tuple[str, tuple[int, ...]]:
    """An attribute's value as the browser reads it, and where each code point of it stood."""
    if "&" not in value:
        return value, ()
    import html  # its table of names takes a while to import

    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in REFERENCE.finditer(value):
        pieces.append(value[at : found.start()])
        places += range(at, found.start())
        meant = html.unescape(found[0])
        pieces.append(meant)
        places += [found.start()] * len(meant) if meant != found[0] else range(*found.span())
        at = found.end()
    pieces.append(value[at:])
    places += range(at, len(value) + 1)
    return "".join(pieces), tuple(places)
