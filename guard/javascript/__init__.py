"""What the javascript check thinks with: the verdict, the shape of broken files, the orphan."""

SUFFIXES = (".js", ".mjs", ".cjs")
"""Ends of the names of files that engines can be asked about."""
