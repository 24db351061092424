"""The incident itself: the tail of an old function behind stopUtscLiveMonitoring()."""

from __future__ import annotations

import pytest

from guard.check import discover
from guard.repair import edited
from guard.snapshot import Snapshot

OLD = """\
const app = Vue.createApp({
  methods: {
    async stopUtscLiveMonitoring() {
      this.timer = clear(this.timer);
      const r = await fetch('/stop');
      if (!r.ok) {
        return;
      }
      this.$toast?.success('stopped');
      this.on = false;
    },
    other() {
      return 2;
    },
  },
});
"""

NEW = """\
const app = Vue.createApp({
  methods: {
    async stopUtscLiveMonitoring() {
      await this.stop();
    },
      this.$toast?.success('stopped');
      this.on = false;
    },
    other() {
      return 2;
    },
  },
});
"""


def test_incident_is_named_and_mended() -> None:
    check = discover()["javascript"]
    snapshot = Snapshot.of({"app.js": NEW}, base={"app.js": OLD})
    (finding,) = check.run(snapshot, check.options())
    assert finding.rule == "javascript/orphan"
    assert finding.symbol == "stopUtscLiveMonitoring"
    assert (finding.at.line, finding.at.column) == (6, 7)
    assert (finding.at.end_line, finding.at.end_column) == (8, 7)
    assert [(at.line, at.note) for at in finding.related] == [
        (5, "stopUtscLiveMonitoring() really ended here"),
        (7 - 1, "the parser gave up here: Unexpected token ."),
    ]
    mended = edited(NEW, finding.edits)
    assert mended == NEW.replace(
        "      this.$toast?.success('stopped');\n      this.on = false;\n    },\n", "", 1
    )


BODY = """\
      await fetch('/stop');
      this.on = false;
    },
"""


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(
            "      this.$toast?.success('stopped');\n      this.on = false;\n    },\n",
            id="ends as it",
        ),
        pytest.param("      this.on = false;\n    },\n", id="is its end"),
    ],
)
@pytest.mark.parametrize("history", [True, False], ids=["last version", "none"])
def test_a_tail_that_ends_like_its_function_is_the_second_of_the_two(
    left: str, history: bool
) -> None:
    head = "const app = {\n  methods: {\n    async stop() {\n"
    old = head + BODY + "  },\n};\n"
    new = head + BODY + left + "  },\n};\n"
    check = discover()["javascript"]
    snapshot = Snapshot.of({"app.js": new}, base={"app.js": old} if history else None)
    (finding,) = check.run(snapshot, check.options())
    assert (finding.rule, finding.symbol) == ("javascript/orphan", "stop")
    assert finding.at.line == BODY.count("\n") + head.count("\n") + 1
    assert finding.related[0].note == "stop() really ended here"
    assert edited(new, finding.edits) == old


@pytest.mark.parametrize(
    ("head", "old", "body", "left", "line"),
    [
        pytest.param(
            "const app = {\n  go() {\n    run();\n  },\n  stop() {\n",
            "    clear(this.timer);\n  },\n", "    this.cache = 56;\n  },\n", "  },\n", 8,
            id="a member's end",
        ),
        pytest.param(
            "function stop(timer) {\n",
            "  clear(timer);\n}\n", "  cache = 56;\n}\n", "}\n", 4, id="a function's end",
        ),
        pytest.param(
            "function stop(timer) {\n",
            "  clear(timer);\n  done();\n}\n", "  clear(timer);\n  cache = 56;\n}\n", "}\n", 5,
            id="a function's end, and its beginning is as it was",
        ),
        pytest.param(
            "const stop = (timer) => {\n",
            "  if (timer) {\n    clear(timer);\n  }\n};\n", "  cache = 56;\n};\n",
            "  }\n};\n", 4, id="the end of a block too",
        ),
        pytest.param(
            "function stop(timer) {\n",
            "  if (timer) {\n    clear(timer);\n  }\n  done();\n}\n", "  done();\n}\n",
            "}\n", 4, id="nothing was written, only taken out",
        ),
        pytest.param(
            "function app() {\n  function stop(timer) {\n",
            "    clear(timer);\n  }\n\n  go();\n  other();\n", "    cache = 56;\n  }\n",
            "  }\n\n  go();\n  other();\n", 5, id="what stands behind it is nobody's tail",
        ),
    ],
)  # fmt: skip
def test_closers_alone_are_left_behind_and_new_lines_stay(
    head: str, old: str, body: str, left: str, line: int
) -> None:
    rest = "};\n" if head.startswith("const app") else "}\n" if "app()" in head else ""
    rest += "function other() {\n  return 2;\n}\n"
    broken = head + body + left + rest
    check = discover()["javascript"]
    snapshot = Snapshot.of({"app.js": broken}, base={"app.js": head + old + rest})
    (finding,) = check.run(snapshot, check.options())
    assert (finding.rule, finding.symbol, finding.at.line) == ("javascript/orphan", "stop", line)
    lines = broken.splitlines(keepends=True)
    gone = 1 if left.endswith("other();\n") else left.count("\n")
    mended = "".join(lines[: line - 1] + lines[line - 1 + gone :])
    assert edited(broken, finding.edits).replace("\n\n", "\n") == mended.replace("\n\n", "\n")


def test_lines_just_pasted_behind_a_function_are_what_goes() -> None:
    old = "const app = {\n  stop() {\n    clear();\n  },\n  other() {\n    go();\n  },\n};\n"
    new = old.replace("clear();\n  },\n", "clear();\n  },\n    cache = 56;\n  },\n")
    check = discover()["javascript"]
    snapshot = Snapshot.of({"app.js": new}, base={"app.js": old})
    (finding,) = check.run(snapshot, check.options())
    assert (finding.at.line, finding.symbol) == (5, "stop")
    assert edited(new, finding.edits) == old


def test_a_member_that_stands_twice_is_named_whole() -> None:
    member = (
        "    stop() {\n      const late = () => {\n        go();\n      };\n      late();\n    }"
    )
    old = f"const app = {{\n  methods: {{\n{member},\n  }},\n}};\n"
    new = old.replace(f"{member},\n", f"{member}\n{member},\n")
    check = discover()["javascript"]
    snapshot = Snapshot.of({"app.js": new}, base={"app.js": old})
    (finding,) = check.run(snapshot, check.options())
    assert finding.symbol == "stop"
    assert finding.at.line in (3, 9)
