"""Changes that went wrong in several places: each of them is named, and all are mended together."""

from __future__ import annotations

import pytest

from guard.check import discover
from guard.finding import Finding
from guard.repair import edited
from guard.snapshot import Snapshot

APP = """\
createApp({
    data() {
        return {
            live: false,
        };
    },
    methods: {
        start() {
            this.live = true;
            this.timer = setInterval(() => this.load(), 1000);
        },
        stop() {
            clearInterval(this.timer);
            this.live = false;
        },
    },
}).mount('#app');
"""

STOP = "            clearInterval(this.timer);\n            this.live = false;\n        },\n"
CALL = "            clearInterval(this.timer);\n"

# What is done to it, what is said at which line, and the sound edits that stay.
CASES: dict[str, tuple[list[tuple[str, str]], list[tuple[int, str]], list[tuple[str, str]]]] = {
    "two closers of the same look are gone": (
        [("    },\n    methods", "    \n    methods"), ("    },\n})", "    \n})")],
        [(6, "'},' of data() is missing"), (16, "'},'")],
        [],
    ),
    "a closer is gone, and elsewhere a tail stayed": (
        [("        };\n", ""), (STOP, STOP + "            this.live = false;\n        },\n")],
        [(5, "'};' of data() is missing"), (15, "the same lines stand twice in stop()")],
        [],
    ),
    "a wrapper came, both ends of it, and two closers are gone": (
        [
            ("        };\n", ""),
            (CALL, f"            if (this.timer) {{\n{CALL}            }}\n"),
            ("    },\n})", "})"),
        ],
        [(5, "'};' of data() is missing"), (16, "'},' of stop() is missing")],
        [(CALL, f"            if (this.timer) {{\n{CALL}            }}\n")],
    ),
}


def told(broken: str, base: str) -> list[Finding]:
    check = discover()["javascript"]
    return list(check.run(Snapshot.of({"a.js": broken}, base={"a.js": base}), check.options()))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_place_is_named(
    case: tuple[list[tuple[str, str]], list[tuple[int, str]], list[tuple[str, str]]],
) -> None:
    done, said, staying = case
    broken, meant = APP, APP
    for old, new in done:
        assert broken.count(old) == 1
        broken = broken.replace(old, new)
    for old, new in staying:
        meant = meant.replace(old, new)
    findings = told(broken, APP)
    assert [f.at.line for f in findings] == [line for line, _ in said]
    assert all(words in f.message for f, (_, words) in zip(findings, said, strict=True))
    for finding in findings:
        assert edited(broken, finding.edits).split() == meant.split()


def test_two_ends_of_a_wrapper_are_no_two_places() -> None:
    once = APP.replace(CALL, f"            if (this.timer) {{\n{CALL}")
    (finding,) = told(once, APP)
    assert finding.symbol == "stop"
