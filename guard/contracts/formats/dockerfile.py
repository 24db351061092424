"""Values in Dockerfiles, split into instructions by dockerfile-parse, and what an image holds."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guard.contracts.formats.dotenv import filled, substituted
from guard.contracts.values import Missing, Source, Value, made, plain, quoted
from guard.errors import nearest

SYNTAX = "like: EXPOSE, ENV PORT, ARG VERSION, COPY[0] target, HEALTHCHECK, FROM, stage build ARG X"


WORD = re.compile(r"""(?:[^\s"'\\]|\\[^\r\n]|"(?:[^"\\]|\\.)*"|'[^']*')+""", re.DOTALL)


GAP = re.compile(r"(?:\s|\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*)+")


SELECTOR = re.compile(
    r"(?:stage[ ]+(?P<stage>\S+)[ ]+)?(?P<keyword>[A-Za-z]+)"
    r"(?:\[(?P<number>-?\d+|\*)\])?(?:[ .]+(?P<part>.+))?$"
)


@dataclass(frozen=True, slots=True, repr=False)
class Instruction:
    """One instruction of a Dockerfile."""

    keyword: str
    """In capitals."""

    words: tuple[Value, ...]
    """What follows, word by word, flags included, variables put in."""

    start: int
    """Offset of what follows the keyword."""

    end: int
    """Offset behind it."""

    stage: int
    """The number of its stage; -1 before the first FROM."""

    env: Mapping[str, Value] = field(default_factory=dict)
    """Of a health check: what the image holds for its shell to put in."""

    def arguments(self) -> list[Value]:
        """The words that are no flags; a JSON array is split into its members."""
        words = [w for w in self.words if not w.text.startswith("--")]
        if words and words[0].text.startswith("["):
            return members(words)
        return words

    def flag(self, name: str) -> str:
        """The value of `--name=value`; empty where it is not given."""
        start = f"--{name}="
        return next((w.text[len(start) :] for w in self.words if w.text.startswith(start)), "")


def members(words: Sequence[Value]) -> list[Value]:
    """The members of the JSON array that the words are."""
    source, start, end = words[0].source, words[0].start, words[-1].end
    found = re.finditer(r'"((?:[^"\\]|\\.)*)"', source.text[start:end])
    return [plain(source, start + m.start(1), start + m.end(1)) for m in found]


class Dockerfile:
    """One Dockerfile."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.stages: list[tuple[str, str]] = []
        self.env: list[dict[str, Value]] = []
        self.instructions = list(self.read())

    def read(self) -> Iterator[Instruction]:
        """The instructions in order, variables put in as the build would."""
        from io import BytesIO

        from dockerfile_parse import DockerfileParser

        logging.getLogger("dockerfile_parse").setLevel(logging.CRITICAL)
        # It tells only the lines of each instruction, and reads nothing but UTF-8.
        content = self.source.text.encode("utf-8", "replace")
        parser = DockerfileParser(fileobj=BytesIO(content), cache_content=True)
        starts = [0, *(m.end() for m in re.finditer(r"\n", self.source.text))]
        starts.append(len(self.source.text))
        outside: dict[str, Value] = {}
        lasting: set[str] = set()  # what the build alone knows is in no image
        for held in parser.structure:
            keyword = held["instruction"]
            if keyword == "COMMENT":
                continue
            start = starts[held["startline"]]
            end = starts[min(held["endline"] + 1, len(starts) - 1)]
            match = re.match(r"\s*\S+\s*", self.source.text[start:end])
            start += match.end() if match else 0
            end -= len(self.source.text[start:end]) - len(self.source.text[start:end].rstrip())
            env = self.env[-1] if self.env else outside
            words = tuple(self.words(start, end, env if keyword in EXPANDED else None))
            if keyword == "FROM" and words:
                texts = [w.text for w in words if not w.text.startswith("--")]
                named = texts[2] if len(texts) > 2 and texts[1].lower() == "as" else ""
                self.stages.append((named, texts[0] if texts else ""))
                self.env.append(dict(self.parent_env(texts[0] if texts else "")))
                words = tuple(self.words(start, end, outside))
            held_now = {n: env[n] for n in lasting if n in env} if keyword == "HEALTHCHECK" else {}
            instruction = Instruction(keyword, words, start, end, len(self.stages) - 1, held_now)
            if keyword in ("ENV", "ARG"):
                for name, value in assigned(instruction):
                    lasting |= {name} if keyword == "ENV" else set()
                    env[name] = (
                        outside.get(name, value) if keyword == "ARG" and not value.text else value
                    )
            yield instruction

    def parent_env(self, base: str) -> Mapping[str, Value]:
        """The variables that a stage inherits from the stage it is built on."""
        for number, (named, _) in enumerate(self.stages[:-1]):
            if named and named == base:
                return self.env[number]
        return {}

    def words(self, start: int, end: int, env: Mapping[str, Value] | None) -> Iterator[Value]:
        """The words of a stretch, over line continuations."""
        text, at = self.source.text, start
        while at < end:
            gap = GAP.match(text, at, end)
            if gap is not None:
                at = gap.end()
                continue
            match = WORD.match(text, at, end)
            stop = match.end() if match is not None else at + 1
            word = text[at:stop]
            if word[:1] in "\"'" and word[-1:] == word[:1] and len(word) > 1:
                value = quoted(self.source, at, stop, word[1:-1])
            else:
                value = plain(self.source, at, stop)
            yield value if env is None or word[:1] == "'" else substituted(value, env)
            at = stop

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means; Missing with the nearest one where there are none."""
        match = SELECTOR.match(selector)
        keyword = match["keyword"].upper() if match is not None else ""
        if match is None or keyword not in KEYWORDS:
            hint = nearest(keyword, sorted(KEYWORDS)) if keyword else SYNTAX
            raise Missing(f"{selector!r} is no selector for a Dockerfile", hint)
        found = [i for i in self.instructions if i.keyword == keyword]
        if match["stage"]:
            found = [i for i in found if self.is_stage(i.stage, match["stage"])]
        if not found:
            known = sorted({i.keyword for i in self.instructions})
            raise Missing(f"there is no {keyword}", f"there are: {', '.join(known)}")
        part = match["part"] or ""
        values = [value for i in found for value in valued(i, part)]
        if not values:
            known = sorted({n for i in found for n, _ in assigned(i)})
            raise Missing(f"no {keyword} has {part}", nearest(part, known) if known else SYNTAX)
        number = match["number"]
        if number and number != "*":
            index = int(number)
            if not -len(values) <= index < len(values):
                raise Missing(f"there are only {len(values)} of {keyword}")
            return [values[index]]
        return values

    def is_stage(self, number: int, wanted: str) -> bool:
        """Whether a stage goes by this name or number."""
        return number >= 0 and (self.stages[number][0] == wanted or str(number) == wanted)

    def final(self, target: str = "") -> list[Instruction]:
        """The instructions that make the image: of the last or named stage and those below it."""
        chosen = self.lineage(target)
        return [i for n in chosen for i in self.instructions if i.stage == n]

    def base(self, target: str = "") -> str:
        """The image that the image starts from; empty where the file has no FROM."""
        chosen = self.lineage(target)
        return self.stages[chosen[0]][1] if chosen else ""

    def lineage(self, target: str) -> list[int]:
        """The numbers of the last or named stage and those that it starts from, first to last."""
        if not self.stages:
            return []
        number = next(
            (n for n, (name, _) in enumerate(self.stages) if name and name == target),
            len(self.stages) - 1,
        )
        chosen = [number]
        while True:
            base = self.stages[number][1]
            below = next(
                (n for n in range(number) if self.stages[n][0] and self.stages[n][0] == base), None
            )
            if below is None:
                break
            chosen.insert(0, below)
            number = below
        return chosen


KEYWORDS = frozenset(
    "FROM EXPOSE ENV ARG COPY ADD HEALTHCHECK WORKDIR USER CMD ENTRYPOINT VOLUME LABEL RUN "
    "STOPSIGNAL SHELL".split()
)


EXPANDED = KEYWORDS - {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"}


def assigned(instruction: Instruction) -> Iterator[tuple[str, Value]]:
    """What ENV, ARG and LABEL give, by name."""
    words = instruction.words
    if instruction.keyword not in ("ENV", "ARG", "LABEL") or not words:
        return
    if "=" not in words[0].text and instruction.keyword != "ARG":
        if len(words) > 1:
            source = words[0].source
            value = words[1] if len(words) == 2 else plain(source, words[1].start, instruction.end)
            yield words[0].text, value.named(words[0].text)
        return
    for word in words:
        name, equals, rest = word.text.partition("=")
        value = word.cut(len(name) + len(equals), len(word.text), name)
        if len(rest) > 1 and rest[0] in "\"'" and rest[-1] == rest[0]:
            value = word.cut(len(name) + 2, len(word.text) - 1, name)
        yield name.strip("\"'"), value


def valued(instruction: Instruction, part: str) -> Iterator[Value]:
    """The values of one instruction, or a part of them."""
    keyword = instruction.keyword
    if keyword in ("ENV", "ARG", "LABEL"):
        yield from (value for name, value in assigned(instruction) if not part or name == part)
    elif keyword in ("COPY", "ADD"):
        arguments = instruction.arguments()
        yield from (
            arguments[-1:] if part in ("", "target") else arguments[:-1] if part == "source" else []
        )
    elif keyword == "EXPOSE":
        for word in instruction.words:
            port = word.text.partition("/")[0]
            yield word.cut(0, len(port), "EXPOSE")
    elif keyword in ("VOLUME",):
        yield from instruction.arguments()
    elif keyword == "FROM":
        yield from instruction.arguments()[:1]
    else:
        source = instruction.words[0].source if instruction.words else None
        if source is not None:
            text = re.sub(r"\s*\\\r?\n\s*", " ", source.text[instruction.start : instruction.end])
            yield filled(
                made(source, instruction.start, instruction.end, text, keyword), instruction.env
            )
