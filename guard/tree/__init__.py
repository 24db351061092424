"""What the tree check needs to know: its rules in words, its options, the commands that mend."""
