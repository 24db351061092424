"""Why a remote did not answer, out of what git wrote."""

from __future__ import annotations

import pytest

from guard.state.network import reason

NOBODY = "fatal: Could not read from remote repository.\n\nPlease make sure\n"
TABLE = {
    "git": (
        "fatal: unable to connect to host:\nhost[0: 10.0.0.1]: errno=Connection refused\n\n",
        "unable to connect to host: Connection refused",
    ),
    "ssh": (f"ssh: connect to host h: timed out\r\n{NOBODY}", "connect to host h: timed out"),
    "https": ("fatal: unable to access 'u': no such host\n", "unable to access 'u': no such host"),
    "a folder": (f"fatal: '/x' is no repository\n{NOBODY}", "'/x' is no repository"),
    "nothing": ("", "git gave no reason"),
}


@pytest.mark.parametrize(("said", "told"), TABLE.values(), ids=TABLE)
def test_the_reason_is_told(said: str, told: str) -> None:
    assert reason(said.encode()) == told
