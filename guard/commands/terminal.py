"""What is said on the terminal: lines, colours, errors; click is not needed for that."""

from __future__ import annotations

import os
import sys

from guard.report.text import Style, plain
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

# ECMA-48, "Select Graphic Rendition".
CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


def say(line: str, stream: TextIO | None = None) -> None:
    """One line, on stderr unless told otherwise; what its encoding lacks is escaped."""
    stream = stream or sys.stderr
    print(printable(line, stream.encoding), file=stream, flush=True)


def complain(message: str, hint: str) -> None:
    """An error on stderr: what failed, then what to do."""
    say(style_for(sys.stderr)("guard: error: ", fg="red", bold=True) + message)
    for number, line in enumerate(hint.splitlines()):
        say(("  help: " if not number else "        ") + line)


def style_for(stream: TextIO) -> Style:
    """Colours on a terminal, unless NO_COLOR is set to anything (no-color.org) or it is dumb."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR")
    return coloured if wanted and os.environ.get("TERM") != "dumb" else plain


def coloured(text: str, fg: str = "", bold: bool = False) -> str:
    """The text in a colour, in bold."""
    codes = ([CODES[fg]] if fg else []) + ["1"] * bold
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes else text


# What guard itself writes around the code, for a terminal that has only ASCII.
IN_ASCII = str.maketrans({"│": "|", "…": "...", "→": "->", "←": "<-", "✓": "+", "✗": "x", "·": "."})


def printable(line: str, encoding: str | None) -> str:
    """The line as the stream can take it: what its encoding lacks is escaped, nothing crashes."""
    encoding = encoding or "utf-8"
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        if encoding.lower() != "utf-8":
            line = line.translate(IN_ASCII)
        return line.encode(encoding, "backslashreplace").decode(encoding)
    return line
