"""The incident itself: the tail of an old function behind stopUtscLiveMonitoring()."""

from __future__ import annotations

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
