"""What was typed: a command line of docker and its kin, and what it asks to be built."""
