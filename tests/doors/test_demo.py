"""The README's first command: every refusal is shown, and every mended command passes."""

from __future__ import annotations

import textwrap

import pytest
from conftest import CHECKOUT, Ran, execute


@pytest.fixture(scope="module")
def ran() -> Ran:
    return execute("sh", "docs/demo/run", cwd=CHECKOUT)


def test_the_demo_runs_to_its_end(ran: Ran) -> None:
    assert ran.status == 0, ran.all
    assert "every mended command passed" in ran.out
    for refusal in ("[javascript/orphan]", "[fix/tftp-ipv6]", "guard: blocked:"):
        assert refusal in ran.err


def test_the_readme_opens_with_what_the_demo_shows(ran: Ran) -> None:
    readme = (CHECKOUT / "README.md").read_text()
    begun = readme.index("    $ git commit -am")
    command, *refusal = textwrap.dedent(readme[begun : readme.index("\n\n", begun)]).splitlines()
    assert command in ran.out
    assert "\n".join(refusal) in ran.err
