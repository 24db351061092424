"""JavaScript that a template makes: placeholders filled in, branches taken one way or another.

Jinja and Django (`{{ }}`, `{% %}`, `{# #}`), Go and Handlebars (`{{if}}`, `{{#if}}`), ERB, EJS and
PHP (`<% %>`, `<?php ?>`). What is filled in is as long as what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable

FILLING = "\u16dd"
"""A letter that nobody writes: an identifier of any length, and known again in a repair."""

MARKS = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{\{.*?\}\}\}|\{\{.*?\}\}|<%.*?%>|<\?(?:php|=).*?(?:\?>|\Z)", re.DOTALL
)

EVERY_MARK = re.compile(rf"{MARKS.pattern}|\$\{{[^{{}}\n]*\}}", re.DOTALL)
"""With those of Mako, Genshi and JSP, which JavaScript holds in template literals only."""

TAGS = re.compile(r"\{%.*?%\}|<%.*?%>", re.DOTALL)
"""Those of the marks that JavaScript never holds but in strings, templates and comments."""

VALUE = re.compile(r"\{\{[^{}\n]*\}\}")
"""A mark on one line that JavaScript may hold as well: an object or a block in a block."""

SAID = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|\([^()\n]*\)")
"""What tells nothing of a mark: strings, and what a call is given."""

QUOTED = re.compile(r"(['\"])\{\{[^{}\n]*\1[^{}\n]*\}\}")
"""A placeholder in a string, whose own quotes would end it; the string may go on behind it."""

FILTERED = re.compile(r"[\w)\].]\s*\|\s*[A-Za-z_]\w*(?:\s+\S+)*\s*-?$")
"""What is filtered at its end, as in Jinja, Go and Liquid."""

OPENERS = re.compile(r"\{%|\{\{|<%|<\?")

FOREIGN = re.compile(
    r"^[ \t]*\$(?:def|if|elif|else|for|while|code)\b|\$:\w"  # web.py
    r"|</?[#@](?:if|list|assign|macro|include|import|else)\b"  # FreeMarker
    r"|</?\w+:(?:if|forEach|each|when|choose|otherwise)\b"  # JSP and its kin
    r"|\{!!|@(?:json|js)\("  # Blade
    r"|^[ \t]*#(?:if|set|foreach|parse|macro)[ \t]*\("  # Velocity
    r"|\{/(?:if|foreach|literal|section|block)\}"  # Smarty
    r"|\bth:\w+=|\[\[\$\{"  # Thymeleaf
    r"|^[ \t]*%[ \t]*(?:if|for|end(?:if|for))\b"  # Mako
    r"|^[ \t]*@(?:model|using|foreach|section)\b|\bpy:\w+=|\btal:\w+="  # Razor, Genshi, TAL
    r"|%[A-Z][A-Z0-9_]{2,}%|(?:^|>)[ \t]*@[A-Z][A-Z0-9_]+@?;?[ \t]*(?:<|$)"  # words put in
    r"|\{[-*]\w+[-*]\}|%%|%\(\w+\)[sdr]",  # Lua's and Python's own
    re.MULTILINE,
)
"""What only stands in templates of languages whose placeholders are not filled in."""

OPENING = re.compile(r"[\s+-]*#?(if|unless|ifequal|ifchanged|with|for|each|range(?!\())\b")
GROUP = re.compile(
    r"[\s+-]*(block|macro|call|filter|autoescape|spaceless|localize|localtime|define|trans)\b"
)
BRANCH = re.compile(r"[\s+-]*[#^]?(?:else|elif|elsif|elseif|empty|:else)\b")
CLOSING = re.compile(r"[\s+-]*(?:/|end)(\w*)")
SILENT_TAG = re.compile(
    r"[\s+-]*(?:extends|include|import|from|set|load|cycle|break|continue|do|csrf_token|debug)\b"
)
SILENT_VALUE = re.compile(
    r"[\s+-]*(?:[/!>^#]|template\s+[\"`]|break\s*-?\}|continue\s*-?\}|super\(|\$\w+\s*:?=(?!=))"
)
VERBATIM = re.compile(r"(\{%-?\s*(raw|verbatim)\b.*?%\})(.*?)(\{%-?\s*end\2\s*-?%\})", re.DOTALL)
COMMENT = re.compile(r"\{%-?\s*comment\b.*?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
TRIMMED = re.compile(r"\s*(?:if|unless|else|elsif|end|case|when|while|until|for)\b|.*\bdo\b")
"""What ERB does where `<%-` only trims the white space; elsewhere it is EJS, and a value."""

NUMBER = re.compile(r"(?<![\w$.])(?:\d[\w.]*|\.\d\w*)$")
FRACTION = re.compile(r"\.\d")
EXPECTS_VALUE = re.compile(r"(?:[=(,\[:?+\-*/&|!<>]|\breturn)\s*$")


def readings(text: str) -> tuple[tuple[str, ...], bool]:
    """The texts that a template may make, all as long as `text`, and whether it is a template.

    The text itself comes alone where it holds no mark of a template, else last: what looks like
    a mark may be code. Before it come what all branches make together, then the first of each,
    the last of each, none.
    """
    dollars = "${" in text and "`" not in text
    if not dollars and not any(mark in text for mark in ("{{", "{%", "{#", "<%", "<?")):
        return (text,), False
    raw = text
    text = VERBATIM.sub(lambda found: blank(found[1]) + found[3] + blank(found[4]), text)
    text = COMMENT.sub(lambda found: blank(found[0]), text)
    marks = list((EVERY_MARK if dollars else MARKS).finditer(text))
    if not marks:
        return (text,), text != raw
    tree = [kind(mark[0]) for mark in marks]
    if not any(what in ("open", "branch") for what in tree):
        return (filled(text, marks, tree, None), raw), True
    ways = [filled(text, marks, tree, way) for way in (None, "first", "last", "none")]
    return tuple(dict.fromkeys([*ways, raw])), True


def ways(text: str, stopped: Callable[[str], int], old: str | None = None) -> tuple[str, ...]:
    """The text of a file of code; where a parser stopped at a tag, all that a template may make.

    `stopped` says at which offset, and -1 where the parser did not. What was sound without being
    filled in, as `old`, has not become a template by a `{{ name }}`.
    """
    if not any(mark in text for mark in ("{%", "<%", "{{")):
        return (text,)
    at = stopped(text)
    tags = [*TAGS.finditer(text), *filter(is_value, VALUE.finditer(text))] if at >= 0 else []
    here = [tag[0] for tag in tags if tag.start() <= at < tag.end()]
    if not here or (here[0].startswith("{{") and old is not None and stopped(old) < 0):
        return (text,)
    return readings(text)[0]


def is_value(mark: re.Match[str]) -> bool:
    """Whether a mark is a template's: where a value is expected, quoted, filtered or trimmed."""
    inner = mark[0][2:-2]
    plain = SAID.sub("", inner)
    before = max(0, mark.start() - 80)
    return (
        inner.strip() != ""
        and (
            inner.startswith(("- ", "/*"))
            or EXPECTS_VALUE.search(mark.string, before, mark.start()) is not None
            or QUOTED.match(mark.string, max(0, mark.start() - 1), mark.end() + 1) is not None
            or FILTERED.search(plain) is not None
        )
        and (inner[0] in " -~_" or "|" in inner)
        and re.search(r"[:,;=]|\.\.\.", plain) is None
    )


