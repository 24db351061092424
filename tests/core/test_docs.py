"""The page about the checks is what the checks say now."""

from __future__ import annotations

import runpy

from conftest import CHECKOUT


def test_checks_page_is_up_to_date() -> None:
    page = runpy.run_path(str(CHECKOUT / "docs/generate.py"))["page"]
    assert (CHECKOUT / "docs/checks.md").read_text() == page(), "run: make docs"
