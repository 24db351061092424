"""Contracts that a repository seems to keep, or to have broken."""