def near(text: str, at: int, marks: re.Pattern[str]) -> bool:
    """Whether one of `marks` stands on the line of an offset, or on the one before."""
    start = text.rfind("\n", 0, max(text.rfind("\n", 0, at), 0)) + 1
    stop = text.find("\n", at)
    return marks.search(text[start : stop if stop >= 0 else len(text)]) is not None


def kind(mark: str) -> str:
    """What a mark is: open, group, branch, close, silent, value, or tag (either of these two)."""
    if mark.startswith("{#"):
        return "silent"
    if mark.startswith("<%-") and TRIMMED.match(mark[3:]):
        return foreign(mark[3:])
    if mark.startswith(("<%=", "<%-", "<?=", "{{{", "${")):
        return "value"
    if mark.startswith("<"):
        return foreign(mark[2:].removeprefix("php"))
    inner, statement = mark[2:], mark.startswith("{%")
    closing = CLOSING.match(inner)
    if closing is not None and (statement or "/" in closing[0] or not closing[1]):
        return "close"
    if BRANCH.match(inner):
        return "branch"
    if OPENING.match(inner):
        return "open"
    group = GROUP.match(inner)
    if group is not None and (statement or re.match(r"\s+[\"`]", inner[group.end() :])):
        return "group"
    if not statement and re.match(r"![\w(]", inner):
        return "tag"  # Bottle's value, or a comment of Handlebars
    if (SILENT_TAG if statement else SILENT_VALUE).match(inner):
        return "silent"
    if not statement and re.match(r"\s*block\.super\b", inner):
        return "silent"
    return "tag" if statement else "value"


