"""One file, one check: `guard.check.discover` finds them here."""
