"""Files that somebody's editor has mangled: an answer or an error, never a crash."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from guard.config import plan
from guard.contracts.discovery.discover import discover
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Broken, Missing
from guard.pipeline import run
from guard.snapshot import Snapshot
from tests.contracts.test_selectors import FILES, KNOWN

PIECES = ["", "", "{", "}", "[", "]", '"', "'", ":", "\n", "\t", "$", "${", "\\", "#", "é"]
PIECES += ["\x00", "\ufeff", "<<: *x", "(", ")", "-", "=", "\r\n", "&a ", "*a"]


def mangled(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(0, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 1, 1, 2, 5, 20]))
        text = text[:start] + chance.choice([*PIECES, text[start - 10 : start]]) + text[end:]
    return text


@pytest.mark.parametrize("seed", range(25))
def test_a_mangled_file_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    snapshot = Snapshot.of({name: mangled(text, chance) for name, text in FILES.items()})
    files = Files(snapshot)
    answered = 0
    for place, *_ in KNOWN:
        with suppress(Broken, Missing):
            assert all(value.at.line > 0 for value in files.values(parsed(place)))
            answered += 1
    assert answered
    assert discover(files) is not None
    assert run(plan(snapshot, ["compose"]), snapshot).findings is not None