def foreign(code: str) -> str:
    """What a mark with code of another language is: its braces, colons and ends are its own."""
    opens = code.rstrip("%>? \n").endswith(("{", ":", " do")) or OPENING.match(code) is not None
    if re.match(r"\s*(?:\}|end)", code):
        return "branch" if opens or "else" in code else "close"
    if BRANCH.match(code):
        return "branch"
    return "open" if opens else "tag"


def blank(text: str) -> str:
    """Spaces for all but the line ends."""
    return re.sub(r"[^\r\n]", " ", text)


def filled(text: str, marks: list[re.Match[str]], kinds: list[str], way: str | None) -> str:
    """The text with its marks filled in or blank, and branches not taken blank.

    `way` says which branches are taken: all (None), the first or last of each, or none.
    """
    pieces: list[str] = []
    at = 0
    stack: list[bool] = []  # whether what is around each open choice is there
    shown = True
    later = branches(kinds)
    for number, (mark, what) in enumerate(zip(marks, kinds, strict=True)):
        between = text[at : mark.start()]
        pieces.append(between if shown else blank(between))
        at = mark.end()
        value = what == "value" or (
            what == "tag" and EXPECTS_VALUE.search("".join(pieces)[-40:]) is not None
        )
        if not (value and shown):
            pieces.append(blank(mark[0]))
        elif NUMBER.search("".join(pieces[-2:])[-20:]) or FRACTION.match(text, at):
            pieces.append("1" * len(mark[0]))
        else:
            pieces.append(letters(mark[0]))
        if what == "group":
            stack.append(shown)
        elif what == "open":
            stack.append(shown)
            shown = shown and (
                way is None or (way == "first") or (way == "last" and not later[number])
            )
        elif what == "branch" and stack:
            shown = stack[-1] and (way is None or (way == "last" and not later[number]))
        elif what == "close" and stack:
            shown = stack.pop()
    tail = text[at:]
    pieces.append(tail if shown else blank(tail))
    return "".join(pieces)


def letters(mark: str) -> str:
    """An identifier as long as the mark; line ends would end it, so they become letters too."""
    return FILLING * len(mark)


def branches(kinds: list[str]) -> list[bool]:
    """For each mark that opens or continues a choice whether another branch of it follows."""
    result = [False] * len(kinds)
    stack: list[int] = []
    for number, what in enumerate(kinds):
        if what in ("open", "group"):
            stack.append(number)
        elif what == "branch" and stack:
            result[stack[-1]] = True
            stack[-1] = number
        elif what == "close" and stack:
            stack.pop()
    return result
