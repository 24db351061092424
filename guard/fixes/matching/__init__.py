"""Patterns of Python, and every way in which one matches a file's syntax tree."""
