"""What a bad edit left behind in a text that does not parse, and what would mend it."""
