"""The README's first command: every refusal is shown, and every mended command passes."""

from __future__ import annotations

from conftest import CHECKOUT, execute


def test_the_demo_runs_to_its_end() -> None:
    ran = execute("sh", "docs/demo/run", cwd=CHECKOUT)
    assert ran.status == 0, ran.all
    assert "every mended command passed" in ran.out
    for refusal in ("[javascript/orphan]", "[fix/tftp-ipv6]", "guard: blocked:"):
        assert refusal in ran.err
