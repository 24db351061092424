"""Python source in the encoding that it declares, and where `ast` says that something stands."""

from __future__ import annotations


def encoding(content: bytes) -> str:
    """The encoding that a file declares; `utf-8` where it declares none, or none that is known."""
    import io
    import tokenize

    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:
        return "utf-8"
    return name.removesuffix("-sig")


def before(line: str, column: int, encoding: str) -> int:
    """How many code points of a line stand before a column of `ast`.

    The line is UTF-8 with other bytes as surrogates, as all of guard sees it, and without a
    byte-order mark. `ast` counts the bytes that the line has as UTF-8 once it is decoded from
    `encoding`.
    """
    raw = line.encode("utf-8", "surrogateescape")
    if encoding != "utf-8":
        decoded = raw.decode(encoding).encode("utf-8")[:column].decode("utf-8")
        column = len(decoded.encode(encoding))
    return len(raw[:column].decode("utf-8", "surrogateescape"))
