"""Learns the rule for a fix from the code before and after it."""
