"""What code needs of the container it runs in: the paths it opens, the variables it reads."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from guard.contracts.formats.python import Module
from guard.contracts.formats.pythonscope import Read, dotted_name
from guard.contracts.formats.pythonvalue import walked
from guard.contracts.places import Files
from guard.contracts.values import HOLE, Value
from guard.finding import Location

if TYPE_CHECKING:
    from guard.contracts.formats.javascript import Program

OPENING = frozenset(
    "open io.open os.open os.listdir os.scandir os.walk os.stat os.remove os.unlink os.rename "
    "os.mkdir os.makedirs os.chmod os.chdir os.access os.path.exists os.path.isfile os.path.isdir "
    "os.path.getsize os.path.getmtime os.path.join Path pathlib.Path PurePath aiofiles.open "
    "gzip.open glob.glob glob.iglob shutil.copy shutil.copyfile shutil.copy2 shutil.move "
    "shutil.rmtree shutil.copytree shutil.disk_usage send_file send_from_directory FileResponse "
    "StaticFiles sqlite3.connect load_dotenv logging.FileHandler FileHandler RotatingFileHandler "
    "logging.handlers.RotatingFileHandler np.load pd.read_csv zipfile.ZipFile tarfile.open "
    "FileSystemLoader".split()
)
NAMED = frozenset({"directory", "path", "filename", "file", "root_path"})
WRITING = frozenset(
    "os.makedirs os.mkdir FileHandler logging.FileHandler RotatingFileHandler "
    "sqlite3.connect".split()
)

SYSTEM = re.compile(
    r"/(?:proc|sys|dev|tmp|bin|sbin|lib|lib64|usr)(?:/|$)|/var/tmp(?:/|$)|/$"
    r"|/etc/(?:passwd|group|hosts|hostname|resolv\.conf|localtime|os-release|timezone|ssl|ca-certificates)(?:/|$)"
)
"""Paths that are in every container."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """One absolute path that code opens."""

    path: str
    """The path, as far as it is known; the folder where the rest is not."""

    value: Value
    """Where the path is written."""

    at: Location
    """Where it is opened."""

    writes: bool = False
    """Whether the code makes what it opens."""

    whole: bool = True
    """Whether all of the path is known."""


class Code:
    """Some files of one program, seen together."""

    def __init__(
        self,
        files: Files,
        paths: Sequence[str],
        environment: Mapping[str, Value],
        workdir: str = "",
    ) -> None:
        self.files = files
        self.workdir = workdir
        self.paths = list(paths)
        self.environment = environment
        self.modules: dict[str, Module] = {}

    def module(self, path: str) -> Module | None:
        """The Python file at a path; None where there is none. Broken where it does not parse."""
        if path not in self.modules:
            source = self.files.source(path)
            if source is None:
                return None
            self.modules[path] = Module(source, self.elsewhere, self.environment)
        return self.modules[path]

    def elsewhere(self, path: str, module: str, name: str) -> Value | None:
        """The value that a name has in another module of the same program."""
        dots = len(module) - len(module.lstrip("."))
        tail = module.lstrip(".").replace(".", "/")
        folder = posixpath.dirname(path)
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        inner, _, rest = name.partition(".")
        for end, wanted in ((tail, name), (f"{tail}/{inner}".strip("/"), rest)):
            if not wanted:
                continue
            for other in self.paths:
                stem = other.removesuffix(".py").removesuffix("/__init__")
                fits = (
                    stem == posixpath.join(folder, end) if dots else f"/{stem}".endswith(f"/{end}")
                )
                if end and fits and other != path and other.endswith(".py"):
                    held = self.module(other)
                    found = held.lookup(wanted, wanted) if held is not None else None
                    if found is not None:
                        return found
        return None

    def opened(self) -> Iterator[Opened]:
        """The absolute paths that the files open, each place once."""
        seen: set[tuple[str, str, int]] = set()
        for path in self.paths:
            for found in self.opened_in(path):
                at = found.at
                key = (found.path, at.path, at.line)
                if key not in seen:
                    seen.add(key)
                    yield found

    def opened_in(self, path: str) -> Iterator[Opened]:
        """The absolute paths that one file opens."""
        if path.endswith(".py"):
            module = self.module(path)
            if module is not None:
                yield from python_opens(module, self.workdir)
        elif path.endswith(JAVASCRIPT):
            from guard.contracts.formats.javascript import Program
            from guard.contracts.formats.jstext import OPENING as OPENING_IN_JAVASCRIPT

            source = self.files.source(path)
            if source is not None and OPENING_IN_JAVASCRIPT.search(source.text):
                for value, at, writes in Program(source, self.environment).opens():
                    found = absolute(value, at, writes, self.workdir)
                    if found is not None:
                        yield found

    def reads(self) -> Iterator[Read]:
        """The environment variables that the files read."""
        for program in self.programs():
            yield from program.reads()

    def spoken(self) -> frozenset[str]:
        """The words in the files that may be names of variables, looked up one way or another."""
        return frozenset(word for program in self.programs() for word in program.spoken())

    def programs(self) -> Iterator[Module | Program]:
        """The files, each read as what it is."""
        for path in self.paths:
            if path.endswith(".py"):
                module = self.module(path)
                if module is not None:
                    yield module
            elif path.endswith(JAVASCRIPT):
                from guard.contracts.formats.javascript import Program

                source = self.files.source(path)
                if source is not None:
                    yield Program(source, {})


JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts")


@lru_cache(maxsize=1000)
def joined_or_called(tree: ast.Module) -> tuple[ast.BinOp | ast.Call, ...]:
    """The calls and the divisions (of paths) in a tree."""
    return tuple(
        node
        for node in walked(tree)
        if isinstance(node, ast.Call)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    )


def python_opens(module: Module, workdir: str) -> Iterator[Opened]:
    """The absolute paths that one Python file opens."""
    for node in joined_or_called(module.tree):
        if isinstance(node, ast.BinOp):
            found = absolute(module.value(node, ""), module.at(node), False, workdir)
            if found is not None:
                yield found
            continue
        function = dotted_name(node.func)
        if function not in OPENING and not (
            isinstance(node.func, ast.Attribute) and node.func.attr in OPENING
        ):
            continue
        name = function if function in OPENING else function.rpartition(".")[2]
        if name.endswith(("path.join", "Path", "PurePath")):
            arguments: list[ast.expr] = [node]
        else:
            arguments = [*node.args[:2], *(k.value for k in node.keywords if k.arg in NAMED)]
        writes = name in WRITING or creates(node)
        for argument in arguments:
            found = absolute(module.value(argument, ""), module.at(node), writes, workdir)
            if found is not None:
                yield found


def creates(node: ast.Call) -> bool:
    """Whether a call of `open` makes the file."""
    mode = node.args[1] if len(node.args) > 1 else None
    mode = mode or next((k.value for k in node.keywords if k.arg == "mode"), None)
    return (
        isinstance(mode, ast.Constant)
        and isinstance(mode.value, str)
        and bool({*"wax"} & {*mode.value})
    )


def absolute(value: Value, at: Location, writes: bool, workdir: str = "") -> Opened | None:
    """An opened path where it is absolute and one that a container has to be given.

    With `workdir`, a path to a file that is relative to it as well.
    """
    text = value.text
    if workdir and re.fullmatch(r"(?:\./)?[\w-][\w./-]*\.\w+", text):
        text = posixpath.join(workdir, text)
    if not text.startswith("/") or text.startswith("//"):
        return None
    known, hole, _ = text.partition(HOLE)
    if hole:
        known = known[: known.rfind("/") + 1]
    path = posixpath.normpath(known)
    if SYSTEM.match(path) or not re.fullmatch(r"[^\s<>|\"'*?]+", path):
        return None
    return Opened(path, value, at, writes, not hole)


def code_files(files: Files, globs: Sequence[str]) -> list[str]:
    """The code among the files that globs mean."""
    return [path for path in files.matching(globs) if path.endswith((".py", *JAVASCRIPT))]
