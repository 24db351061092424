"""Asks git and the remotes what they know of the files that enter a build."""
