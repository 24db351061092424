"""Folders and files where what looks like a configuration configures nothing that runs."""

from __future__ import annotations

import re

LEFT_OUT = re.compile(
    r"(?:^|/)(?:tests?|[\w-]*-tests?|__tests__|spec|specs|fixtures?|testdata|examples?|samples?|"
    r"demos?|mocks?|e2e|cypress|\.ci|messages|lang|languages|translations|public|assets|"
    r"node_modules|vendor|third_party|dist|build|site-packages|\.venv|venv|migrations|locales?|"
    r"i18n)/"
    r"|(?:^|/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|spec)\.[^/]+$|\.(?:min|bundle)\.js$"
    r"|\.example$|\.sample$|\.template$|\.dist$|example\.|sample\."
    r"|(?:^|/)(?:package-lock\.json|yarn\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|"
    r"pnpm-lock\.yaml|Cargo\.lock)$",
    re.IGNORECASE,
)
"""Tests, fixtures, examples, translations, what is built, lock files."""
