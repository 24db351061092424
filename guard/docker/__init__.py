"""The build gate: command lines, build contexts, ignore files, labels, its installation."""
