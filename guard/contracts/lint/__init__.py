"""What is wrong with compose files by themselves."""
