"""What guard tells of a program that could not read its files, out of all that it printed."""

from __future__ import annotations

import pytest

from guard.docker.builders.ask import reason

V1 = """\
The Compose file './compose.yaml' is invalid because:
'name' does not match any of the regexes: '^x-'

You might be seeing this error because you're using the wrong Compose file version.
For more on the Compose file format versions, see https://docs.docker.com/compose/compose-file/
"""
BAKE = """\
#0 building with "default" instance using docker driver

bad.hcl:2
--------------------
   2 | >>>  context = foo(1)
--------------------
ERROR: bad.hcl:2,12-15: Call to unknown function
"""
V2 = (
    'time="2026-11-24T19:13:06Z" level=warning msg="The \\"Z\\" variable is not set."\nno service\n'
)
TABLE = {
    "the cause and not the advice behind it": (V1, "\n".join(V1.splitlines()[:2])),
    "the error and not the text around it": (BAKE, "ERROR: bad.hcl:2,12-15: Call to unknown function"),
    "no warning": (V2, "no service"),
    "no usage": ("unknown flag: --x\n\nUsage:  docker [OPTIONS]\n\nRun 'docker'", "unknown flag: --x"),
    "nothing": (" \n", "no reason given"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "told"), TABLE.values(), ids=TABLE)
def test_the_reason_is_told(said: str, told: str) -> None:
    assert reason(said) == told
